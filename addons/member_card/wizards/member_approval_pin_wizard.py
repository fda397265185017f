from odoo import api, fields, models
from odoo.exceptions import UserError


class MemberApprovalPinWizard(models.TransientModel):
    """A user types their own new approval PIN twice; neither field is stored."""

    _name = "member.approval.pin.wizard"
    _description = "Set My Approval PIN"

    pin = fields.Char("New PIN", compute="_compute_pins", inverse="_inverse_pins")
    pin_again = fields.Char("Again", compute="_compute_pins", inverse="_inverse_pins")

    def _compute_pins(self):
        for wizard in self:
            wizard.pin = wizard.pin_again = False

    @api.onchange("pin", "pin_again")
    def _onchange_pins(self):
        if self.pin and self.pin_again and self.pin != self.pin_again:
            return {
                "warning": {
                    "title": self.env._("The two PINs differ"),
                    "message": self.env._("Type the same PIN twice."),
                }
            }
        return None

    def _inverse_pins(self):
        """Set the PIN as soon as the form is saved."""
        for wizard in self:
            if not wizard.pin or wizard.pin != wizard.pin_again:
                raise UserError(
                    self.env._("The two PINs differ. Type the same PIN twice.")
                )
            user = self.env.user
            user._member_check_may_approve()
            self.env["member.approval.pin"]._set(user.partner_id, wizard.pin)

    def action_done(self):
        """Say that saving has set the PIN."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your approval PIN is set."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
