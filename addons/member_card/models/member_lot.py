from odoo import fields, models


class MemberLot(models.Model):
    """What came in with one credit, and what is left of it.

    Spending takes the lot that expires first; a refund goes back to the lots that paid.
    """

    _name = "member.lot"
    _description = "Lot of Value"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _order = "balance_id, expires_at NULLS LAST, id"

    balance_id = fields.Many2one(
        "member.balance", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="balance_id.company_id")
    asset_id = fields.Many2one(related="balance_id.asset_id")
    currency_id = fields.Many2one(related="balance_id.asset_id.currency_id")
    entry_id = fields.Many2one(
        "member.entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    date = fields.Datetime(related="entry_id.date")
    amount = fields.Monetary(required=True, readonly=True)
    remaining = fields.Monetary(required=True, readonly=True)
    expires_at = fields.Datetime("Expires", readonly=True)
    use_ids = fields.One2many("member.lot.use", "lot_id")

    _remaining_in_range = models.Constraint(
        "CHECK (remaining >= 0 AND remaining <= amount)",
        "A lot never holds less than nothing or more than came in.",
    )
    _open = models.Index("(balance_id, expires_at, id) WHERE remaining > 0")


class MemberLotUse(models.Model):
    """How much one entry took from a lot (negative) or gave back to it (positive)."""

    _name = "member.lot.use"
    _description = "Use of a Lot"
    _inherit = ["member.append.only.mixin", "member.export.mixin"]
    _log_access = False

    lot_id = fields.Many2one(
        "member.lot", required=True, readonly=True, ondelete="restrict", index=True
    )
    entry_id = fields.Many2one(
        "member.entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    currency_id = fields.Many2one(related="lot_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)

    _not_zero = models.Constraint("CHECK (amount <> 0)", "A use moves something.")
