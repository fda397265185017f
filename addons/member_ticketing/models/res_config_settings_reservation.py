from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of reservations: the head office's."""

    _inherit = "res.config.settings"

    member_reservation_hours = fields.Float(
        related="member_root_id.member_reservation_hours", readonly=False
    )
    member_reservation_close_hours = fields.Float(
        related="member_root_id.member_reservation_close_hours", readonly=False
    )
    member_reservation_reminder_hours = fields.Float(
        related="member_root_id.member_reservation_reminder_hours", readonly=False
    )
