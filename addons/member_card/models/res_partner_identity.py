from odoo import fields, models


class ResPartner(models.Model):
    """The identity documents by which a member is found."""

    _inherit = "res.partner"

    member_identity_ids = fields.One2many(
        "member.identity",
        "partner_id",
        "Identity Documents",
        groups="member_card.group_member_register",
    )

    def action_member_add_identity(self):
        """Open the wizard that takes down a document."""
        self.ensure_one()
        self.env.user._member_require(
            "edit" if self.member_identity_ids else "register"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Identity Document"),
            "res_model": "member.identity.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
