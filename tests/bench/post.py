"""P2: one post of the ledger, committed, against the same rows in bare SQL.

`measure` runs inside Odoo. A post is a business transaction that inserts one credit and
commits, and the own transaction that applies it. Bare is what any wallet must do at the
least: UPDATE a balance, INSERT an entry, commit.
"""

import time
from uuid import uuid4

import psycopg2

from odoo.api import Environment

from odoo.addons.member_card import ledger

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
    partner, asset = ids["members"][1]["id"], ids["assets"]["principal"]
    conn = psycopg2.connect(dbname=env.cr.dbname)
    with conn, conn.cursor() as cr:
        cr.execute(SETUP)
    intents, applies, committed = [], [], []

    def post():
        start = time.perf_counter()
        with registry.cursor() as cr:
            # hooks run in the order they are added: this one marks the commit's end
            cr.postcommit.add(lambda: committed.append(time.perf_counter()))
            intent = ledger.Intent(
                partner_id=partner,
                asset_id=asset,
                amount="0.01",
                kind="topup",
                request_key=str(uuid4()),
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

    samples = alternate({"post": post, "bare": bare}, rounds=rounds, warmup=20)
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
