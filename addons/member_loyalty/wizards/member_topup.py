from odoo import models


class MemberTopup(models.TransientModel):
    """A top-up from the office earns what one at the till does."""

    _inherit = "member.topup"

    def _credit(self, payment, room_key):
        result = super()._credit(payment, room_key)
        payment._member_earn(self._context(payment))
        return result
