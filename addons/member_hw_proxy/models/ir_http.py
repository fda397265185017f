from odoo import models

from .member_hw_agent import SETUP
from .member_hw_agent_access import READERS


class IrHttp(models.AbstractModel):
    """What a page of the backend shows of readers; the verbs check the rights."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        user = self.env.user
        if user._is_internal():
            info["member_hw"] = {
                "reads_cards": any(user._member_may(right) for right in READERS),
                "sets_up": user._member_may(SETUP),
            }
        return info
