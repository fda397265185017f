from odoo import fields, models


class MemberIdentityWizard(models.TransientModel):
    """Takes down the identity document by which a member can be found."""

    _name = "member.identity.wizard"
    _description = "Identity Document"

    partner_id = fields.Many2one("res.partner", "Member", required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["member.identity"]._fields["kind"]._description_selection(self.env)
        ),
        required=True,
        default="resident",
    )
    number = fields.Char()

    def action_done(self):
        """Keep what finds the member again; the number is forgotten."""
        self.ensure_one()
        identity = self.env["member.identity"]._set(
            self.partner_id, self.kind, self.number
        )
        self.number = False
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(member)s is found by document %(document)s now.",
                    member=self.partner_id.name,
                    document=identity.masked,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
