from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.member_card import ledger

from .. import redemption_outcome, redemptions

RETURN = "award"
"""The right: points are given back by who may give points."""


class MemberRedemptionReturn(models.TransientModel):
    """Gives up a redemption, or takes back what was given for points in the office.

    The points go back to their lots, a gift back into stock, bonus money out of the
    wallet, a coupon is withdrawn. What an order used comes back by refunding the order.
    """

    _name = "member.redemption.return"
    _description = "Take a Reward Back"

    redemption_id = fields.Many2one("member.redemption", required=True, readonly=True)
    partner_id = fields.Many2one(related="redemption_id.partner_id")
    reward_id = fields.Many2one(related="redemption_id.reward_id")
    kind = fields.Selection(related="redemption_id.kind")
    state = fields.Selection(related="redemption_id.state")
    points = fields.Float(
        "Points That Go Back", digits=(16, 2), compute="_compute_points"
    )
    is_stock_returned = fields.Boolean(
        "Back into Stock",
        default=True,
        help="Switch it off when the gift is broken or does not come back.",
    )
    reason = fields.Char(required=True, help="Kept in the operator log.")

    @api.depends("redemption_id")
    def _compute_points(self):
        for wizard in self:
            redemption = wizard.redemption_id
            wizard.points = redemption.points - redemption.returned_points

    def action_confirm(self):
        """Give the points back, and tell what happened."""
        self.ensure_one()
        self.env.user._member_require(RETURN)
        redemption = self.redemption_id
        redemption.check_access("read")
        self.env.user._member_check_own_in_office(redemption.partner_id)
        if redemption.state == "held":
            self._release(redemption)
        elif redemption.state == "done":
            self._take_back(redemption)
        else:
            raise UserError(self.env._("These points were given back already."))
        asset = redemption.company_id._member_asset("points")
        points = asset._format(self.points)
        line = {
            "store": redemption.store_id,
            "detail": f"{redemption.reward_id.name}, {points}: {self.reason}",
        }
        self.env["member.operator.log"]._log(
            "redeem_return", partner=redemption.partner_id, **line
        )
        self.env.user._member_log_own(redemption.partner_id, **line)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(points)s go back to %(member)s.",
                    points=points,
                    member=redemption.partner_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _release(self, redemption):
        redemptions.release(self.env, [redemption.key])
        if ledger.claimed(self.env, {redemption.hold_key}):
            raise UserError(
                self.env._(
                    "An order has used this meanwhile. Refund the order instead."
                )
            )

    def _take_back(self, redemption):
        if redemption.res_model == "pos.order":
            raise UserError(
                self.env._(
                    "%(order)s used this: refund it at the till, and the points come "
                    "back with it.",
                    order=redemption.reference or self.env._("An order"),
                )
            )
        posting = redemption._posting()
        context = ledger.Context(
            store_id=redemption.store_id.id,
            reference=redemption.reward_id.name,
            note=self.reason,
        )
        redemption.reward_id._take_back(
            redemption, context, into_stock=self.is_stock_returned
        )
        ledger.reverse(
            self.env,
            posting,
            amount=posting._left(),
            request_key=f"{redemption.key}:back",
            context=context,
        )
        redemption_outcome.follow_after_commit(self.env, [redemption.key])
