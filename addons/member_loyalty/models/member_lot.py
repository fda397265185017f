from odoo import api, fields, models


class MemberLot(models.Model):
    """Whose points expire when: the list that campaigns start from."""

    _inherit = "member.lot"

    partner_id = fields.Many2one(related="balance_id.partner_id", string="Member")
    member_class_id = fields.Many2one(related="balance_id.partner_id.member_class_id")
    member_store_id = fields.Many2one(related="balance_id.partner_id.member_store_id")
    partner_phone = fields.Char(related="balance_id.partner_id.phone")
    partner_email = fields.Char(related="balance_id.partner_id.email")
    warning_ids = fields.Many2many(
        "member.point.warning", string="Warnings Sent", readonly=True
    )
    told_at = fields.Datetime(
        "Told On", compute="_compute_told_at", help="The last mail that named them."
    )
    last_day = fields.Date(
        "Good Until",
        compute="_compute_last_day",
        help="Can be spent to the end of this day, by the company's clock.",
    )

    @api.depends("warning_ids.create_date")
    def _compute_told_at(self):
        for lot in self:
            lot.told_at = max(lot.warning_ids.mapped("create_date"), default=False)

    @api.depends("expires_at", "asset_id")
    def _compute_last_day(self):
        for lot in self:
            lot.last_day = lot.expires_at and lot.asset_id._last_day_before(
                lot.expires_at
            )
