from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    member_class_review_period = fields.Selection(
        related="member_root_id.member_class_review_period", readonly=False
    )
    member_class_next_review = fields.Date(
        related="member_root_id.member_class_next_review", readonly=False
    )
