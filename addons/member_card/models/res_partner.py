from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.sql import column_exists, create_column

from .pos_config import OPEN_STATES

GUARDED_FIELDS = (
    "is_member",
    "member_number",
    "member_state",
    "member_since",
    "member_company_id",
)
"""Set by the verbs below only; add-ons add theirs by `_member_guarded_fields`."""

EDITABLE_FIELDS = ("member_class_id", "member_store_id")
"""Set by people who may edit members."""


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_member = fields.Boolean("Member", copy=False, readonly=True)
    member_number = fields.Char(copy=False, readonly=True, groups="base.group_user")
    member_class_id = fields.Many2one(
        "member.class",
        copy=False,
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
    )
    member_class_color = fields.Integer(
        related="member_class_id.color", groups="base.group_user"
    )
    member_state = fields.Selection(
        [("active", "Active"), ("frozen", "Frozen"), ("cancelled", "Cancelled")],
        copy=False,
        readonly=True,
        tracking=True,
        help="A frozen member cannot spend and can still be refunded.",
    )
    member_since = fields.Date(copy=False, readonly=True, groups="base.group_user")
    member_store_id = fields.Many2one(
        "member.store",
        "Home Store",
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    member_company_id = fields.Many2one(
        "res.company",
        "Member Of",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups="base.group_user",
        help="The legal entity that owes the member what is on the card. Its branches "
        "share it; other companies do not.",
    )
    member_currency_id = fields.Many2one(
        "res.currency",
        related="member_company_id.currency_id",
        string="Member's Currency",
        groups="base.group_user",
    )
    member_phone = fields.Char(
        "Normalised Phone",
        compute="_compute_member_phone",
        store=True,
        groups="base.group_user",
        help="The phone as members are looked up by it. Families may share one.",
    )
    member_card_ids = fields.One2many(
        "member.card", "partner_id", "Cards", groups="member_card.group_member_register"
    )
    member_card_count = fields.Integer(
        "Number of Cards",
        compute="_compute_member_card_count",
        groups="member_card.group_member_register",
    )
    member_class_history_ids = fields.One2many(
        "member.class.assignment",
        "partner_id",
        "Class History",
        groups="base.group_user",
    )

    _member_number_unique = models.UniqueIndex(
        "(member_number) WHERE member_number IS NOT NULL",
        "Another member has this number.",
    )
    _member_phone = models.Index("(member_phone) WHERE member_phone IS NOT NULL")
    _member_class = models.Index("(member_class_id) WHERE is_member")
    _member_store = models.Index("(member_store_id) WHERE is_member")
    _member_name = models.Index(
        lambda registry: (
            "USING gin (name gin_trgm_ops) WHERE is_member"
            if registry.has_trigram
            else ""
        )
    )
    _member_complete = models.Constraint(
        "CHECK (is_member IS NOT TRUE OR (member_number IS NOT NULL"
        " AND member_class_id IS NOT NULL AND member_state IS NOT NULL"
        " AND member_company_id IS NOT NULL))",
        "A member has a number, a class, a state and a company.",
    )

    def _auto_init(self):
        # nobody is a member yet: no need to normalise a million phones at install
        if not column_exists(self.env.cr, "res_partner", "member_phone"):
            create_column(self.env.cr, "res_partner", "member_phone", "varchar")
        return super()._auto_init()

    # === COMPUTE === #

    @api.depends("is_member", "phone", "country_id", "member_company_id")
    def _compute_member_phone(self):
        for partner in self:
            partner.member_phone = (
                partner.is_member
                and partner.phone
                and self._member_normalise_phone(
                    partner.phone,
                    partner.country_id or partner.member_company_id.country_id,
                )
            )

    def _compute_member_card_count(self):
        counts = dict(
            self.env["member.card"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.member_card_count = counts.get(partner, 0)

    @api.depends(
        "is_member", "member_class_id.pricelist_id", "member_state", "member_company_id"
    )
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Keep the class's price apart from the contact's own: it follows the class."""
        result = super()._inverse_product_pricelist()
        for partner in self:
            own = partner.specific_property_product_pricelist
            if own and own == partner._member_pricelist():
                partner.specific_property_product_pricelist = False
        return result

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_member_write({k: v for k, v in vals.items() if v})
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_member_write(self._member_changes(vals))
        if vals.get("active") is False:
            self._check_member_without_value()
        moving = self.browse()
        if "member_class_id" in vals:
            # sudo: the class is readable for staff only; portal users write here too
            moving = self.sudo().filtered(
                lambda p: (
                    p.is_member and p.member_class_id.id != vals["member_class_id"]
                )
            )
        own = moving & self.env.user.partner_id
        if own and not self.env.su:
            self.env.user._member_check_own_in_office(own)
            self.env.user._member_log_own(own, detail=self.env._("The own class"))
        result = super().write(vals)
        moving = moving.filtered("is_member")
        if moving:
            # sudo: the history is written by the change itself, by nobody's hand
            self.env["member.class.assignment"].sudo()._assign(
                moving,
                self.env.context.get("member_class_reason", "manual"),
                self.env.context.get("member_class_note"),
            )
            moving._member_tell_tills()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_member_history(self):
        self._check_member_without_value()
        # sudo: what the user cannot see must not be lost either
        balances = self.env["member.balance"].sudo()
        if balances.search_count([("partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This member has a wallet history, which must be kept. Archive the "
                    "contact instead."
                )
            )

    def export_data(self, fields_to_export):
        """Export contacts; members among them take the right to export, and are noted.

        :raise AccessError: without the right.
        """
        members = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("is_member", "=", True)]
        )
        if members:
            self.env["member.operator.log"]._log_export(members)
        return super().export_data(fields_to_export)

    @api.model
    def _member_guarded_fields(self):
        """Return the fields that only verbs set, whoever the user is."""
        return GUARDED_FIELDS

    def _member_changes(self, vals):
        """Return the part of `vals` about membership that changes anything."""
        changes = {}
        for name in (*self._member_guarded_fields(), *EDITABLE_FIELDS):
            if name not in vals:
                continue
            # sudo: comparing reveals nothing to the user
            if any(
                record._fields[name].convert_to_write(record[name], record)
                != (vals[name] or False)
                for record in self.sudo()
            ):
                changes[name] = vals[name]
        return changes

    @api.model
    def _check_member_write(self, changes):
        """Refuse changes of membership that no verb made or no right allows."""
        if self.env.su:
            return
        guarded = [name for name in self._member_guarded_fields() if name in changes]
        if guarded:
            raise AccessError(
                self.env._(
                    "These fields cannot be edited directly: %(fields)s. Use the "
                    "buttons of the member's form.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in guarded
                    ),
                )
            )
        if any(name in changes for name in EDITABLE_FIELDS):
            self.env.user._member_require("edit")

    # === ACTIONS === #

    def action_member_issue_card(self):
        """Open the wizard that gives this member a card."""
        self.ensure_one()
        return self.env["member.card.issue"]._action(partner=self)

    def action_view_member_cards(self):
        """Open the cards of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_card_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS === #

    def _member_tell_tills(self):
        """Let the tills that have these members open look again: something has changed.

        The message names members only; each till asks for what it may show.
        """
        # sudo: tills of every branch hear it, whoever made the change
        for root, members in self.sudo().grouped("member_company_id").items():
            sessions = members.env["pos.session"].search(
                [("state", "in", OPEN_STATES), ("company_id", "child_of", root.id)]
            )
            for till in sessions.config_id:
                till._notify("MEMBER_CHANGED", {"partner_ids": members.ids})

    def _member_pricelist(self):
        """Return the pricelist of the class in the present company, or empty."""
        self.ensure_one()
        # sudo: prices are computed for portal and public users too
        member = self.sudo()
        if (
            not member.is_member
            or member.member_state != "active"
            or member.member_company_id != self.env.company.root_id
        ):
            return self.env["product.pricelist"]
        return member.member_class_id._pricelist_for(self.env.company).with_env(
            self.env
        )

    # === POS === #

    @api.model
    def _load_pos_data_fields(self, config):
        """Add what a till caches of a member: public fields, never a balance."""
        return [
            *super()._load_pos_data_fields(config),
            "is_member",
            "member_number",
            "member_class_id",
        ]
