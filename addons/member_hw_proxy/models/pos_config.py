from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEVICE_FIELDS = ("member_hw_printer_id", "member_hw_display_id")
AGENT_FIELDS = ("member_hw_agent_id", *DEVICE_FIELDS)


class PosConfig(models.Model):
    """The computer whose devices a till uses."""

    _inherit = "pos.config"

    member_hw_agent_id = fields.Many2one(
        "member.hw.agent",
        "Computer",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('company_id', 'parent_of', company_id), ('state', '=', 'paired')]",
        help="The paired computer that the till runs on.",
    )
    member_hw_printer_id = fields.Many2one(
        "member.hw.device",
        "Receipt Printer",
        copy=False,
        ondelete="set null",
        domain="[('agent_id', '=', member_hw_agent_id), ('kind', '=', 'printer')]",
        help="Empty: the first printer of the computer.",
    )
    member_hw_display_id = fields.Many2one(
        "member.hw.device",
        "Customer Display (Pole)",
        copy=False,
        ondelete="set null",
        domain="[('agent_id', '=', member_hw_agent_id), ('kind', '=', 'display')]",
        help="Empty: the first display of the computer.",
    )

    # === CONSTRAINTS, ONCHANGE === #

    @api.constrains("company_id", *AGENT_FIELDS)
    def _check_member_hw_agent(self):
        # sudo: companies and owners are compared, not shown
        for config in self.sudo():
            agent = config.member_hw_agent_id
            if agent and agent.company_id not in config.company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(computer)s belongs to another company than %(till)s. Choose "
                        "one of the same company or of its head office.",
                        computer=agent.name,
                        till=config.name,
                    )
                )
            for device, kind in (
                (config.member_hw_printer_id, "printer"),
                (config.member_hw_display_id, "display"),
            ):
                if device and (device.agent_id != agent or device.kind != kind):
                    raise ValidationError(
                        self.env._(
                            "%(device)s cannot be used so at %(till)s. Choose a device "
                            "of the till's own computer.",
                            device=device.name,
                            till=config.name,
                        )
                    )

    @api.onchange("member_hw_agent_id")
    def _onchange_member_hw_agent_id(self):
        """Let go of devices that another computer has."""
        for name in DEVICE_FIELDS:
            if self[name].agent_id != self.member_hw_agent_id:
                self[name] = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        configs = super().create(vals_list)
        configs.filtered("member_hw_agent_id")._member_hw_set_proxy()
        return configs

    def copy_data(self, default=None):
        """Leave the computer to the till that has it, and its secret address, too."""
        copies = super().copy_data(default)
        for config, vals in zip(self, copies, strict=True):
            if config.member_hw_agent_id and "proxy_ip" not in (default or {}):
                vals["proxy_ip"] = False
        return copies

    def write(self, vals):
        had = self.filtered("member_hw_agent_id")
        addresses = {config: config.proxy_ip for config in had}
        chosen = {config: config._member_hw_chosen() for config in self}
        if "member_hw_agent_id" in vals and any(
            config.member_hw_agent_id.id != vals["member_hw_agent_id"] for config in had
        ):
            vals = {**dict.fromkeys(DEVICE_FIELDS, False), **vals}
        result = super().write(vals)
        if {"member_hw_agent_id", "proxy_ip"} & vals.keys():
            has = self.filtered("member_hw_agent_id")
            has._member_hw_set_proxy()
            # an address that was typed instead is left alone
            for config in had - has:
                if config.proxy_ip == addresses[config]:
                    config.proxy_ip = False
        for config in self:
            now = config._member_hw_chosen()
            if now != chosen[config]:
                config._member_hw_tell()
            if now[0] != chosen[config][0]:
                config._member_hw_log(chosen[config][0])
        return result

    # === THE TILL'S COMPUTER === #

    def _get_display_device_ip(self):
        """Let the browser's display follow the till: the computer serves no page."""
        if self.member_hw_agent_id:
            return False
        return super()._get_display_device_ip()

    def _member_hw_chosen(self):
        """Return the records that a till's computer and devices are."""
        # sudo: whoever writes a till need not see computers
        return [self.sudo()[name] for name in AGENT_FIELDS]

    def _member_hw_tell(self):
        """Let these tills, where they are open, ask anew for their computer."""
        # sudo: as above
        for config in self.sudo():
            config._notify(
                "MEMBER_HW_CHANGED", {"agent_id": config.member_hw_agent_id.id}
            )

    def _member_hw_log(self, before):
        """Record that the till runs on another computer than before, or on none."""
        # sudo: as above
        after = self.sudo().member_hw_agent_id
        self.env["member.operator.log"].with_company(self.company_id)._log(
            "hw_assign",
            till=self,
            reference=" → ".join(agent.name or "–" for agent in (before, after)),
        )

    def _member_hw_set_proxy(self):
        """Keep the address that Odoo's own proxy client would call."""
        for config in self:
            # sudo: of the computer's record, whose capability nobody reads
            url = config.sudo().member_hw_agent_id._capability_url()
            if (config.proxy_ip or False) != url:
                config.proxy_ip = url
