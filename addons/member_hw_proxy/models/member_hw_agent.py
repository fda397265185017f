import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.member_card import secret

from .. import hw_crypto
from ..refusals import HardwareRefusal

DEFAULT_URL = "http://localhost:8073"
URL = re.compile(r"http://(localhost|127\.0\.0\.1):[1-9][0-9]{1,4}")
"""The agent listens on loopback alone, and the address of a till has 45 characters."""
SETUP = "member_hw_proxy.group_member_hw_setup"
BY_HAND = frozenset({"name", "url", "company_id", "store_id"})
"""What people change; the rest comes of pairing, revoking and reports."""


DECISIVE = frozenset({"company_id", "state", "secret_sealed", "store_id", "url"})
"""What decides whether and where an open page may use the computer."""


class MemberHwAgent(models.Model):
    """A computer whose readers, printers and displays were paired with us.

    One pairing each: the same computer paired from another address of this server is
    another record, with a secret of its own. The secret is stored sealed with the key
    outside the database and never leaves the server.
    """

    _name = "member.hw.agent"
    _description = "Computer with Devices"
    _order = "name, id"

    name = fields.Char(required=True, translate=False)
    identifier = fields.Char(required=True, readonly=True, copy=False)
    origin = fields.Char(
        "Odoo Address",
        required=True,
        readonly=True,
        help="Pages of this address alone may talk to the computer's devices. Who "
        "opens Odoo by another name pairs the computer from there, too.",
    )
    url = fields.Char(
        "Agent Address",
        required=True,
        default=DEFAULT_URL,
        help="Where the agent listens on its own computer.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Tills of this company and of its branches can use the devices.",
    )
    store_id = fields.Many2one(
        "member.store",
        index="btree_not_null",
        domain="['|', ('company_id', 'parent_of', company_id),"
        " ('company_id', 'child_of', company_id)]",
    )
    pos_config_ids = fields.One2many(
        "pos.config",
        "member_hw_agent_id",
        "Tills",
        readonly=True,
        # who reads reports opens a computer, too, and may see no tills
        groups=f"point_of_sale.group_pos_user,{SETUP}",
    )
    device_ids = fields.One2many("member.hw.device", "agent_id", "Devices")
    state = fields.Selection(
        [("paired", "Paired"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="paired",
        copy=False,
    )
    version = fields.Char(readonly=True, copy=False)
    last_seen = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it last told how its devices are, or read a card.",
    )
    reported_at = fields.Datetime(readonly=True, copy=False, groups=fields.NO_ACCESS)
    paired_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    paired_at = fields.Datetime("Paired On", readonly=True, copy=False)
    secret_sealed = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    capability = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _identifier_unique = models.Constraint(
        "UNIQUE (identifier, origin)", "This computer is paired already."
    )
    _paired_has_secret = models.Constraint(
        "CHECK (state != 'paired' OR (secret_sealed IS NOT NULL"
        " AND capability IS NOT NULL))",
        "Pair the computer again.",
    )

    # === CONSTRAINTS === #

    @api.constrains("url")
    def _check_url(self):
        for agent in self:
            if not URL.fullmatch(agent.url or ""):
                raise ValidationError(
                    self.env._(
                        "The agent listens on its own computer only: write its address "
                        "like %(url)s.",
                        url=DEFAULT_URL,
                    )
                )

    @api.constrains("company_id", "store_id")
    def _check_belonging(self):
        for agent in self:
            store = agent.store_id.sudo()
            if store and store.company_id.root_id != agent.company_id.root_id:
                raise ValidationError(
                    self.env._("Choose a store of the computer's own company.")
                )
            agent.sudo().pos_config_ids._check_member_hw_agent()

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and vals.keys() - BY_HAND:
            raise AccessError(
                self.env._(
                    "This comes from the computer itself. Pair it again instead."
                )
            )
        result = super().write(vals)
        # sudo: tills follow their computer, whoever may see them
        tills = self.sudo().pos_config_ids
        if {"url", "capability"} & vals.keys():
            tills._member_hw_set_proxy()
        if DECISIVE & vals.keys():
            tills._member_hw_tell()
            self.env.ref("base.group_user")._bus_send("member_hw_changed", {})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for agent in self:
            if agent.state == "paired" or agent.sudo().pos_config_ids:
                raise UserError(
                    self.env._(
                        "%(computer)s is in use. Revoke it and give its tills another "
                        "computer first.",
                        computer=agent.name,
                    )
                )

    # === ACTIONS === #

    def action_pair(self):
        """Open the dialog that pairs the computer in front of the user."""
        self.env.user._member_require(SETUP)
        return {
            "type": "ir.actions.client",
            "tag": "member_hw_pair",
            "name": self.env._("Pair This Computer"),
            "target": "new",
        }

    def action_revoke(self):
        """Trust the computer no longer, from now on; its tills keep it and say why."""
        self.env.user._member_require(SETUP)
        self.check_access("write")
        for agent in self:
            if agent.state == "paired":
                agent._revoke()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "message": self.env._(
                    "Revoked: cards that are read there are refused from now on. At "
                    "the computer itself run “member-hw-agent unpair”, so that it "
                    "forgets this server, too."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_use_at_till(self):
        """Open the wizard that gives this computer to a till."""
        self.ensure_one()
        return self.env["member.hw.assign"]._action(agent=self)

    def _action_form(self):
        """Window action that shows this computer with its devices."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # === TRUST === #

    def _revoke(self):
        # sudo: nobody may write what is trusted by hand
        self.sudo().write(
            {"state": "revoked", "secret_sealed": False, "capability": False}
        )
        self.env["member.operator.log"]._log(
            "hw_revoke", store=self.store_id, reference=self.name
        )

    @api.model
    def _trust(self, answer, pairing):
        """Keep a computer that proved to have printed the code.

        :param answer: of the agent, its proof checked; with the `secret` agreed upon.
        :param pairing: `member.hw.pairing`, in sudo mode; gives address and company.
        :raise HardwareRefusal: other_company.
        """
        # sudo: a computer may be known to another company, and secrets are nobody's
        agents = self.sudo()
        known = agents.search(
            [("identifier", "=", answer["agent"]), ("origin", "=", pairing.origin)]
        )
        if known and known.company_id.root_id != pairing.company_id.root_id:
            raise HardwareRefusal(
                "other_company",
                self.env._(
                    "This computer serves another company of this database. Somebody "
                    "of that company revokes and removes it first."
                ),
            )
        values = {
            "url": pairing.url,
            "state": "paired",
            "version": answer["version"],
            "capability": answer["capability"],
            "secret_sealed": agents._seal_secret(
                answer["secret"], answer["agent"], pairing.origin
            ),
            "paired_by_id": self.env.uid,
            "paired_at": fields.Datetime.now(),
            "reported_at": False,
        }
        if known:
            known.write(values)
        else:
            known = agents.create(
                {
                    **values,
                    "name": answer["name"],
                    "identifier": answer["agent"],
                    "origin": pairing.origin,
                    "company_id": pairing.company_id.id,
                }
            )
        self.env["member.operator.log"]._log(
            "hw_pair", store=known.store_id, reference=known.name
        )
        return known.with_env(self.env)

    def _secret(self):
        """Return the 32 bytes shared with this computer alone.

        :raise HardwareRefusal: revoked.
        """
        self.ensure_one()
        # sudo: secrets are read here and nowhere else
        agent = self.sudo()
        if agent.state != "paired":
            raise HardwareRefusal(
                "revoked",
                self.env._(
                    "%(computer)s was revoked. Pair it again under Configuration, Card "
                    "Readers and Printers.",
                    computer=agent.name,
                ),
            )
        try:
            return hw_crypto.open_bytes(
                secret.key_for(self.env, "hw-agent"),
                self._secret_label(agent.identifier, agent.origin),
                agent.secret_sealed,
            )
        except hw_crypto.WireError as error:
            raise HardwareRefusal(
                "revoked",
                self.env._(
                    "The member secret of this server changed since %(computer)s was "
                    "paired. Restore it, or pair the computer again.",
                    computer=agent.name,
                ),
            ) from error

    def _seal_secret(self, plain, identifier, origin):
        return hw_crypto.seal_bytes(
            secret.key_for(self.env, "hw-agent"),
            self._secret_label(identifier, origin),
            plain,
        )

    @api.model
    def _secret_label(self, identifier, origin):
        return f"{identifier} {origin}".encode()

    def _capability_url(self):
        """Return what a till of Odoo's own calls its proxy, or False."""
        # sudo: the capability is for the till's page alone
        agent = self.sudo()
        return bool(agent.capability) and f"{agent.url}/{agent.capability}"
