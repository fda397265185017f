from odoo import models


class IrHttp(models.AbstractModel):
    """The customer display says its words in the customer's language."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # the customer display is a page of the website
        return [*super()._get_translation_frontend_modules_name(), "member_ticketing"]
