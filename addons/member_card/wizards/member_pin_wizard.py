from odoo import fields, models
from odoo.exceptions import UserError


class MemberPinWizard(models.TransientModel):
    """The member types a new PIN twice.

    A first PIN takes the right to register, another one the right to edit.
    """

    _name = "member.pin.wizard"
    _inherit = "member.new.pin.mixin"
    _description = "Set PIN"

    partner_id = fields.Many2one("res.partner", "Member", required=True, readonly=True)
    has_pin = fields.Boolean(related="partner_id.member_has_pin")

    def _check_may_set_pin(self):
        # the first PIN is set where the member joins; a new one, which unlocks and
        # replaces what only the member knows, takes more
        right = "edit" if self.partner_id.member_has_pin else "register"
        self.env.user._member_require(right)
        if not self.partner_id.is_member:
            raise UserError(self.env._("Only members have a PIN."))

    def _set_pin(self):
        self.env["member.pin"]._set(self.partner_id, self.pin)

    def _done_message(self):
        return self.env._("The PIN of %(member)s is set.", member=self.partner_id.name)
