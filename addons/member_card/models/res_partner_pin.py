from odoo import fields, models


class ResPartner(models.Model):
    """Whether a member has a PIN, and what operators do about it."""

    _inherit = "res.partner"

    member_has_pin = fields.Boolean(
        "PIN Set",
        compute="_compute_member_has_pin",
        compute_sudo=True,
        groups="base.group_user",
    )
    member_pin_locked_until = fields.Datetime(
        "PIN Locked Until",
        compute="_compute_member_has_pin",
        compute_sudo=True,
        groups="base.group_user",
    )

    # === COMPUTE === #

    def _compute_member_has_pin(self):
        pins = self.env["member.pin"].search([("partner_id", "in", self.ids)])
        now = fields.Datetime.now()
        until = {pin.partner_id: pin.locked_until for pin in pins}
        for partner in self:
            locked = until.get(partner._origin)
            partner.member_has_pin = partner._origin in until
            partner.member_pin_locked_until = locked and locked > now and locked

    # === ACTIONS === #

    def action_member_set_pin(self):
        """Open the wizard in which the member types a PIN twice."""
        self.ensure_one()
        self.env.user._member_require("edit" if self.member_has_pin else "register")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set PIN"),
            "res_model": "member.pin.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def action_member_unlock_pin(self):
        """End the lock-out after wrong PINs; the PIN stays as it is."""
        self.ensure_one()
        self.env.user._member_require("edit")
        self.env["member.pin"]._unlock(self)
