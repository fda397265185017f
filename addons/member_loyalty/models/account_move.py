from odoo import models


class AccountMove(models.Model):
    """Invoices that are paid make their sale orders earn; credit notes take back."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._member_follow_orders("out_invoice")
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._member_follow_orders("out_refund")
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._member_follow_orders("out_refund")
        return result

    def _member_follow_orders(self, move_type):
        """Bring the points of the sale orders of these moves where they belong now."""
        moves = self.filtered(lambda move: move.move_type == move_type)
        # sudo: an accountant need not read sale orders
        orders = moves.sudo().line_ids.sale_line_ids.order_id
        if orders:
            orders._member_follow_payment()
