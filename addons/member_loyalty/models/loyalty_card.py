from odoo import api, fields, models


class LoyaltyCard(models.Model):
    """A coupon that a member took for points."""

    _inherit = "loyalty.card"

    member_redemption_key = fields.Char(
        readonly=True, copy=False, help="Of the redemption that made this coupon."
    )

    _member_redemption = models.Index(
        "(member_redemption_key) WHERE member_redemption_key IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("member_redemption_key", None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and "member_redemption_key" in vals:
            vals = {**vals}
            vals.pop("member_redemption_key")
        return super().write(vals)
