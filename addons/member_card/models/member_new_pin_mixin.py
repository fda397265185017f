from odoo import api, fields, models
from odoo.exceptions import UserError


class MemberNewPinMixin(models.AbstractModel):
    """Somebody types a new PIN twice; saving the form sets it.

    Neither field is stored: the PIN goes straight to where it is hashed and never
    reaches the table of a wizard.
    """

    _name = "member.new.pin.mixin"
    _description = "New PIN, Typed Twice"

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
            wizard._check_may_set_pin()
            if not wizard.pin or wizard.pin != wizard.pin_again:
                raise UserError(
                    self.env._("The two PINs differ. Type the same PIN twice.")
                )
            wizard._set_pin()

    def _check_may_set_pin(self):
        """Refuse a user or a person that this PIN is not for."""
        raise NotImplementedError

    def _set_pin(self):
        """Hand `pin` to the model that hashes it."""
        raise NotImplementedError

    def _done_message(self):
        """Return the sentence that says whose PIN is set."""
        raise NotImplementedError

    def action_done(self):
        """Say that saving has set the PIN."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._done_message(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
