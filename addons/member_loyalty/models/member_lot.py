from odoo import fields, models


class MemberLot(models.Model):
    """Whose points expire when: the list that campaigns start from."""

    _inherit = "member.lot"

    partner_id = fields.Many2one(related="balance_id.partner_id", string="Member")
    member_class_id = fields.Many2one(related="balance_id.partner_id.member_class_id")
    member_store_id = fields.Many2one(related="balance_id.partner_id.member_store_id")
