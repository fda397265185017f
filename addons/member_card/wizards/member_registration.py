from odoo import api, fields, models
from odoo.exceptions import UserError


class MemberRegistration(models.TransientModel):
    """Makes a member of a new or an existing contact, showing who is known already."""

    _name = "member.registration"
    _description = "Register a Member"

    partner_id = fields.Many2one(
        "res.partner",
        "Existing Contact",
        domain=[("is_member", "=", False)],
        help="Leave empty to create a contact.",
    )
    name = fields.Char(
        "Member Name",
        compute="_compute_contact",
        store=True,
        readonly=False,
        required=True,
    )
    phone = fields.Char(compute="_compute_contact", store=True, readonly=False)
    email = fields.Char(compute="_compute_contact", store=True, readonly=False)
    class_id = fields.Many2one(
        "member.class",
        required=True,
        default=lambda self: self.env.company._member_default_class(),
    )
    store_id = fields.Many2one(
        "member.store",
        default=lambda self: self.env.user.member_store_ids[:1],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    identity_kind = fields.Selection(
        selection=lambda self: (
            self.env["member.identity"]._fields["kind"]._description_selection(self.env)
        ),
        string="Identity Document",
        default="resident",
    )
    identity_number = fields.Char(
        "Document Number",
        help="Finds the member again. Only its last four characters stay readable.",
    )
    issue_card = fields.Boolean(
        "Issue a Card Next", default=lambda self: self._default_issue_card()
    )
    duplicate_ids = fields.Many2many(
        "res.partner",
        string="Already Known",
        compute="_compute_duplicate_ids",
        compute_sudo=True,
    )

    def _default_issue_card(self):
        return self.env.user.has_group("member_card.group_member_card_issue")

    @api.depends("partner_id")
    def _compute_contact(self):
        for wizard in self.filtered("partner_id"):
            wizard.name = wizard.partner_id.name
            wizard.phone = wizard.partner_id.phone
            wizard.email = wizard.partner_id.email

    @api.depends("phone", "partner_id", "company_id")
    def _compute_duplicate_ids(self):
        """Contacts with the same phone: members by index, others by what is typed."""
        for wizard in self:
            found = self.env["res.partner"]
            if wizard.phone:
                found = found._member_known_by_phone(wizard.phone, wizard.company_id)
            wizard.duplicate_ids = found - wizard.partner_id

    @api.model
    def _action(self, partner):
        """Window action that opens the wizard for `partner`."""
        self.env.user._member_require("register")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register a Member"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": partner.id},
        }

    def action_register(self):
        """Register, then go on to the card or to the member."""
        self.ensure_one()
        self.env.user._member_require("register")
        if not self.name.strip():
            raise UserError(self.env._("Type the member's name."))
        contact = {"name": self.name, "phone": self.phone, "email": self.email}
        # sudo: cashiers register people and cannot edit contacts otherwise
        if self.partner_id:
            self.partner_id.sudo().write(
                {k: v for k, v in contact.items() if v and v != self.partner_id[k]}
            )
            partner = self.partner_id
        else:
            partner = self.env["res.partner"].sudo().create(contact).sudo(False)
        partner._member_register(
            {
                "member_class_id": self.class_id.id,
                "member_store_id": self.store_id.id,
                "member_company_id": self.company_id.id,
            }
        )
        if self.identity_number:
            self.env["member.identity"]._set(
                partner, self.identity_kind or "other", self.identity_number
            )
            self.identity_number = False
        if self.issue_card:
            return partner.action_member_issue_card()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_action"
        )
        action.update(
            res_id=partner.id,
            views=[(False, "form")],
            view_mode="form",
            target="current",
        )
        return action
