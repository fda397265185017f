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

    def _member_all_went_back(self):
        """Tell whether all that came in with these payments was given back."""
        done, back = self._member_done_and_back()
        kept = sum(each.amount for each in done + back)
        return bool(back) and back[0].currency_id.compare_amounts(kept, 0) <= 0

    def _member_went_back_before(self, moment):
        """Return how much of what came in was given back before that moment."""
        _done, back = self._member_done_and_back()
        return -sum(each.amount for each in back if each.last_state_change < moment)

    def _member_done_and_back(self):
        """Return lists of the payments that came in, and of their refunds (below 0)."""
        # not filtered: a list of orders reads the refunds of all of them at once
        done = [
            each for each in self if each.state == "done" and each.operation != "refund"
        ]
        back = [
            refund
            for each in done
            for refund in each.child_transaction_ids
            if refund.state == "done" and refund.operation == "refund"
        ]
        return done, back
