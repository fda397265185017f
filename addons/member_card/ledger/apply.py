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
from .entries import Entries
from .lots import Contradiction, lots_in

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
     WHERE p.id = ANY(%s) AND p.state = 'pending'
  ORDER BY b.id, p.id
       FOR UPDATE OF p SKIP LOCKED FOR UPDATE OF b"""
"""In the order of the balances, so that two runs never wait for each other."""

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
            if ids is None:
                ids = _pending_ids(cr, partner_ids, limit)
            done = _Run(env, cr).apply(ids)
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


def _pending_ids(cr, partner_ids, limit) -> list[int]:
    cr.execute(
        SQL(
            """SELECT id FROM member_posting
                WHERE state = 'pending' %s ORDER BY id LIMIT %s""",
            SQL("AND partner_id = ANY(%s)", list(partner_ids))
            if partner_ids is not None
            else SQL(),
            limit,
        )
    )
    return [posting_id for (posting_id,) in cr.fetchall()]


def _apply_alone(env, posting_id) -> bool:
    """Apply one posting; mark it when it cannot be, so that it blocks nothing else."""
    try:
        with ledger_cursor(env, repeatable=True) as cr:
            return bool(_Run(env, cr).apply([posting_id]))
    except _REFUSED as error:
        _logger.exception("member ledger: posting %s failed", posting_id)
        with ledger_cursor(env) as cr:
            cr.execute(
                "UPDATE member_posting SET state = 'failed', error = %s "
                "WHERE id = %s AND state = 'pending'",
                [str(error).strip(), posting_id],
            )
        return True


class _Run:
    """The postings of one transaction: all locked, then decided, then written."""

    def __init__(self, env, cr):
        self.cr = cr
        self.entries = Entries(env, cr)
        self.locked = {}
        self.count = 0

    def apply(self, ids) -> int:
        """Apply these postings; return how many that were, with those they build on."""
        self.locked = self._lock(ids)
        while self.locked:
            self._apply_one(self.locked.pop(next(iter(self.locked))))
        self.entries.flush()
        return self.count

    def _apply_one(self, posting) -> bool:
        original_id = posting["reverses_posting_id"] or posting["mirror_posting_id"]
        if original_id and not self._is_applied(original_id):
            return False  # another process has it; recovery comes back
        balance = self.entries.balance(posting)
        _check_hold(posting)
        if posting["direction"] == "out":
            balance.held -= posting["hold_amount"]
        elif posting["direction"] == "in":
            balance.incoming -= posting["hold_amount"]
        amount, owed_change = posting["amount"], posting["owed"]
        if amount > 0:
            lots = lots_in(self.cr, posting)
        else:
            if posting["allow_owed"]:
                taken = min(balance.amount - balance.held, -amount)
                amount, owed_change = -taken, -amount - taken
            lots = self.entries.lots_out(balance, posting, -amount)
        self.entries.append(balance, posting, amount, owed_change, lots)
        if amount > 0:
            self.entries.settle(balance, posting)
        self.count += 1
        return True

    def _is_applied(self, posting_id) -> bool:
        """Apply and write the posting that another one builds on, unless it is."""
        if posting := self.locked.pop(posting_id, None):
            self._apply_one(posting)
        self.entries.flush()
        self.cr.execute("SELECT state FROM member_posting WHERE id = %s", [posting_id])
        (state,) = self.cr.fetchone()
        if state == "pending":
            posting = self._lock([posting_id]).get(posting_id)
            if not posting or not self._apply_one(posting):
                return False
            self.entries.flush()
        elif state != "applied":
            raise Contradiction(f"posting {posting_id}, which it builds on, is {state}")
        return True

    def _lock(self, ids) -> dict[int, dict]:
        """Lock postings and balances; return them as they stand, by the posting's id.

        Balances that there are not yet are opened.
        """
        found = self._lock_known(ids)
        if missing := [each for each in ids if each not in found]:
            self.cr.execute(
                """INSERT INTO member_balance (partner_id, asset_id, company_id, amount,
                          held, incoming, owed, seq, last_hash, is_frozen)
                   SELECT p.partner_id, p.asset_id, a.company_id, 0, 0, 0, 0, 0, '',
                          false
                     FROM member_posting p JOIN member_asset a ON a.id = p.asset_id
                    WHERE p.id = ANY(%s) AND p.state = 'pending'
                      AND p.balance_id IS NULL
                    ORDER BY p.partner_id, p.asset_id
                   ON CONFLICT (partner_id, asset_id) WHERE merged_into_id IS NULL
                   DO NOTHING""",
                [missing],
            )
            if self.cr.rowcount:
                found |= self._lock_known(missing)
        return found

    def _lock_known(self, ids):
        self.cr.execute(_LOCK, [list(ids)])
        return {row["id"]: row for row in self.cr.dictfetchall()}


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
