from odoo import fields, models


class BarcodeRule(models.Model):
    _inherit = "barcode.rule"

    type = fields.Selection(
        selection_add=[("member", "Member Card")],
        ondelete={"member": "set default"},
    )
