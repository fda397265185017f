from odoo import api, fields, models
from odoo.exceptions import UserError


class MemberPinWizard(models.TransientModel):
    """The member types a new PIN twice.

    A first PIN takes the right to register, another one the right to edit. Neither
    field is stored: the PIN goes straight to `member.pin` and never reaches the table
    of this wizard.
    """

    _name = "member.pin.wizard"
    _description = "Set PIN"

    partner_id = fields.Many2one("res.partner", "Member", required=True, readonly=True)
    has_pin = fields.Boolean(related="partner_id.member_has_pin")
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
            # the first PIN is set where the member joins; a new one, which unlocks and
            # replaces what only the member knows, takes more
            right = "edit" if wizard.partner_id.member_has_pin else "register"
            self.env.user._member_require(right)
            if not wizard.partner_id.is_member:
                raise UserError(self.env._("Only members have a PIN."))
            if not wizard.pin or wizard.pin != wizard.pin_again:
                raise UserError(
                    self.env._("The two PINs differ. Type the same PIN twice.")
                )
            self.env["member.pin"]._set(wizard.partner_id, wizard.pin)

    def action_done(self):
        """Say that saving has set the PIN."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The PIN of %(member)s is set.", member=self.partner_id.name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
