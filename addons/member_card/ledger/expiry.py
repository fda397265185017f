"""Expiry: lots whose time has come leave the balance."""

from decimal import Decimal

from odoo.tools import SQL

from .chain import ORIGIN
from .cursor import ledger_cursor
from .entries import Balance
from .lots import Lots

ZERO = Decimal(0)


def expire_lots(env, partner_ids=None) -> int:
    """Expire the lots that are due, a short transaction per balance; return how many.

    What a pending hold is entitled to stays until that is captured or released.
    """
    with ledger_cursor(env) as cr:
        cr.execute(
            SQL(
                """SELECT id FROM member_balance
                    WHERE next_expiry_at <= now() AT TIME ZONE 'utc' %s ORDER BY id""",
                SQL("AND partner_id = ANY(%s)", list(partner_ids))
                if partner_ids
                else SQL(),
            )
        )
        ids = [balance_id for (balance_id,) in cr.fetchall()]
    count = 0
    for balance_id in ids:
        with ledger_cursor(env) as cr:
            count += _expire_balance(env, cr, balance_id)
    if count:
        for model in ("member.balance", "member.lot", "member.entry"):
            env[model].invalidate_model(flush=False)
    return count


def _expire_balance(env, cr, balance_id) -> int:
    cr.execute(
        """SELECT *, id AS balance_id, amount AS owned, owed AS debt,
                  date_trunc('second', now() AT TIME ZONE 'utc') AS now
             FROM member_balance WHERE id = %s FOR UPDATE""",
        [balance_id],
    )
    row = cr.dictfetchone()
    cr.execute(
        """SELECT id, remaining, expires_at FROM member_lot
            WHERE balance_id = %s AND remaining > 0
            ORDER BY expires_at NULLS LAST, id""",
        [balance_id],
    )
    lots = cr.fetchall()
    cr.execute(
        """SELECT amount, placed_at FROM member_hold
            WHERE balance_id = %s AND state = 'pending' AND direction = 'out'
            ORDER BY placed_at, id""",
        [balance_id],
    )
    uses = due_uses(lots, cr.fetchall(), row["now"])
    # what is due and held must not be looked at in vain
    left = [expiry for _lot, _left, expiry in lots if expiry and expiry > row["now"]]
    if not uses:
        cr.execute(
            "UPDATE member_balance SET next_expiry_at = %s WHERE id = %s",
            [min(left, default=None), balance_id],
        )
        return 0
    taken = -sum((amount for _lot, amount, _expiry in uses), ZERO)
    request_key = f"expire:{balance_id}:{row['seq'] + 1}"
    cr.execute(
        """INSERT INTO member_posting (partner_id, asset_id, balance_id, amount, owed,
                  allow_owed, kind, request_key, reversed_amount, state, created_at)
           VALUES (%s, %s, %s, %s, 0, false, 'expire', %s, 0, 'pending', %s)
        RETURNING id""",
        [
            row["partner_id"],
            row["asset_id"],
            balance_id,
            -taken,
            request_key,
            row["now"],
        ],
    )
    posting = {
        **dict.fromkeys(ORIGIN),
        "id": cr.fetchone()[0],
        "kind": "expire",
        "request_key": request_key,
        "hold_key": None,
        "reverses_posting_id": None,
        "now": row["now"],
    }
    Balance(env, cr, row).write_entry(posting, -taken, ZERO, Lots(uses, left=left))
    return len(uses)


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
