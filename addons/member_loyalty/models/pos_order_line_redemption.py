from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import attempts_logged


class PosOrderLine(models.Model):
    """A line that points pay for: a gift, or money off."""

    _inherit = "pos.order.line"

    member_redemption_key = fields.Char(
        "Redemption",
        copy=False,
        index="btree_not_null",
        help="Of the redemption that this line uses. The till says so, the server "
        "checks it when the order is paid.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "member_redemption_key"]

    def write(self, vals):
        guarded = not {"member_redemption_key", "refunded_orderline_id"}.isdisjoint(
            vals
        )
        if guarded:
            self._check_member_unclaimed()
        result = super().write(vals)
        if guarded:
            self._check_member_unclaimed()
        return result

    # === BUSINESS METHODS === #

    def _is_member_points_discount(self):
        self.ensure_one()
        return self.product_id == self.env["member.reward"]._discount_product()

    def _member_is_redeemed(self):
        """Whether points pay for this line, or paid for the one that it takes back."""
        self.ensure_one()
        line = self.sudo()  # sudo: the sale may be another till's
        origin = line._member_refunded() if line._member_takes_back() else line
        return bool(origin.member_redemption_key)

    def _member_is_priced_elsewhere(self):
        return self._member_is_redeemed() or super()._member_is_priced_elsewhere()

    @attempts_logged
    def _check_member_unclaimed(self):
        result = super()._check_member_unclaimed()
        for line in self:
            # sudo: the sale may be another till's
            origin = line.refunded_orderline_id.sudo()
            named = line.member_redemption_key or origin.member_redemption_key
            if line.order_id.state != "draft" and named:
                raise UserError(
                    self.env._(
                        "Points have paid for this line: it cannot be added or "
                        "changed. Refund the order instead."
                    )
                )
        return result

    def _prepare_base_line_for_taxes_computation(self):
        values = super()._prepare_base_line_for_taxes_computation()
        if self._is_member_points_discount():
            values["account_id"] = self._member_discount_account()
        return values

    def _member_discount_account(self):
        """Return the account of money off: points turned into money reduce sales."""
        return self.order_id.company_id._member_root().member_discount_account_id
