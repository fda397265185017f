from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger.cursor import ledger_cursor
from ..till import TillRefusal

LOCK = "SELECT pg_advisory_xact_lock(28777, %s)"  # 28777 is "pi"
"""One till at a time counts for a member; the others wait for its commit."""
KEEP_DAYS = 30


class MemberPinlessUse(models.Model):
    """What a member's card paid without a PIN, so that a stolen one is not drained.

    Counted in a transaction of its own under a lock per member, so that of any number
    of tills that ask at once none gets more than the day's limit allows. What was given
    back does not count.
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
    amount = fields.Float(required=True, readonly=True, digits=(16, 4))

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
    def _count(self, partner, amount, company, request_key):
        """Let `amount` pass without a PIN and count it; asked again, it counts once.

        :raise TillRefusal: pin_needed, when it is too much for one payment or a day.
        """
        root = company._member_root()
        if amount > self._limit(root, root.member_pinless_amount):
            raise TillRefusal(
                "pin_needed", self.env._("This payment needs the member's PIN.")
            )
        limit = self._limit(root, root.member_pinless_daily)
        day = company._member_today()
        with ledger_cursor(self.env) as cr:
            cr.execute(LOCK, [partner.id])
            used = self._used(cr, partner, day, request_key)
            if used + amount <= limit:
                cr.execute(
                    SQL(
                        "INSERT INTO member_pinless_use"
                        " (request_key, partner_id, day, amount)"
                        " VALUES (%s, %s, %s, %s) ON CONFLICT (request_key)"
                        " DO UPDATE SET amount = excluded.amount",
                        request_key,
                        partner.id,
                        day,
                        amount,
                    )
                )
                return
        raise TillRefusal(
            "pin_needed",
            self.env._(
                "%(limit)s a day without a PIN are used up: the PIN is needed now.",
                limit=root.currency_id.format(float(limit)),
            ),
        )

    def _used(self, cr, partner, day, but_for=""):
        """What counts of this day; a fresh look, also at what others just committed."""
        cr.execute(
            SQL(
                """SELECT coalesce(sum(used.amount), 0) FROM member_pinless_use used
                    WHERE partner_id = %s AND day = %s AND request_key <> %s
                      AND NOT EXISTS (
                          SELECT 1 FROM member_hold hold
                           WHERE hold.request_key = used.request_key
                             AND hold.state IN ('released', 'expired'))""",
                partner.id,
                day,
                but_for,
            )
        )
        return cr.fetchone()[0]

    @api.model
    def _limit(self, root, amount):
        return Decimal(str(root.currency_id.round(amount)))

    @api.autovacuum
    def _gc_uses(self):
        limit = fields.Date.today() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("day", "<", limit)]).unlink()
