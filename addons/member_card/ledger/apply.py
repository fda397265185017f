"""Applying intents: what was posted becomes entries.

Applying is idempotent and never refused: what a posting takes was held before, or it is
a claw-back that takes what is free and notes the rest as owed. A posting that
contradicts its hold is marked `failed` for a human and blocks nothing else.
"""

import logging

import psycopg2

from odoo.tools import SQL

from .chain import ORIGIN
from .cursor import ledger_cursor
from .entries import Balance
from .lots import Contradiction, lots_in, lots_out

_logger = logging.getLogger(__name__)

BATCH = 100
"""Postings that recovery applies in one transaction."""

_LOCK = f"""
    SELECT p.id, p.partner_id, p.asset_id, p.kind, p.amount, p.owed, p.allow_owed,
           p.request_key, p.hold_key, p.expires_at, p.reverses_posting_id,
           p.mirror_posting_id, {", ".join(f"p.{name}" for name in ORIGIN)},
           b.id AS balance_id, b.amount AS owned, b.held, b.incoming, b.owed AS debt,
           b.seq, b.last_hash, b.next_expiry_at,
           h.state AS hold_state, h.direction, h.amount AS hold_amount, h.placed_at,
           h.balance_id AS hold_balance_id,
           date_trunc('second', now() AT TIME ZONE 'utc') AS now
      FROM member_posting p
      JOIN member_balance b ON b.id = coalesce(p.balance_id,
           (SELECT x.id FROM member_balance x
             WHERE x.partner_id = p.partner_id AND x.asset_id = p.asset_id
               AND x.merged_into_id IS NULL))
 LEFT JOIN member_hold h ON h.key = p.hold_key
     WHERE p.id = %s AND p.state = 'pending'
       FOR UPDATE OF p SKIP LOCKED FOR UPDATE OF b"""


_REFUSED = (Contradiction, psycopg2.IntegrityError)


def apply(env, posting_ids=None, *, partner_ids=None, limit=BATCH) -> int:
    """Apply pending postings in one own transaction; return how many.

    Those named, those of some members, or any. Ids of postings that were rolled back
    do not exist and are passed over; so are those that another process is applying.
    When one cannot be applied, each gets a transaction of its own, and that one is
    marked as failed.
    """
    ids = posting_ids
    try:
        # what a crash loses is still pending
        with ledger_cursor(env, repeatable=True) as cr:
            if ids is None or len(ids) > 1:
                ids = _pending_ids(cr, posting_ids, partner_ids, limit)
            done = sum(_apply_one(env, cr, posting_id) for posting_id in ids)
    except _REFUSED:
        done = sum(_apply_alone(env, posting_id) for posting_id in ids)
    if done:
        for model in (
            "member.balance",
            "member.posting",
            "member.hold",
            "member.lot",
            "member.entry",
        ):
            env[model].invalidate_model(flush=False)
    return done


def recover_postings(env) -> int:
    """Apply whatever is pending, batch by batch; return how many."""
    total = 0
    while done := apply(env):
        total += done
    return total


def _pending_ids(cr, posting_ids, partner_ids, limit) -> list[int]:
    """Return ids in the order of their balances, so that two runs never deadlock."""
    cr.execute(
        SQL(
            """SELECT p.id FROM member_posting p
            LEFT JOIN member_balance b
                   ON b.partner_id = p.partner_id AND b.asset_id = p.asset_id
                  AND b.merged_into_id IS NULL
                WHERE p.state = 'pending' %s %s
                ORDER BY coalesce(p.balance_id, b.id), p.id LIMIT %s""",
            SQL("AND p.id = ANY(%s)", list(posting_ids))
            if posting_ids is not None
            else SQL(),
            SQL("AND p.partner_id = ANY(%s)", list(partner_ids))
            if partner_ids is not None
            else SQL(),
            limit if posting_ids is None else None,
        )
    )
    return [posting_id for (posting_id,) in cr.fetchall()]


def _apply_alone(env, posting_id) -> bool:
    """Apply one posting; mark it when it cannot be, so that it blocks nothing else."""
    try:
        with ledger_cursor(env, repeatable=True) as cr:
            return _apply_one(env, cr, posting_id)
    except _REFUSED as error:
        _logger.exception("member ledger: posting %s failed", posting_id)
        with ledger_cursor(env) as cr:
            cr.execute(
                "UPDATE member_posting SET state = 'failed', error = %s "
                "WHERE id = %s AND state = 'pending'",
                [str(error).strip(), posting_id],
            )
        return True


def _apply_one(env, cr, posting_id) -> bool:
    posting = _lock(cr, posting_id)
    if not posting:
        return False
    if original_id := posting["reverses_posting_id"] or posting["mirror_posting_id"]:
        if not _is_applied(env, cr, original_id):
            return False  # another process has it; recovery comes back
        posting = _lock(cr, posting_id)
    balance = Balance(env, cr, posting)
    _check_hold(posting)
    if posting["direction"] == "out":
        balance.held -= posting["hold_amount"]
    elif posting["direction"] == "in":
        balance.incoming -= posting["hold_amount"]
    amount = posting["amount"]
    if amount > 0:
        balance.write_entry(posting, amount, posting["owed"], lots_in(cr, posting))
        balance.settle(posting)
    elif posting["allow_owed"]:
        taken = min(balance.amount - balance.held, -amount)
        balance.write_entry(
            posting, -taken, -amount - taken, lots_out(cr, posting, taken)
        )
    else:
        balance.write_entry(
            posting, amount, posting["owed"], lots_out(cr, posting, -amount)
        )
    return True


def _lock(cr, posting_id):
    """Lock posting and balance and return both as they stand, or None."""
    cr.execute(_LOCK, [posting_id])
    if row := cr.dictfetchone():
        return row
    cr.execute(
        """INSERT INTO member_balance (partner_id, asset_id, company_id, amount, held,
                  incoming, owed, seq, last_hash, is_frozen)
           SELECT p.partner_id, p.asset_id, a.company_id, 0, 0, 0, 0, 0, '', false
             FROM member_posting p JOIN member_asset a ON a.id = p.asset_id
            WHERE p.id = %s AND p.state = 'pending' AND p.balance_id IS NULL
           ON CONFLICT (partner_id, asset_id) WHERE merged_into_id IS NULL
           DO NOTHING""",
        [posting_id],
    )
    if not cr.rowcount:
        return None
    cr.execute(_LOCK, [posting_id])
    return cr.dictfetchone()


def _is_applied(env, cr, posting_id) -> bool:
    """Apply the posting that another one builds on, unless it is applied already."""
    cr.execute("SELECT state FROM member_posting WHERE id = %s", [posting_id])
    (state,) = cr.fetchone()
    if state == "pending":
        return _apply_one(env, cr, posting_id)
    if state != "applied":
        raise Contradiction(f"posting {posting_id}, which it builds on, is {state}")
    return True


def _check_hold(posting) -> None:
    if not posting["hold_key"]:
        return
    if posting["hold_state"] != "pending":
        raise Contradiction(f"its hold is {posting['hold_state'] or 'missing'}")
    if posting["hold_balance_id"] != posting["balance_id"]:
        raise Contradiction("its hold is on another balance")
    if abs(posting["amount"]) > posting["hold_amount"]:
        raise Contradiction("it takes more than was held")
    if (posting["amount"] > 0) != (posting["direction"] == "in"):
        raise Contradiction("its hold goes the other way")
