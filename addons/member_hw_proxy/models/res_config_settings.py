from odoo import api, fields, models

from .pos_config import DEVICE_FIELDS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_member_hw_agent_id = fields.Many2one(
        related="pos_config_id.member_hw_agent_id", readonly=False
    )
    pos_member_hw_printer_id = fields.Many2one(
        related="pos_config_id.member_hw_printer_id", readonly=False
    )
    pos_member_hw_display_id = fields.Many2one(
        related="pos_config_id.member_hw_display_id", readonly=False
    )

    @api.onchange("pos_member_hw_agent_id")
    def _onchange_pos_member_hw_agent_id(self):
        """Let go of devices that another computer has."""
        for name in DEVICE_FIELDS:
            if self[f"pos_{name}"].agent_id != self.pos_member_hw_agent_id:
                self[f"pos_{name}"] = False

    def action_member_hw_pair(self):
        """Open the dialog that pairs the computer in front of the user."""
        return self.env["member.hw.agent"].action_pair()

    def action_member_hw_devices(self):
        """Open the computer of the till, with its devices and their test buttons."""
        self.ensure_one()
        agent = self.pos_config_id.member_hw_agent_id
        return agent._action_form()
