from odoo import models

from ..till import VERSION


class IrHttp(models.AbstractModel):
    """What a page is told: the version it was opened with, and its words."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # the customer display is a page of the website
        return [*super()._get_translation_frontend_modules_name(), "member_card"]

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["member_card_version"] = VERSION
        return info
