from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_users import check_identity


class ResUsers(models.Model):
    """Who approves at somebody else's till, and their PIN for it."""

    _inherit = "res.users"

    member_may_approve = fields.Boolean(compute="_compute_member_may_approve")
    member_has_approval_pin = fields.Boolean(
        "Approval PIN is set", compute="_compute_member_has_approval_pin"
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [
            *super().SELF_READABLE_FIELDS,
            "member_has_approval_pin",
            "member_may_approve",
        ]

    @api.depends("group_ids")
    def _compute_member_may_approve(self):
        rights = set(self.env["member.approval"]._act_rights().values())
        for user in self:
            user.member_may_approve = any(user._member_may(right) for right in rights)

    def _compute_member_has_approval_pin(self):
        # sudo: no one may read PINs; whether there is one is no secret
        pins = self.env["member.approval.pin"].sudo()
        found = pins.search([("partner_id", "in", self.partner_id.ids)]).partner_id
        for user in self:
            user.member_has_approval_pin = user.partner_id in found

    # === ACTIONS === #

    @check_identity
    def action_member_approval_pin(self):
        """Let the user choose the PIN that approves at somebody else's till."""
        self.env.user._member_check_may_approve()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approval PIN"),
            "res_model": "member.approval.pin.wizard",
            "view_mode": "form",
            "target": "new",
        }

    def action_member_approval_pin_remove(self):
        """Take a user's PIN away: for somebody who left or whose PIN is known."""
        self.env.user._member_require("edit")
        # sudo: no one may write PINs, the verbs do
        pins = self.env["member.approval.pin"].sudo()
        pins.search([("partner_id", "in", self.partner_id.ids)]).unlink()
        for user in self:
            self.env["member.operator.log"]._log(
                "approval_pin_removed", detail=user.name
            )

    # === BUSINESS METHODS === #

    def _member_check_may_approve(self):
        if not self.member_may_approve:
            raise UserError(
                self.env._(
                    "You have no right that others could ask you to use at the till."
                )
            )
