from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The till's own setting, where tills are set up."""

    _inherit = "res.config.settings"

    pos_member_is_box_office = fields.Boolean(
        related="pos_config_id.member_is_box_office", readonly=False
    )
