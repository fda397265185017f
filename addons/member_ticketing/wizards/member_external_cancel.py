from odoo import fields, models


class MemberExternalCancel(models.TransientModel):
    """Cancels a purchase made elsewhere: says first how many points go back."""

    _name = "member.external.cancel"
    _description = "Cancel a Purchase Made Elsewhere"

    purchase_id = fields.Many2one(
        "member.external.purchase", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="purchase_id.partner_id")
    performance = fields.Char(related="purchase_id.performance")
    points = fields.Float("Points That Go Back", related="purchase_id.points")
    reason = fields.Char(required=True, help="Kept in the operator log.")

    def action_confirm(self):
        """Cancel it; the points it earned are taken back."""
        self.ensure_one()
        self.purchase_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
