from odoo import models


class AccountMove(models.Model):
    """The entry of a top-up is undone only together with the top-up."""

    _inherit = "account.move"

    def button_draft(self):
        self.origin_payment_id._check_member_value_taken_back()
        return super().button_draft()

    def button_cancel(self):
        self.origin_payment_id._check_member_value_taken_back()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self.origin_payment_id._check_member_value_taken_back()
        return super()._reverse_moves(default_values_list, cancel=cancel)
