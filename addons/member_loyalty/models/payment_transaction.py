from odoo import models


class PaymentTransaction(models.Model):
    """An online payment that completes a sale order makes it earn its points."""

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        self._member_complete_orders()
        return result

    def _member_complete_orders(self):
        done = self.filtered(lambda transaction: transaction.state == "done")
        if done.sale_order_ids:
            done.sale_order_ids._member_follow_payment()
