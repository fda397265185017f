from odoo import api, fields, models

from ..models.member_hw_agent import SETUP
from ..models.pos_config import AGENT_FIELDS


class MemberHwAssign(models.TransientModel):
    """Chooses which computer's devices a till uses.

    For people who set up readers and may not change a till's other settings.
    """

    _name = "member.hw.assign"
    _description = "Devices of a Till"

    config_id = fields.Many2one("pos.config", "Till", required=True)
    company_id = fields.Many2one(related="config_id.company_id")
    agent_id = fields.Many2one(
        "member.hw.agent",
        "Computer",
        domain="[('company_id', 'parent_of', company_id), ('state', '=', 'paired')]",
    )
    printer_id = fields.Many2one(
        "member.hw.device",
        "Receipt Printer",
        domain="[('agent_id', '=', agent_id), ('kind', '=', 'printer')]",
    )
    display_id = fields.Many2one(
        "member.hw.device",
        "Customer Display (Pole)",
        domain="[('agent_id', '=', agent_id), ('kind', '=', 'display')]",
    )

    @api.onchange("config_id")
    def _onchange_config_id(self):
        """Begin with what the till has, unless another computer was given."""
        till = self.config_id
        if not self.agent_id:
            self.agent_id = till.member_hw_agent_id
        if self.agent_id == till.member_hw_agent_id:
            self.printer_id = till.member_hw_printer_id
            self.display_id = till.member_hw_display_id

    @api.onchange("agent_id")
    def _onchange_agent_id(self):
        for name in ("printer_id", "display_id"):
            if self[name].agent_id != self.agent_id:
                self[name] = False

    @api.model
    def _action(self, till=None, agent=None):
        """Window action that opens the wizard with what is known already."""
        self.env.user._member_require(SETUP)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Devices of a Till"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_config_id": till.id if till else False,
                **({"default_agent_id": agent.id} if agent else {}),
            },
        }

    def action_save(self):
        """Let the till use these devices from its next connection on."""
        self.ensure_one()
        self.env.user._member_require(SETUP)
        # tills of other stores are no terminals of this user's
        self.env["member.hw.terminal"].browse(self.config_id.id).check_access("read")
        self.agent_id.check_access("read")
        given = (self.agent_id, self.printer_id, self.display_id)
        values = {
            name: record.id for name, record in zip(AGENT_FIELDS, given, strict=True)
        }
        # sudo: of a till's settings these alone are changed, by who has the right
        self.sudo().config_id.write(values)
        return {"type": "ir.actions.act_window_close"}
