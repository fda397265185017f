from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger


class MemberHoldRelease(models.TransientModel):
    """Sets money free that a till reserved and nobody will pay with any more.

    All pockets of the payment are released together. A document that claimed the money
    meanwhile keeps it: its unique key decides, as for the till's own release.
    """

    _name = "member.hold.release"
    _description = "Release a Hold"

    hold_id = fields.Many2one("member.hold", required=True, readonly=True)
    partner_id = fields.Many2one(related="hold_id.partner_id")
    pos_config_id = fields.Many2one(related="hold_id.pos_config_id", string="Till")
    operator_id = fields.Many2one(related="hold_id.operator_id")
    placed_at = fields.Datetime(related="hold_id.placed_at")
    expires_at = fields.Datetime(related="hold_id.expires_at")
    currency_id = fields.Many2one(related="hold_id.currency_id")
    amount = fields.Monetary("To Be Released", compute="_compute_amount")
    reason = fields.Char(required=True, help="Kept in the operator log.")

    @api.depends("hold_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard._holds().mapped("amount"))

    def _holds(self):
        """Return the pending holds of the payment, one for each pocket."""
        return self.hold_id.search(
            [
                ("request_key", "=", self.hold_id.request_key),
                ("state", "=", "pending"),
            ]
        )

    def action_release(self):
        """Release, and say what happened.

        :raise UserError: a document was faster, or the hold is over already.
        """
        self.ensure_one()
        self.env.user._member_require("hold_release")
        amount, member = self.amount, self.partner_id
        keys = self._holds().mapped("key")
        released = ledger.release(self.env, keys) if keys else []
        # where nothing was left to release, it may have been paid with before
        asked = set(keys).difference(released) if released else {self.hold_id.key}
        if claims := ledger.claimed(self.env, asked):
            raise UserError(self._claimed_words(claims))
        if not released:
            raise UserError(self._over_words())
        self.env["member.operator.log"]._log(
            "hold_release",
            partner=member,
            till=self.pos_config_id,
            reference=self.hold_id.reference,
            detail=f"{self.currency_id.format(amount)}: {self.reason}",
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(amount)s of %(member)s can be spent again.",
                    amount=self.currency_id.format(amount),
                    member=member.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === WORDS === #

    def _claimed_words(self, claims):
        """Say what has claimed the hold, and what to do instead.

        :param claims: as `ledger.claimed` gives them.
        """
        if self.hold_id.direction == "in":
            return self.env._(
                "What was reserved here is in the wallet already. If that is wrong, "
                "undo the top-up instead."
            )
        if documents := ", ".join(sorted({*filter(None, claims.values())})):
            return self.env._(
                "This hold was paid with already: %(document)s has the money. To give "
                "it back, refund that order at the till.",
                document=documents,
            )
        return self.env._(
            "An order has been paid with this money already. Refund that order instead."
        )

    def _over_words(self):
        if self.hold_id.state == "expired":
            return self.env._("This hold has run out: nothing is reserved any more.")
        return self.env._(
            "This hold was released already: nothing is reserved any more."
        )
