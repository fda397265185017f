from datetime import date

from odoo import api, fields, models

FOR_GOOD = date(9999, 12, 31)
"""A class that is kept until this day is kept for good."""


class ResPartner(models.Model):
    """A class that somebody fixed by hand, and purchases that may change a class."""

    _inherit = "res.partner"

    member_class_locked_until = fields.Date(
        "Class Kept Until",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="No class rule changes the class up to this day, this day included.",
    )
    member_class_lock = fields.Selection(
        [("until", "Kept until a date"), ("always", "Kept for good")],
        compute="_compute_member_class_lock",
        groups="base.group_user",
    )

    @api.depends("member_class_locked_until", "member_company_id")
    def _compute_member_class_lock(self):
        for partner in self:
            until = partner.member_class_locked_until
            company = partner.member_company_id or self.env.company
            if not until or until < company._member_today():
                partner.member_class_lock = False
            else:
                partner.member_class_lock = "always" if until == FOR_GOOD else "until"

    @api.model
    def _member_guarded_fields(self):
        return (*super()._member_guarded_fields(), "member_class_locked_until")

    # === ACTIONS === #

    def action_member_change_class(self):
        """Open the wizard that gives these members another class, or fixes theirs."""
        self.env.user._member_require("edit")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Class"),
            "res_model": "member.class.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    # === BUSINESS === #

    def _member_class_in(self, company):
        """Return the class of an active member of this legal entity, or no class."""
        # sudo: the class decides what a customer gets, also of who reads no members
        member = self.sudo()
        if not member.is_member or member.member_state != "active":
            return self.env["member.class"]
        if member.member_company_id != company._member_root():
            return self.env["member.class"]
        return member.member_class_id

    def _member_classes_since(self, moment):
        """Return the classes that this member has had at any time since `moment`."""
        # sudo: the history decides what was right when an order was made
        history = self.env["member.class.assignment"].sudo()
        return history.search(
            [
                ("partner_id", "=", self.id),
                *("|", ("date_to", "=", False), ("date_to", ">=", moment)),
            ]
        ).class_id
