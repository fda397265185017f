from odoo import fields, models


class MemberOriginMixin(models.AbstractModel):
    """Who asked for a movement of value, where, with which card, for which document."""

    _name = "member.origin.mixin"
    _description = "Origin of a Movement of Value"

    store_id = fields.Many2one("member.store", ondelete="restrict", readonly=True)
    operator_id = fields.Many2one("res.users", ondelete="restrict", readonly=True)
    salesperson_id = fields.Many2one("hr.employee", ondelete="restrict", readonly=True)
    card_id = fields.Many2one("member.card", ondelete="restrict", readonly=True)
    pos_config_id = fields.Many2one(
        "pos.config", string="Till", ondelete="restrict", readonly=True
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field="res_model", readonly=True
    )
    reference = fields.Char(readonly=True, help="Number of the document, as printed.")
    note = fields.Char("Reason", readonly=True)

    def action_open_document(self):
        """Open the document that caused this movement, if the reader may see it."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
