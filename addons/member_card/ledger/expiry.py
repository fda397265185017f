"""Expiry: lots whose time has come leave the balance.

A million may be due on one night. So balances are locked and written by the thousand,
in transactions short enough for a till to wait for; only the hashes, whose key the
database does not know, are computed here.
"""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from .chain import HASHED, chain_key, entry_hash
from .cursor import ledger_cursor

BATCH = 2000
"""Balances of one transaction: some tenths of a second, well under the lock timeout."""
ZERO = Decimal(0)


def expire_lots(env, partner_ids=None) -> int:
    """Expire the lots that are due, of some members or of all; return how many.

    What a pending hold is entitled to stays until that is captured or released.
    """
    return sum(lots_expired(env, partner_ids))


def lots_expired(env, partner_ids=None):
    """Expire due lots batch by batch; yield how many lots each transaction took.

    Each batch is committed: who stops, or is stopped, in between has lost nothing. Of
    all members those are passed over whose balance is in use, the next run has them;
    of named members none is.
    """
    last_id, is_full = 0, True
    while is_full:
        # a batch that a crash loses is due again
        with ledger_cursor(env, repeatable=True) as cr:
            balances = _lock_due(cr, last_id, partner_ids)
            count = _expire(env, cr, balances)
        is_full = len(balances) == BATCH
        if count:
            for model in ("member.balance", "member.lot", "member.entry"):
                env[model].invalidate_model(flush=False)
        if balances:
            last_id = balances[-1]["id"]
            yield count


def _lock_due(cr, last_id, partner_ids):
    """Lock the next balances that have something due, in the order of their ids."""
    cr.execute(
        SQL(
            """SELECT id, partner_id, asset_id, amount, seq, last_hash,
                      date_trunc('second', now() AT TIME ZONE 'utc') AS now
                 FROM member_balance
                WHERE next_expiry_at <= now() AT TIME ZONE 'utc' AND id > %s %s
                ORDER BY id LIMIT %s FOR UPDATE %s""",
            last_id,
            SQL("AND partner_id = ANY(%s)", list(partner_ids))
            if partner_ids
            else SQL(),
            BATCH,
            SQL() if partner_ids else SQL("SKIP LOCKED"),
        )
    )
    return cr.dictfetchall()


def _expire(env, cr, balances) -> int:
    """Write what is due of these locked balances; return how many lots that were."""
    if not balances:
        return 0
    ids = [balance["id"] for balance in balances]
    lots = _by_balance(
        cr,
        """SELECT balance_id, id, remaining, expires_at FROM member_lot
            WHERE balance_id = ANY(%s) AND remaining > 0
            ORDER BY balance_id, expires_at NULLS LAST, id""",
        ids,
    )
    holds = _by_balance(
        cr,
        """SELECT balance_id, amount, placed_at FROM member_hold
            WHERE balance_id = ANY(%s) AND state = 'pending' AND direction = 'out'
            ORDER BY balance_id, placed_at, id""",
        ids,
    )
    waiting, due = [], []
    for balance in balances:
        own, now = lots[balance["id"]], balance["now"]
        # what is due and held must not be looked at in vain
        left = [expiry for _lot, _left, expiry in own if expiry and expiry > now]
        balance["next_expiry_at"] = min(left, default=None)
        balance["uses"] = due_uses(own, holds[balance["id"]], now)
        (due if balance["uses"] else waiting).append(balance)
    if waiting:
        cr.execute(
            """UPDATE member_balance b SET next_expiry_at = w.next_expiry_at
                 FROM unnest(%s, %s::timestamp[]) AS w (id, next_expiry_at)
                WHERE b.id = w.id""",
            [
                [balance["id"] for balance in waiting],
                [balance["next_expiry_at"] for balance in waiting],
            ],
        )
    if due:
        _write(env, cr, due)
    return sum(len(balance["uses"]) for balance in due)


def _by_balance(cr, query, ids):
    found = defaultdict(list)
    cr.execute(query, [ids])
    for balance_id, *row in cr.fetchall():
        found[balance_id].append(tuple(row))
    return found


def _write(env, cr, balances):
    """Write an entry for each of these balances, with all that belongs to it."""
    key = chain_key(env, cr)
    cr.execute(
        """SELECT nextval('member_entry_id_seq'), nextval('member_posting_id_seq')
             FROM generate_series(1, %s)""",
        [len(balances)],
    )
    date = balances[0]["now"]  # of the transaction: the same for all
    columns = {name: [] for name in _SENT}
    lots = {name: [] for name in ("lot_id", "lot_entry_id", "lot_amount")}
    for balance, (entry_id, posting_id) in zip(balances, cr.fetchall(), strict=True):
        taken = -sum((amount for _lot, amount, _expiry in balance["uses"]), ZERO)
        seq = balance["seq"] + 1
        entry = {
            **_NOTHING,
            "balance_id": balance["id"],
            "seq": seq,
            "date": date,
            "kind": "expire",
            "amount": -taken,
            "balance_after": balance["amount"] - taken,
            "owed_change": ZERO,
            "request_key": f"expire:{balance['id']}:{seq}",
            "posting_id": posting_id,
            "entry_id": entry_id,
            "partner_id": balance["partner_id"],
            "asset_id": balance["asset_id"],
            "next_expiry_at": balance["next_expiry_at"],
        }
        entry["hash"] = entry_hash(key, balance["last_hash"], entry)
        for name, column in columns.items():
            column.append(entry[name])
        for lot_id, amount, _expiry in balance["uses"]:
            lots["lot_id"].append(lot_id)
            lots["lot_entry_id"].append(entry_id)
            lots["lot_amount"].append(amount)
    arrays = {name: _array(column) for name, column in (columns | lots).items()}
    cr.execute(_WRITE_ENTRIES, {**arrays, "date": date})


def _array(values) -> str:
    """Return an array as one literal: thousands of them take the server far longer.

    Of numbers, moments, digests and keys of numbers, which need no quoting.
    """
    return f"{{{','.join('NULL' if each is None else str(each) for each in values)}}}"


_NOTHING = dict.fromkeys(HASHED)
_SENT = {
    "entry_id": "int",
    "posting_id": "int",
    "balance_id": "int",
    "partner_id": "int",
    "asset_id": "int",
    "seq": "int",
    "amount": "numeric",
    "balance_after": "numeric",
    "request_key": "text",
    "hash": "text",
    "next_expiry_at": "timestamp",
}
"""What differs from entry to entry, and its type; their moment and kind are one."""
_WRITE_ENTRIES = f"""
    WITH x AS (
        SELECT * FROM unnest(
            {", ".join(f"%({name})s::{kind}[]" for name, kind in _SENT.items())}
        ) AS x ({", ".join(_SENT)})
    ), p AS (
        INSERT INTO member_posting (id, partner_id, asset_id, balance_id, amount, owed,
                                    allow_owed, kind, request_key, reversed_amount,
                                    state, created_at)
        SELECT posting_id, partner_id, asset_id, balance_id, amount, 0, false, 'expire',
               request_key, 0, 'applied', %(date)s FROM x
    ), e AS (
        INSERT INTO member_entry (id, balance_id, seq, date, kind, amount,
                                  balance_after, owed_change, request_key, posting_id,
                                  hash)
        SELECT entry_id, balance_id, seq, %(date)s, 'expire', amount, balance_after, 0,
               request_key, posting_id, hash FROM x
    ), used AS (
        SELECT * FROM unnest(
            %(lot_id)s::int[], %(lot_entry_id)s::int[], %(lot_amount)s::numeric[]
        ) AS used (lot_id, entry_id, amount)
    ), l AS (
        UPDATE member_lot l SET remaining = l.remaining + used.amount
          FROM used WHERE l.id = used.lot_id
    ), u AS (
        INSERT INTO member_lot_use (lot_id, entry_id, amount)
        SELECT lot_id, entry_id, amount FROM used
    )
    UPDATE member_balance b
       SET amount = x.balance_after, seq = x.seq, last_hash = x.hash,
           next_expiry_at = x.next_expiry_at
      FROM x WHERE b.id = x.balance_id"""


def due_uses(lots, holds, now):
    """Return `[(lot_id, -amount, expires_at)]`: due lots less what holds may take.

    `lots` is `[(id, remaining, expires_at)]` soonest first, `holds` is
    `[(amount, placed_at)]` oldest first. A hold is entitled to the lots that lived when
    it was placed, soonest first.
    """
    free = {lot_id: remaining for lot_id, remaining, _expiry in lots}
    for amount, placed_at in holds:
        left = amount
        for lot_id, _remaining, expires_at in lots:
            if expires_at is None or expires_at > placed_at:
                part = min(free[lot_id], left)
                free[lot_id] -= part
                left -= part
    return [
        (lot_id, -free[lot_id], expires_at)
        for lot_id, _remaining, expires_at in lots
        if expires_at and expires_at <= now and free[lot_id]
    ]
