from odoo import models

VALID = ("draft", "open", "done")


class PaymentTransaction(models.Model):
    """Refunds of orders that are sold: money that went back leaves no open door.

    Somebody gave it back at the provider or on the payment, where nothing is known of
    seats. Has all of it gone, the tickets that were not used are cancelled. Of a part
    nobody knows which tickets it was for. Either way it is listed, with what to do.
    """

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        for transaction in self:
            if transaction.operation == "refund" and transaction.state == "done":
                # sudo: the provider speaks here
                refund = transaction.sudo()
                for order in refund._member_refunded_orders():
                    refund._member_take_tickets_back(order)
        return result

    def _member_refunded_orders(self):
        """Return the sold orders with tickets that this refund's payment was for."""
        source = self.source_transaction_id
        orders = source.sale_order_ids
        orders |= source.invoice_ids.line_ids.sale_line_ids.order_id
        return orders.filtered(
            lambda order: order.state == "sale" and order._member_ticket_lines()
        )

    def _member_take_tickets_back(self, order):
        """List this refund where tickets stay that are not paid for any more.

        What was paid beyond the price went back without touching them; neither is
        there anything to do when the attendees were cancelled first.
        """
        kept = order._member_payment_kept()
        if self.currency_id.compare_amounts(kept, order._member_worth()) >= 0:
            return
        seats = order._member_ticket_lines().registration_ids.filtered(
            lambda seat: seat.active and seat.state in VALID
        )
        unused = seats.filtered(lambda seat: seat.state != "done")
        amount = self.currency_id.format(-self.amount)
        all_went = order._member_is_all_given_back()
        if all_went:
            unused.action_cancel()
            why = self.env._(
                "%(amount)s went back through the payment provider: now all that was "
                "paid. Tickets cancelled, their seats for sale: %(cancelled)s. Used "
                "before: %(used)s. Cancel the order, or make a credit note for its "
                "invoice: its points go back with it. Then mark this as settled.",
                amount=amount,
                cancelled=len(unused),
                used=len(seats) - len(unused),
            )
        else:
            why = self.env._(
                "%(amount)s went back through the payment provider. Tickets that still "
                "open the door: %(tickets)s. Cancel the attendees whose tickets came "
                "back, and make a credit note for the invoice: the points go back with "
                "it. Then mark this as settled.",
                amount=amount,
                tickets=len(unused),
            )
        exceptions = self.env["member.ticket.exception"]
        if all_went:  # what was asked for parts of it has been done
            exceptions.search(
                [("sale_order_id", "=", order.id), ("reason", "=", "refunded")]
            )._settle(self.env._("All of it went back meanwhile."))
        line = order._member_ticket_lines()[:1]
        exceptions._record(
            # one payment may have paid for more than one order
            f"refund:{self.id}:{order.id}",
            "refunded",
            why,
            order,
            event_id=line.event_id.id,
            slot_id=line.event_slot_id.id,
            ticket_id=line.event_ticket_id.id,
            quantity=len(unused),
            amount=-self.amount,
            currency_id=self.currency_id.id,
        )
        order.message_post(body=why)


class SaleOrder(models.Model):
    """What of an order is paid for, after refunds of its payments."""

    _inherit = "sale.order"

    def _member_payments(self):
        """Return the payments for this order or for its invoices that came in."""
        transactions = self.transaction_ids | self.invoice_ids.transaction_ids
        return transactions.filtered(
            lambda each: each.state == "done" and each.operation != "refund"
        )

    def _member_payment_refunds(self):
        return self._member_payments().child_transaction_ids.filtered(
            lambda each: each.state == "done" and each.operation == "refund"
        )

    def _member_payment_kept(self):
        """Return what was paid online or at a till and did not go back."""
        self.ensure_one()
        return (
            self._member_paid_at_till()
            + sum(self._member_payments().mapped("amount"))
            + sum(self._member_payment_refunds().mapped("amount"))
        )

    def _member_is_all_given_back(self):
        """Tell whether the whole price was paid like this, and nothing of it is here.

        What was paid in other ways, such as by bank, no provider gives back.
        """
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        received = sum(self._member_payments().mapped("amount"))
        return (
            compare(received, self.amount_total) >= 0
            and compare(self._member_payment_kept(), 0) <= 0
        )

    def _member_worth(self):
        """Return the price of what the order sells, without cancelled tickets."""
        self.ensure_one()
        worth = self.amount_total
        for line in self._member_ticket_lines():
            quantity = line._member_quantity()
            valid = line.registration_ids.filtered(
                lambda seat: seat.active and seat.state in VALID
            )
            gone = max(quantity - len(valid), 0)
            if gone:
                worth -= line.price_total * gone / quantity
        return worth
