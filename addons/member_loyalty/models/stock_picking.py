from odoo import fields, models


class StockPicking(models.Model):
    """A delivery of a gift, or what brings one back."""

    _inherit = "stock.picking"

    member_redemption_key = fields.Char(
        readonly=True, copy=False, help="Of the redemption that this hands over."
    )

    _member_redemption = models.Index(
        "(member_redemption_key) WHERE member_redemption_key IS NOT NULL"
    )
