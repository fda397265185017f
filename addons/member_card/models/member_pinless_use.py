from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..ledger.cursor import ledger_cursor
from ..till import TillRefusal

LOCK = "SELECT pg_advisory_xact_lock(28777, %s)"  # 28777 is "pi"
"""One till at a time counts for a member; the others wait for its commit."""
KEEP_DAYS = 30


class MemberPinlessUse(models.Model):
    """What a member's card paid without a PIN, so that a stolen one is not drained.

    Counted in the transaction that holds the money, under a lock per member, so that of
    any number of tills that ask at once none gets more than the day's limit allows.
    What was given back does not count. What ran out does: an order that comes late is
    still paid with it.
    """

    _name = "member.pinless.use"
    _description = "Payment without a PIN"
    _log_access = False
    _rec_name = "request_key"

    request_key = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)

    _request_unique = models.Constraint(
        "UNIQUE (request_key)", "This payment was counted before."
    )
    _partner_day = models.Index("(partner_id, day)")

    @api.model
    def _room(self, partner, company):
        """What the member's card may pay now without a PIN, in the company's money."""
        root = company._member_root()
        if not root.member_pinless_amount or partner.member_pin_locked_until:
            return Decimal(0)
        limit = self._limit(root, root.member_pinless_daily)
        with ledger_cursor(self.env) as cr:
            used = self._used(cr, partner, company._member_today())
        return min(self._limit(root, root.member_pinless_amount), max(limit - used, 0))

    @api.model
    def _is_small(self, amount, company):
        """Tell whether one payment of `amount` may go without a PIN, on a fresh day."""
        root = company._member_root()
        return amount <= self._limit(root, root.member_pinless_amount)

    @api.model
    def _count(self, partner, company, request_key, cr):
        """Count what `request_key` has just set aside; for `within` of its hold.

        :raise TillRefusal: pin_needed, when it is too much for a day.
        """
        root = company._member_root()
        limit = self._limit(root, root.member_pinless_daily)
        day = company._member_today()
        cr.execute(LOCK, [partner.id])
        cr.execute(
            "INSERT INTO member_pinless_use (request_key, partner_id, day)"
            " VALUES (%s, %s, %s)",
            [request_key, partner.id, day],
        )
        if self._used(cr, partner, day) > limit:
            raise TillRefusal(
                "pin_needed",
                self.env._(
                    "%(limit)s a day without a PIN are used up: the PIN is needed now.",
                    limit=root.currency_id.format(float(limit)),
                ),
            )

    def _used(self, cr, partner, day):
        """What counts of this day; a fresh look, also at what others just committed."""
        cr.execute(
            """SELECT coalesce(sum(hold.amount), 0)
                 FROM member_pinless_use used
                 JOIN member_hold hold ON hold.request_key = used.request_key
                WHERE used.partner_id = %s AND used.day = %s
                  AND hold.state <> 'released'""",
            [partner.id, day],
        )
        return cr.fetchone()[0]

    @api.model
    def _limit(self, root, amount):
        return Decimal(str(root.currency_id.round(amount)))

    @api.autovacuum
    def _gc_uses(self):
        limit = fields.Date.today() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("day", "<", limit)]).unlink()
