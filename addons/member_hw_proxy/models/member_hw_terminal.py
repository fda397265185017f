from odoo import fields, models
from odoo.tools import SQL

from .member_hw_device import QUIET

STATES = [
    ("none", "No Computer"),
    ("unknown", "Never Connected"),
    ("revoked", "Revoked"),
    ("quiet", "Not Heard"),
    ("trouble", "Needs Attention"),
    ("ready", "Ready"),
]


class MemberHwTerminal(models.Model):
    """B2: one line for each till, with its computer and how the devices are.

    As they were told last, unless the computer has not been heard for QUIET: then it is
    switched off, or no page is open there, and nothing is known of its devices.
    """

    _name = "member.hw.terminal"
    _description = "Terminal"
    _auto = False
    _order = "store_id, name, id"
    _depends = {
        "pos.config": ["active", "company_id", "member_hw_agent_id", "name"],
        "member.hw.agent": ["last_seen", "state"],
        "member.hw.device": ["active", "agent_id", "code", "state"],
    }

    name = fields.Char("Till", readonly=True)
    config_id = fields.Many2one("pos.config", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    store_id = fields.Many2one("member.store", readonly=True)
    agent_id = fields.Many2one("member.hw.agent", "Computer", readonly=True)
    last_seen = fields.Datetime(readonly=True)
    state = fields.Selection(STATES, readonly=True)
    device_ids = fields.One2many(related="agent_id.device_ids", string="Devices")
    trouble = fields.Char("What Is Wrong", compute="_compute_trouble")

    @property
    def _table_query(self):
        return SQL(
            """SELECT till.id, till.id AS config_id, till.name, till.company_id,
                      till.member_store_id AS store_id, agent.id AS agent_id,
                      agent.last_seen,
                      CASE WHEN agent.id IS NULL THEN 'none'
                           WHEN agent.state = 'revoked' THEN 'revoked'
                           WHEN agent.last_seen IS NULL THEN 'unknown'
                           WHEN agent.last_seen < %(heard)s THEN 'quiet'
                           WHEN EXISTS (
                               SELECT FROM member_hw_device device
                                WHERE device.agent_id = agent.id AND device.active
                                  AND (device.state != 'connected'
                                       OR device.code IS NOT NULL))
                           THEN 'trouble' ELSE 'ready' END AS state
                 FROM pos_config till
                 LEFT JOIN member_hw_agent agent ON agent.id = till.member_hw_agent_id
                WHERE till.active""",
            heard=fields.Datetime.now() - QUIET,
        )

    def _compute_trouble(self):
        for terminal in self:
            terminal.trouble = " ".join(
                device._state_name()
                for device in terminal.device_ids
                if terminal.state != "quiet"
                and (device.state != "connected" or device.code)
            )

    def action_open(self):
        """Open the till's computer; without one, let it be chosen."""
        self.ensure_one()
        return self.agent_id._action_form() if self.agent_id else self.action_set_up()

    def action_set_up(self):
        """Open the wizard that chooses the till's computer and its devices."""
        self.ensure_one()
        return self.env["member.hw.assign"]._action(till=self.config_id)
