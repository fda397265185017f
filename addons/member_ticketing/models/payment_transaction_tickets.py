import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

REFUNDABLE = ("full_only", "partial")


class PaymentTransaction(models.Model):
    """Money that comes for tickets: it gets its seats, or it goes back.

    A payment may arrive when the cart's seats are no longer held. They are held again
    if they are left. If not, the order is not confirmed: what was paid goes back to
    where it came from, by itself where the provider can, and the customer is told. No
    order stays paid and unconfirmed without somebody knowing of it.
    """

    _inherit = "payment.transaction"

    def _set_pending(self, **kwargs):
        """Hold the seats for as long as a slow payment may take."""
        transactions = super()._set_pending(**kwargs)
        for order in transactions.sale_order_ids:
            if not order._member_ticket_lines():
                continue
            hours = order._member_web_minutes("member_transfer_hold_hours")
            seconds = order._member_cart_seconds(is_paying=True, hours=hours)
            order._member_prolong_seats(seconds)
        return transactions

    def _check_amount_and_confirm_order(self):
        confirmed = self.env["sale.order"]
        for transaction in self:
            order = transaction.sale_order_ids
            if len(order) == 1 and order._member_ticket_lines():
                confirmed |= transaction._member_confirm_order()
            else:
                confirmed |= super(
                    PaymentTransaction, transaction
                )._check_amount_and_confirm_order()
        return confirmed

    def _member_confirm_order(self):
        """Confirm the order with tickets of this payment, or give the money back.

        Whatever stands in the way, not only a seat that is gone: the next attempt would
        meet it again, and the order would stay paid and unconfirmed.

        :return: the confirmed order, or none.
        """
        order = self.sale_order_ids
        # Odoo forgets to sum it up anew when a payment comes in
        order.invalidate_recordset(["amount_paid"])
        later = self.with_context(member_mail_later=True)
        try:
            with self.env.cr.savepoint():
                order._member_revive()
                if order.state in ("draft", "sent"):
                    # before anything is confirmed
                    order._member_hold_for_payment(is_paid=True)
                # pylint: disable-next=super-method-mismatch
                confirmed = super(
                    PaymentTransaction, later
                )._check_amount_and_confirm_order()
        except UserError as refusal:
            self._member_give_back("no_seat", str(refusal), self.amount)
            self._member_give_other_parts_back(str(refusal))
            return self.env["sale.order"]
        confirmed = confirmed.with_env(self.env)
        self._member_look_at_amount()
        if confirmed:
            self._member_send_confirmation(confirmed)
        return confirmed

    def _member_send_confirmation(self, order):
        """Send the mail about a confirmed order; without it the order stands as well.

        It is sent when nothing can be taken back any more: making its PDF may commit.
        """
        try:
            order._send_order_confirmation_mail()
        except UserError:
            _logger.exception("order %s is confirmed without its mail", order.name)

    def _member_look_at_amount(self):
        """Give back what was paid for this order and buys nothing.

        A part of a cart's price, because the cart grew while it was paid for; all that
        comes for an order that was cancelled; what is more than the price of one that
        is sold. Parts of a quotation may add up, so those wait.
        """
        order = self.sale_order_ids
        if order.state == "cancel":
            self._member_give_back(
                "no_seat", self.env._("The order was cancelled."), self.amount
            )
        elif order.state == "sale":
            order._member_give_surplus_back()
        elif (
            order.website_id or order.is_member_reservation
        ) and not order._is_confirmation_amount_reached():
            self._member_give_back(
                "underpaid",
                self.env._(
                    "%(paid)s came, %(total)s were due. The cart may have changed "
                    "while it was paid for.",
                    paid=self.currency_id.format(self.amount),
                    total=order.currency_id.format(order.amount_total),
                ),
                self.amount,
            )

    # === GIVING BACK === #

    def _member_give_back(self, reason, why, amount):
        """List what was paid in vain, and give it back once that is on the disk.

        The provider is asked after the commit: were it asked before and this
        transaction failed, it would be asked twice.

        :param reason: see `member.ticket.exception`.
        :param amount: all of this payment, or the part that buys nothing.
        """
        self.ensure_one()
        order = self.sale_order_ids
        lines = order._member_ticket_lines()
        is_surplus = reason == "surplus"
        exception = self.env["member.ticket.exception"]._record(
            f"tx:{self.id}",
            reason,
            why,
            order,
            transaction_id=self.id,
            partner_id=self.partner_id.id,
            event_id=lines[:1].event_id.id,
            slot_id=lines[:1].event_slot_id.id,
            ticket_id=lines[:1].event_ticket_id.id,
            quantity=0
            if is_surplus
            else sum(line._member_quantity() for line in lines),
            amount=amount,
            currency_id=self.currency_id.id,
        )
        if exception.state != "open" or exception.refund_tried_at:
            return
        order.message_post(body=why)
        # a reservation keeps its seats until its end, whatever was paid in vain
        keeps = order.is_member_reservation and reason == "underpaid"
        if order.state in ("draft", "sent") and not keeps:
            order._action_cancel()
        exception._refund_after_commit()

    def _member_give_other_parts_back(self, why):
        """Give back what was paid for the order before: it buys nothing either."""
        for part in self.sale_order_ids.transaction_ids - self:
            left = part.amount - part._member_given_back()
            if (
                part._member_is_received()
                and len(part.sale_order_ids) == 1
                and part.currency_id.compare_amounts(left, 0) > 0
            ):
                part._member_give_back("no_seat", why, left)

    def _member_is_received(self):
        """Tell whether the money of this payment is here, or promised by the bank."""
        return self.state in ("authorized", "done") and self.operation != "refund"

    def _member_given_back(self, but=()):
        """Return how much of this payment goes back, or is on the list to.

        :param but: exceptions on the list that are about to be settled by seats.
        """
        self.ensure_one()
        # sudo: shoppers read no exceptions
        listed = self.env["member.ticket.exception"].sudo()
        listed = listed.search(
            [("transaction_id", "=", self.id), ("is_seat_given", "=", False)]
        ).filtered(lambda each: each not in but)
        refunds = self._member_live_refunds()
        return max(sum(listed.mapped("amount")), -sum(refunds.mapped("amount")))

    def _member_live_refunds(self):
        """Return what went back of this payment, or is on its way; amounts below 0."""
        return self.child_transaction_ids.filtered(
            lambda each: (
                each.operation == "refund" and each.state not in ("error", "cancel")
            )
        )

    def _member_refund(self, amount):
        """Give this payment, or a part of it, back to its source.

        :return: "refunded", "voided", or "" when the provider cannot do it by itself.
        """
        self.ensure_one()
        provider = self.provider_id
        is_part = self.currency_id.compare_amounts(amount, self.amount) < 0
        able = ("partial",) if is_part else REFUNDABLE
        try:
            if (
                self.state == "authorized"
                and provider.support_manual_capture
                and not is_part
            ):
                void = self._void()
                return "" if void.state == "error" else "voided"
            if self.state == "done" and provider.support_refund in able:
                refund = self._refund(amount_to_refund=amount)
                return "" if refund.state in ("error", "cancel") else "refunded"
        except UserError as error:  # the provider is switched off
            _logger.info("payment %s is not refunded: %s", self.reference, error)
        return ""

    # === REFUNDS THAT FAIL LATER === #

    def _set_error(self, *args, **kwargs):
        transactions = super()._set_error(*args, **kwargs)
        transactions._member_reopen_refunds()
        transactions._member_reopen_voids()
        return transactions

    def _set_canceled(self, *args, **kwargs):
        transactions = super()._set_canceled(*args, **kwargs)
        transactions._member_reopen_refunds()
        return transactions

    def _member_reopen_refunds(self):
        """Put back on the list what a provider took on first and did not do."""
        for refund in self.filtered(lambda each: each.operation == "refund"):
            # sudo: the provider speaks here
            self.env["member.ticket.exception"].sudo().search(
                [
                    ("transaction_id", "=", refund.source_transaction_id.id),
                    ("state", "=", "settled"),
                ]
            )._refund_failed(refund.state_message)

    def _member_reopen_voids(self):
        """Put back on the list what a provider was to void and still holds.

        What got its seats meanwhile is captured: nothing of that is given back.
        """
        for void in self:
            payment = void.source_transaction_id
            if payment.state != "authorized" or void.operation == "refund":
                continue
            # sudo: the provider speaks here
            self.env["member.ticket.exception"].sudo().search(
                [
                    ("transaction_id", "=", payment.id),
                    ("amount", ">=", payment.amount),  # parts are not voided
                    ("state", "=", "settled"),
                    ("is_seat_given", "=", False),
                ]
            )._refund_failed(void.state_message)
