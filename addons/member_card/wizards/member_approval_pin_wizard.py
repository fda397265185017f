from odoo import models


class MemberApprovalPinWizard(models.TransientModel):
    """A user types their own new approval PIN twice."""

    _name = "member.approval.pin.wizard"
    _inherit = "member.new.pin.mixin"
    _description = "Set My Approval PIN"

    def _check_may_set_pin(self):
        self.env.user._member_check_may_approve()

    def _set_pin(self):
        self.env["member.approval.pin"]._set(self.env.user.partner_id, self.pin)

    def _done_message(self):
        return self.env._("Your approval PIN is set.")
