from datetime import timedelta

from odoo import api, fields, models

STATES = [
    ("connected", "Connected"),
    ("connecting", "Connecting"),
    ("disconnected", "Not Connected"),
    ("error", "Not Working"),
]
KINDS = [
    ("reader", "Card Reader"),
    ("scanner", "Scanner"),
    ("printer", "Printer"),
    ("display", "Customer Display"),
    ("other", "Other"),
]
QUIET = timedelta(minutes=25)
"""Open pages make their computer tell how it is every ten minutes."""
COLORS = {"connected": 10, "connecting": 3, "disconnected": 2, "error": 1}


class MemberHwDevice(models.Model):
    """A reader, printer or display of a paired computer, as it told last."""

    _name = "member.hw.device"
    _description = "Card Reader, Printer or Display"
    _order = "agent_id, kind, name, id"

    agent_id = fields.Many2one(
        "member.hw.agent",
        "Computer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="agent_id.company_id", store=True)
    store_id = fields.Many2one(related="agent_id.store_id", store=True)
    stable_id = fields.Char("Identifier", required=True, readonly=True)
    driver = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="other")
    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="disconnected"
    )
    code = fields.Char(readonly=True)
    message = fields.Char("What Is Wrong", readonly=True)
    left_at = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(
        "Last Connected",
        compute="_compute_last_seen",
        # sudo: who sees the device may see when its computer told of it
        compute_sudo=True,
        help="While it is connected: when its computer was last seen.",
    )
    active = fields.Boolean(default=True, readonly=True)
    color = fields.Integer(
        compute="_compute_color",
        # sudo: as `last_seen`
        compute_sudo=True,
        help="None where the computer was not heard lately.",
    )

    _stable_id_unique = models.Constraint(
        "UNIQUE (agent_id, stable_id)", "This device is known already."
    )

    @api.depends("state", "code", "agent_id.last_seen")
    def _compute_color(self):
        heard = fields.Datetime.now() - QUIET
        for device in self:
            warns = device.state == "connected" and device.code
            device.color = 3 if warns else COLORS[device.state]
            if (device.agent_id.last_seen or heard) < heard:
                device.color = 0

    @api.depends("state", "left_at", "agent_id.last_seen")
    def _compute_last_seen(self):
        for device in self:
            is_there = device.state == "connected"
            device.last_seen = device.agent_id.last_seen if is_there else device.left_at

    def _state_name(self):
        """Say which device it is and how, such as `Receipt printer: No Paper.`."""
        states = {
            **dict(self._fields["state"]._description_selection(self.env)),
            "cover_open": self.env._("Cover Open"),
            "paper_low": self.env._("Paper Low"),
            "paper_out": self.env._("No Paper"),
        }
        state = states.get(self.code) or states[self.state]
        return self.env._("%(device)s: %(state)s.", device=self.name, state=state)

    def action_test(self):
        """Open the dialog that tries this device from its own computer."""
        self.ensure_one()
        self.env.user._member_require("member_hw_proxy.group_member_hw_setup")
        return {
            "type": "ir.actions.client",
            "tag": "member_hw_test",
            "name": self.env._("Test %(device)s", device=self.name),
            "target": "new",
            "params": {
                "agent_id": self.agent_id.id,
                "device": self.stable_id,
                "kind": self.kind,
                "name": self.name,
            },
        }
