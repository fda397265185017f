"""What became of redemptions: read from their holds and postings, and written down.

In transactions of their own: no document ever updates the row of a reward that all
tills share.
"""

import logging

from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.ledger.cursor import callers_connection, ledger_cursor

_logger = logging.getLogger(__name__)

BATCH = 500
"""Redemptions that are followed in one transaction."""

_NEWS = """
    SELECT r.id, r.reward_id, r.state, r.quantity, r.returned_quantity, r.points,
           h.state AS hold_state, p.id AS posting_id, p.state AS posting_state,
           p.reversed_amount, p.res_model, p.res_id, p.reference, p.created_at
      FROM member_redemption r
      JOIN member_hold h ON h.key = r.hold_key
      JOIN member_posting p ON p.hold_key = r.hold_key
     WHERE (%s) %s
     ORDER BY r.reward_id, r.id LIMIT %s
       FOR UPDATE OF r SKIP LOCKED"""


_RESERVED = "r.state = 'held'"
_RETURNED = "r.state = 'done' AND p.reversed_amount <> r.returned_points"


def follow(env, *, keys=None, reward_ids=None, reserved_only=False) -> int:
    """Bring redemptions up to what their holds and postings say; return how many.

    Claimed by a document: done. Given back or run out: the reward is free again. Taken
    back by a refund: returned, as far as it goes. Own transaction; safe to repeat.
    """
    news = SQL(_RESERVED if reserved_only else f"{_RESERVED} OR {_RETURNED}")
    which = SQL()
    if keys is not None:
        which = SQL("AND r.key = ANY(%s)", list(keys))
    elif reward_ids is not None:
        which = SQL("AND r.reward_id = ANY(%s)", list(reward_ids))
    count = 0
    while True:
        with ledger_cursor(env) as cr:
            cr.execute(SQL(_NEWS, news, which, BATCH))
            rows = cr.dictfetchall()
            changes = {}
            for row in rows:
                _follow_one(cr, row, changes)
            for reward_id, (held, taken) in sorted(changes.items()):
                cr.execute(
                    "UPDATE member_reward SET held = held + %s, taken = taken + %s "
                    "WHERE id = %s",
                    [held, taken, reward_id],
                )
        count += len(rows)
        if len(rows) < BATCH:
            break
    if count:
        env["member.redemption"].invalidate_model(flush=False)
        env["member.reward"].invalidate_model(["held", "taken"], flush=False)
    return count


def _follow_one(cr, row, changes):
    """Write what became of one redemption; add to `changes` of held and taken."""
    held, taken = changes.get(row["reward_id"], (0, 0))
    if row["posting_state"] == "void":
        state, returned = row["hold_state"], 0
    else:
        back = row["reversed_amount"]
        returned = int(row["quantity"] * back // row["points"])
        state = "returned" if back == row["points"] else "done"
        taken -= returned - row["returned_quantity"]
    if row["state"] == "held":
        held -= row["quantity"]
        taken += row["quantity"] if state in ("done", "returned") else 0
    changes[row["reward_id"]] = held, taken
    if row["posting_state"] == "void":
        cr.execute(
            "UPDATE member_redemption SET state = %s WHERE id = %s", [state, row["id"]]
        )
        return
    cr.execute(
        """UPDATE member_redemption
              SET state = %(state)s, returned_quantity = %(returned)s,
                  returned_points = %(reversed_amount)s, posting_id = %(posting_id)s,
                  done_at = %(created_at)s, res_model = %(res_model)s,
                  res_id = %(res_id)s, reference = %(reference)s
            WHERE id = %(id)s""",
        {**row, "state": state, "returned": returned},
    )


def follow_after_commit(env, keys) -> None:
    """Follow these redemptions once the caller's transaction is committed."""
    if not keys:
        return

    @env.cr.postcommit.add
    def follow_keys():
        try:
            with callers_connection(env):
                follow(env, keys=keys)
        except Exception:
            # the document is committed: its user must not be told that it failed
            _logger.exception("member redemptions: %s are left to the job", keys)


def free_overdue(env, *, reward_ids=None) -> int:
    """Let reservations run out that are due, and follow what was reserved.

    For the job and the next touch.

    :return: how many redemptions have changed.
    """
    with ledger_cursor(env) as cr:
        cr.execute(
            SQL(
                """SELECT h.key FROM member_redemption r
                     JOIN member_hold h ON h.key = r.hold_key
                    WHERE r.state = 'held' AND h.state = 'pending'
                      AND h.expires_at < now() AT TIME ZONE 'utc' %s""",
                SQL("AND r.reward_id = ANY(%s)", list(reward_ids))
                if reward_ids is not None
                else SQL(),
            )
        )
        overdue = [key for (key,) in cr.fetchall()]
    if overdue:
        ledger.lapse(env, overdue)
    return follow(env, reward_ids=reward_ids, reserved_only=True)
