from odoo import fields, models


class LoyaltyCard(models.Model):
    """A card whose points were moved to the member's own, once."""

    _inherit = "loyalty.card"

    member_posting_id = fields.Many2one(
        "member.posting",
        "Moved to the Member's Points",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
