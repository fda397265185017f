import logging

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import MemberRefusal

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
            hours = order._member_web_minutes("member_transfer_hold_hours")
            order._member_prolong_seats(3600 * hours)
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

        The mail about it is sent when nothing can be taken back any more: making its
        PDF may commit.

        :return: the confirmed order, or none.
        """
        order = self.sale_order_ids
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
        except MemberRefusal as refusal:
            self._member_give_back(str(refusal))
            return self.env["sale.order"]
        confirmed = confirmed.with_env(self.env)
        if confirmed:
            confirmed._send_order_confirmation_mail()
        else:
            self._member_look_at_unconfirmed()
        return confirmed

    def _member_look_at_unconfirmed(self):
        """Give back what was paid for a cart and does not buy it.

        A part of the price, because the cart grew while it was paid for, or a second
        payment. Parts of a quotation may add up, so those wait.
        """
        order = self.sale_order_ids
        if not order.website_id:
            return
        if order.state in ("draft", "sent"):
            if not order._is_confirmation_amount_reached():
                self._member_give_back(
                    self.env._(
                        "The cart changed while it was paid for: %(paid)s came, "
                        "%(total)s were due.",
                        paid=self.currency_id.format(self.amount),
                        total=order.currency_id.format(order.amount_total),
                    )
                )
        elif order.state == "sale":
            others = order.transaction_ids.filtered(
                lambda each: each.state in ("authorized", "done") and each != self
            )
            paid = sum(others.mapped("amount"))
            if order.currency_id.compare_amounts(paid, order.amount_total) >= 0:
                self._member_give_back(self.env._("This order was paid twice."))
        elif order.state == "cancel":
            self._member_give_back(self.env._("The order was cancelled."))

    # === GIVING BACK === #

    def _member_give_back(self, why):
        """List what was paid in vain, and give it back once that is on the disk.

        The provider is asked after the commit: were it asked before and this
        transaction failed, it would be asked twice.
        """
        self.ensure_one()
        order = self.sale_order_ids
        line = order._member_ticket_lines()[:1]
        exception = self.env["member.ticket.exception"]._record(
            f"tx:{self.id}",
            "no_seat",
            why,
            order,
            transaction_id=self.id,
            partner_id=self.partner_id.id,
            event_id=line.event_id.id,
            slot_id=line.event_slot_id.id,
            ticket_id=line.event_ticket_id.id,
            quantity=sum(each._member_quantity() for each in order.order_line),
            amount=self.amount,
        )
        if exception.state != "open":
            return
        order.message_post(body=why)
        if order.state in ("draft", "sent"):
            order._action_cancel()
        exception._refund_after_commit()

    def _member_refund(self):
        """Give all of this payment back to its source.

        :return: "refunded", "voided", or "" when the provider cannot do it by itself.
        """
        self.ensure_one()
        provider = self.provider_id
        try:
            if self.state == "authorized" and provider.support_manual_capture:
                self._void()
                return "voided"
            if self.state == "done" and provider.support_refund in REFUNDABLE:
                refund = self._refund()
                return "" if refund.state in ("error", "cancel") else "refunded"
        except UserError as error:  # the provider is switched off
            _logger.info("payment %s is not refunded: %s", self.reference, error)
        return ""
