from odoo import models

from .sale_order_points import PAID


class AccountMove(models.Model):
    """Invoices that are paid make their sale orders earn; credit notes take back.

    So does an invoice of a cancelled order that goes back to draft, and gives again
    when it is posted with its payments. Neither makes an order earn that has not yet.
    """

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._member_orders("out_invoice")._member_follow_payment()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._member_orders("out_refund")._member_follow_payment()
        paid = posted.filtered(lambda move: move.payment_state in PAID)
        paid._member_follow_earned()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._member_orders("out_refund")._member_follow_payment()
        self._member_follow_earned()
        return result

    def _member_follow_earned(self):
        """Bring the points that the orders of these invoices have where they belong."""
        orders = self._member_orders("out_invoice")
        orders.filtered("member_point_earning_ids")._member_follow_payment()

    def _member_orders(self, move_type):
        """Return the sale orders of the moves of this type, in sudo mode."""
        moves = self.filtered(lambda move: move.move_type == move_type)
        # sudo: an accountant need not read sale orders
        return moves.sudo().line_ids.sale_line_ids.order_id
