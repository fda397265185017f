from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of points: the head office's, shown and edited by its branches too."""

    _inherit = "res.config.settings"

    member_point_value = fields.Float(
        related="member_root_id.member_point_value", readonly=False
    )
    member_point_redemption_rate = fields.Float(
        related="member_root_id.member_point_redemption_rate", readonly=False
    )
    member_points_pin_from = fields.Float(
        related="member_root_id.member_points_pin_from", readonly=False
    )
    member_points_warning_days = fields.Integer(
        related="member_root_id.member_points_warning_days", readonly=False
    )
