from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.res_partner_class import FOR_GOOD


class MemberClassChange(models.TransientModel):
    """Gives members a class by hand, and says how long no rule may change it."""

    _name = "member.class.change"
    _description = "Change the Class of Members"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Members",
        required=True,
        domain=[("is_member", "=", True)],
    )
    member_count = fields.Integer(compute="_compute_members")
    company_id = fields.Many2one("res.company", compute="_compute_members")
    class_id = fields.Many2one(
        "member.class",
        compute="_compute_class_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    keep = fields.Selection(
        [
            ("rules", "Class rules may change it again"),
            ("until", "Keep it until a date"),
            ("always", "Keep it for good"),
        ],
        required=True,
        default="rules",
    )
    until = fields.Date()
    reason = fields.Char(required=True, help="Kept in the history of the member.")

    @api.depends("partner_ids")
    def _compute_members(self):
        for wizard in self:
            wizard.member_count = len(wizard.partner_ids)
            wizard.company_id = wizard.partner_ids.member_company_id[:1]

    @api.depends("partner_ids")
    def _compute_class_id(self):
        for wizard in self:
            classes = wizard.partner_ids.member_class_id
            wizard.class_id = len(classes) == 1 and classes

    def action_change(self):
        """Change the class, fix it or set it free, and write who did it and why.

        :raise UserError: nobody, people of two companies, or a day that is over.
        """
        self.ensure_one()
        self.env.user._member_require("edit")
        members = self.partner_ids
        members.check_access("write")
        if not members or not all(members.mapped("is_member")):
            raise UserError(self.env._("Choose members: other contacts have no class."))
        companies = members.member_company_id
        if len(companies) > 1 or self.class_id.company_id - companies:
            raise UserError(
                self.env._("Choose members of one company, and one of its classes.")
            )
        own = members & self.env.user.partner_id
        if own:
            self.env.user._member_check_own_in_office(own)
        until = self._locked_until(companies)
        # sudo: only this verb says how long a class is kept
        for member in members.sudo():
            before = member.member_class_id
            member.with_context(
                member_class_reason="manual", member_class_note=self.reason
            ).write(
                {
                    "member_class_id": self.class_id.id,
                    "member_class_locked_until": until,
                }
            )
            self.env["member.operator.log"]._log(
                "class_change", partner=member, detail=self._detail(before)
            )
            self.env.user._member_log_own(member, detail=self._detail(before))
        return {"type": "ir.actions.act_window_close"}

    def _locked_until(self, company):
        if self.keep == "always":
            return FOR_GOOD
        if self.keep == "rules":
            return False
        if not self.until or self.until < company._member_today():
            raise UserError(
                self.env._("Until when is the class kept? Choose today or a later day.")
            )
        return self.until

    def _detail(self, before):
        kept = {"rules": "", "until": f" (≤ {self.until})", "always": " (≤ ∞)"}
        return f"{before.name} → {self.class_id.name}{kept[self.keep]}: {self.reason}"
