"""P2: one post of the ledger, committed, against the same rows in bare SQL.

`measure` runs inside Odoo. A post is a business transaction that inserts one credit and
commits, and the own transaction that applies it. Bare is what any wallet must do at the
least: UPDATE a balance, INSERT an entry, commit. The floor is what a post sends to the
database, sent again without Odoo: an intent and its application are two commits.
"""

import time
from uuid import uuid4

import psycopg2

from odoo.api import Environment
from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.ledger.cursor import ExactCursor

from tests.bench.measure import alternate

SETUP = """
    CREATE TABLE bench_balance (id integer PRIMARY KEY, amount numeric NOT NULL);
    CREATE TABLE bench_entry (
        id serial PRIMARY KEY,
        balance_id integer NOT NULL REFERENCES bench_balance (id),
        amount numeric NOT NULL,
        kind varchar NOT NULL,
        request_key varchar NOT NULL,
        date timestamp NOT NULL DEFAULT now(),
        UNIQUE (balance_id, kind, request_key)
    );
    INSERT INTO bench_balance VALUES (1, 0);
"""


def measure(env, ids, rounds):
    """Return the milliseconds of each round by name; `intent` and `apply` are parts."""
    registry = env.registry
    partner, other = (member["id"] for member in ids["members"][1:3])
    asset = ids["assets"]["principal"]
    conn = psycopg2.connect(dbname=env.cr.dbname)
    with conn, conn.cursor() as cr:
        cr.execute(SETUP)
    intents, applies, committed = [], [], []

    def post(partner=partner, key=None):
        start = time.perf_counter()
        with registry.cursor() as cr:
            # hooks run in the order they are added: this one marks the commit's end
            cr.postcommit.add(lambda: committed.append(time.perf_counter()))
            intent = ledger.Intent(
                partner_id=partner,
                asset_id=asset,
                amount="0.01",
                kind="topup",
                request_key=key or str(uuid4()),
            )
            ledger.post(Environment(cr, env.uid, {}), [intent])
        intents.append((committed[-1] - start) * 1000)
        applies.append((time.perf_counter() - committed[-1]) * 1000)

    def bare():
        with conn, conn.cursor() as cr:
            cr.execute("UPDATE bench_balance SET amount = amount + 0.01 WHERE id = 1")
            cr.execute(
                "INSERT INTO bench_entry (balance_id, amount, kind, request_key)"
                " VALUES (1, 0.01, 'topup', %s)",
                [str(uuid4())],
            )

    floor = Floor(conn, lambda key: post(other, key))
    samples = alternate(
        {"post": post, "bare": bare, "floor": floor.post}, rounds=rounds, warmup=20
    )
    conn.close()
    env.cr.execute(
        "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
    )
    return {
        **samples,
        "intent": intents[-rounds:],
        "apply": applies[-rounds:],
        "settings": env.cr.fetchone(),
    }


class Floor:
    """The statements of one post and its two commits, sent without Odoo."""

    def __init__(self, conn, post):
        self.conn, self.key = conn, str(uuid4())
        post(str(uuid4()))  # the first of a process checks the secret as well
        sent, execute = [], ExactCursor.execute

        def recorded(cursor, query, params=None):
            if isinstance(query, SQL):
                query, params = query.code, query.params
            sent.append((cursor._preamble + query, params))
            execute(cursor, query, params)

        ExactCursor.execute = recorded
        try:
            post(self.key)
        finally:
            ExactCursor.execute = execute
        self.intent, self.lock, self.entry = sent
        (self.seq,) = self.entry[1]["e_seq"]

    def post(self):
        key = str(uuid4())
        with self.conn, self.conn.cursor() as cr:
            query, params = self.intent
            cr.execute(query, [key if value == self.key else value for value in params])
            (posting,) = cr.fetchone()
        with self.conn, self.conn.cursor() as cr:
            cr.execute(self.lock[0], [[posting]])
            cr.fetchall()
            self.seq += 1
            query, params = self.entry
            new = {"e_posting_id": [posting], "e_request_key": [key]}
            numbers = {name: [self.seq] for name in ("e_seq", "laid_seq", "b_seq")}
            cr.execute(query, {**params, **new, **numbers})
