from odoo import models

from ..till import VERSION


class IrHttp(models.AbstractModel):
    """A page knows which version of the add-on it was opened with."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["member_card_version"] = VERSION
        return info
