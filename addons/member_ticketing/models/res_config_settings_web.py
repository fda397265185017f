from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of tickets on the website: the head office's, as all of members'."""

    _inherit = "res.config.settings"

    member_cart_hold_minutes = fields.Integer(
        related="member_root_id.member_cart_hold_minutes", readonly=False
    )
    member_payment_hold_minutes = fields.Integer(
        related="member_root_id.member_payment_hold_minutes", readonly=False
    )
    member_transfer_hold_hours = fields.Integer(
        related="member_root_id.member_transfer_hold_hours", readonly=False
    )
