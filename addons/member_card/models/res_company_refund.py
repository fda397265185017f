from odoo import fields, models


class ResCompany(models.Model):
    """What a cashier may give back alone. Settings of the legal entity."""

    _inherit = "res.company"

    member_refund_limit = fields.Monetary(
        "Refund Limit",
        help="A cashier gives back at most this much in one order; more takes the "
        "right to pay out, or an approval. 0 means no limit.",
    )
    member_refund_needs_right = fields.Boolean(
        "Refund without Receipt by Right",
        help="Taking goods back while no sale is named (a negative quantity) takes the "
        "right to do so, or an approval. Otherwise every cashier may, and each time it "
        "is noted in the operator log. Into a wallet it always takes the right.",
    )
