"""The keyed hash chain of each balance, and the check that finds what was changed.

An entry's hash is HMAC-SHA256 over its content and the hash before it, with a key that
is not in the database (`secret.py`). So a row that was changed, added or removed behind
Odoo's back breaks the chain, and nobody without the key can mend it. A chain that was
cut at its end is found by comparing with the heads that were exported before.
"""

import hmac
import json
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from psycopg2.extensions import DECIMAL, register_type

from odoo.tools import config

from .. import secret
from .cursor import ExactCursor

ORIGIN = (
    "store_id",
    "operator_id",
    "salesperson_id",
    "card_id",
    "pos_config_id",
    "res_model",
    "res_id",
    "reference",
    "note",
)
"""Who, where, with what and for which document: `member.origin.mixin`."""
HASHED = (
    "balance_id",
    "seq",
    "date",
    "kind",
    "amount",
    "balance_after",
    "owed_change",
    "request_key",
    "posting_id",
    "reverses_id",
    *ORIGIN,
)
"""The columns of an entry that its hash covers, in this order: all but the hash."""
KEPT_EXPORTS = 30
"""Files of exported heads that are kept per database (one a night)."""
_KEY = "_member_ledger_key"
_as_json = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that does not add up: which balance and entry, a code, a sentence."""

    balance_id: int
    seq: int
    code: str
    message: str


def chain_key(env, cr) -> bytes:
    """Return the key of the chain, once it is known to be this database's key."""
    key = getattr(env.registry, _KEY, None)
    if key is None:
        secret.check_fingerprint(env, cr)
        key = secret.key_for(env, "ledger")
        setattr(env.registry, _KEY, key)
    return key


def entry_hash(key: bytes, previous: str, values: dict) -> str:
    """Return the hash of one entry; `values` holds the columns of `HASHED`."""
    content = [previous, *[_canonical(values[name]) for name in HASHED]]
    return hmac.digest(key, _as_json(content).encode(), "sha256").hex()


def _canonical(value):
    if value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value.isoformat(timespec="seconds")


def verify(env, balance_ids=None) -> list[Problem]:
    """Check the guarantees of these balances (all of them by default) in one snapshot.

    Chain and running balance of every entry; amount, owed, held and incoming of the
    balance against its entries, lots and holds; the exported heads. Reads only.
    """
    env.flush_all()
    problems = []
    cr = ExactCursor(env.cr.connection)
    where, params = "", []
    if balance_ids is not None:
        where, params = "WHERE balance_id = ANY(%s)", [list(balance_ids)]
    key = chain_key(env, cr)
    last = _check_entries(env, key, where, params, problems)
    _check_balances(cr, last, balance_ids, problems)
    _check_heads(env, balance_ids, problems)
    return problems


def _check_entries(env, key, where, params, problems) -> dict:
    """Walk every chain; return its end: {balance_id: (seq, hash, amount, owed)}."""
    ends = {}
    columns = ", ".join(HASHED)
    with env.cr.connection.cursor("member_ledger_verify") as rows:
        register_type(DECIMAL, rows)
        rows.itersize = 5000
        rows.execute(
            f"""SELECT hash, {columns} FROM member_entry {where}
                 ORDER BY balance_id, seq""",
            params,
        )
        for digest, *row in rows:
            values = dict(zip(HASHED, row, strict=True))
            balance_id, seq = values["balance_id"], values["seq"]
            last_seq, last_hash, amount, owed = ends.get(
                balance_id, (0, "", Decimal(0), Decimal(0))
            )
            amount += values["amount"]
            owed += values["owed_change"]

            def report(code, message, balance_id=balance_id, seq=seq):
                problems.append(
                    Problem(balance_id=balance_id, seq=seq, code=code, message=message)
                )

            if seq != last_seq + 1:
                report("gap", f"entry {seq} follows entry {last_seq}")
            if not hmac.compare_digest(digest, entry_hash(key, last_hash, values)):
                report("hash", f"entry {seq} is not what was written")
            if values["balance_after"] != amount:
                report("running", f"entry {seq} does not add up")
            ends[balance_id] = (seq, digest, amount, owed)
    return ends


_FIGURES = """
    SELECT b.id, b.seq, b.last_hash, b.amount, b.owed, b.held, b.incoming,
           coalesce(l.remaining, 0), coalesce(h.held, 0), coalesce(h.incoming, 0)
      FROM member_balance b
 LEFT JOIN (SELECT balance_id, sum(remaining) AS remaining
              FROM member_lot GROUP BY 1) l ON l.balance_id = b.id
 LEFT JOIN (SELECT balance_id,
                   sum(amount) FILTER (WHERE direction = 'out') AS held,
                   sum(amount) FILTER (WHERE direction = 'in') AS incoming
              FROM member_hold WHERE state = 'pending' GROUP BY 1) h
        ON h.balance_id = b.id
"""


def _check_balances(cr, ends, balance_ids, problems) -> None:
    if balance_ids is None:
        cr.execute(_FIGURES)
    else:
        cr.execute(f"{_FIGURES} WHERE b.id = ANY(%s)", [list(balance_ids)])
    for (
        balance_id, seq, last_hash, amount, owed, held, incoming, lots, holds, rooms
    ) in cr.fetchall():  # fmt: skip
        end = ends.get(balance_id, (0, "", Decimal(0), Decimal(0)))
        checks = (
            ("head", (seq, last_hash), end[:2], "the last entry is not the last one"),
            ("amount", amount, end[2], "the amount is not the sum of the entries"),
            ("owed", owed, end[3], "the owed amount is not the sum of the entries"),
            ("lots", amount, lots, "the amount is not what is left in the lots"),
            ("held", held, holds, "the held amount is not the sum of the holds"),
            ("incoming", incoming, rooms, "the reserved room is not that of the holds"),
        )
        problems.extend(
            Problem(
                balance_id=balance_id,
                seq=seq,
                code=code,
                message=f"{message}: {have} / {expected}",
            )
            for code, have, expected, message in checks
            if have != expected
        )


# === EXPORTED HEADS === #


def _export_folder(env) -> Path:
    return Path(config["data_dir"]) / "member_ledger" / env.cr.dbname


def export_heads(env) -> Path:
    """Write every balance's last entry to a file outside the database; return it.

    A JSON line per balance with entries: id, number, hash. Mode 0600; the oldest
    files are dropped.
    """
    folder = _export_folder(env)
    folder.mkdir(parents=True, exist_ok=True)
    cr = env.cr
    cr.execute("SELECT to_char(now() AT TIME ZONE 'utc', 'YYYYMMDD\"T\"HH24MISSUS')")
    path = folder / f"heads-{cr.fetchone()[0]}.jsonl"
    partial = path.with_suffix(".partial")
    with open(os.open(partial, os.O_CREAT | os.O_WRONLY, 0o600), "w") as stream:
        cr.execute("SELECT id, seq, last_hash FROM member_balance WHERE seq > 0")
        while rows := cr.fetchmany(5000):
            stream.writelines(json.dumps(row) + "\n" for row in rows)
    partial.rename(path)
    for old in sorted(folder.glob("heads-*.jsonl"))[:-KEPT_EXPORTS]:
        old.unlink()
    return path


def _check_heads(env, balance_ids, problems) -> None:
    """Compare with the newest export: an entry that it names must still be there."""
    files = sorted(_export_folder(env).glob("heads-*.jsonl"))
    if not files:
        return
    wanted = None if balance_ids is None else set(balance_ids)
    with files[-1].open() as stream:
        heads = {
            balance_id: (seq, digest)
            for balance_id, seq, digest in map(json.loads, stream)
            if wanted is None or balance_id in wanted
        }
    env.cr.execute(
        """SELECT h.balance_id, h.seq
             FROM unnest(%s, %s, %s) AS h (balance_id, seq, hash)
        LEFT JOIN member_entry e
               ON e.balance_id = h.balance_id AND e.seq = h.seq AND e.hash = h.hash
            WHERE e.id IS NULL""",
        [
            list(heads),
            [seq for seq, _digest in heads.values()],
            [digest for _seq, digest in heads.values()],
        ],
    )
    problems.extend(
        Problem(
            balance_id=balance_id,
            seq=seq,
            code="exported",
            message=f"entry {seq}, exported on an earlier day, is gone or changed",
        )
        for balance_id, seq in env.cr.fetchall()
    )
