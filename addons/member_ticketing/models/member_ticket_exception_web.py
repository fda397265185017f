import logging
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class MemberTicketException(models.Model):
    """Payments that bought nothing: the money goes back by itself where it can."""

    _inherit = "member.ticket.exception"

    refund_tried_at = fields.Datetime(
        "Refund Tried On",
        readonly=True,
        help="When the provider of the payment was asked to give the money back.",
    )
    is_refund_unanswered = fields.Boolean(
        "Answer Unknown",
        readonly=True,
        help="The provider was asked to give the money back, and what came of it is "
        "not known. It is not asked a second time by itself.",
    )

    def action_refund(self):
        """Ask the provider again, or open the payment where it cannot do it.

        Where its answer is not known somebody has to look, so the payment opens, too.

        :raise UserError: all of it went back already.
        """
        if not self.transaction_id:
            return super().action_refund()
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            return None
        if not self.is_refund_unanswered:
            if self.currency_id.is_zero(self._amount_to_give_back()):
                raise UserError(
                    self.env._(
                        "This money went back already, or is on its way. Mark this as "
                        "settled."
                    )
                )
            if self._refund_payment(again=True):
                return None
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "res_id": self.transaction_id.id,
            "views": [(False, "form")],
        }

    def _give_seats(self):
        """Sell the seats after all when some came back and the money is still here.

        :raise UserError: it is on its way back, or may be, or other parts of it are and
            the rest does not pay for the order.
        """
        if not self.transaction_id or self.reason != "no_seat":
            return super()._give_seats()
        if self.is_refund_unanswered:
            raise UserError(
                self.env._(
                    "The provider was asked to give the money back, and its answer is "
                    "not known. Look there first."
                )
            )
        if self.transaction_id.child_transaction_ids.filtered(
            lambda each: each.operation == "refund" and each.state != "error"
        ):
            raise UserError(
                self.env._("The money is on its way back. Sell the seats anew.")
            )
        # sudo: clerks who settle exceptions need not be salespeople
        order = self.sale_order_id.sudo()
        # sudo: written by this verb only
        parts = self.sudo().search(
            [
                ("sale_order_id", "=", order.id),
                ("transaction_id", "!=", self.transaction_id.id),
                ("reason", "=", "no_seat"),
                ("state", "=", "open"),
                ("is_refund_unanswered", "=", False),
            ]
        )
        (self.sudo() | parts)._check_still_paid(order)
        if order.state == "cancel":
            order.action_draft()
        order._member_hold_for_payment(is_paid=True)
        order.with_context(send_email=True).action_confirm()
        parts.is_seat_given = True
        parts._settle(self.env._("Seats were given after all."))
        return None

    def _check_still_paid(self, order):
        """Refuse the seats of an order that the money still here does not pay for.

        :param order: the order of these exceptions, in sudo mode; a deposit is enough
            where it asks for one.
        """
        due = order._get_prepayment_required_amount() or order.amount_total
        kept = order._member_paid_at_till() + sum(
            payment.amount - payment._member_given_back(but=self)
            for payment in order.transaction_ids
            if payment._member_is_received()
        )
        if order.currency_id.compare_amounts(kept, due) < 0:
            raise UserError(
                self.env._(
                    "Only %(kept)s of %(due)s is still here: the rest went back, is on "
                    "its way or never came. Give it back, and sell the seats anew.",
                    kept=order.currency_id.format(kept),
                    due=order.currency_id.format(due),
                )
            )

    def _refund_after_commit(self):
        """Give the money back right after the commit; a job does what is left over."""
        self.ensure_one()
        # as the job does it: neither the shopper's rights nor their language
        job = self.with_env(self.env(user=SUPERUSER_ID, context={}))
        self.env.cr.postcommit.add(job._try_refund)

    @api.model
    def _cron_refund_payments(self):
        """Give back what a crash kept from being given back.

        Only where the provider was never asked: whether it did what it was asked for
        is looked up by a person.
        """
        waiting = self.search(
            [
                ("state", "=", "open"),
                ("transaction_id", "!=", False),
                ("refund_tried_at", "=", False),
            ]
        )
        for exception in waiting:
            exception._try_refund()
            self.env["ir.cron"]._commit_progress(1)

    def _try_refund(self):
        try:
            self._refund_payment()
        except Exception:  # what was committed stands, and others wait
            _logger.exception("exception %s: its refund was cut short", self.id)

    def _refund_payment(self, again=False):
        """Give the payment back to its source and tell the customer; once.

        Each step is committed on its own: that the provider is going to be asked, what
        it answered, what follows from that, and the mail. Were it one transaction, what
        fails at its end would undo the mark, and the provider be asked a second time.

        :param again: somebody asks for it who knows that it could not be done before.
        :return: whether the money goes back, or somebody else takes care of it.
        """
        self.ensure_one()
        with self._in_own_transaction() as exception:
            if not exception._mark_as_asked(again):
                return True
        with self._in_own_transaction() as exception:
            answer = exception._ask_provider()
        with self._in_own_transaction() as exception:
            exception._follow_answer(answer)
        self._tell_customer()
        return bool(answer)

    @contextmanager
    def _in_own_transaction(self):
        """Give this exception in a transaction that is committed at the end."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    def _mark_as_asked(self, again):
        """Note that the provider is asked now; who comes second does not ask.

        :return: whether it is to be asked.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE member_ticket_exception"
                " SET refund_tried_at = %s, is_refund_unanswered = TRUE"
                " WHERE id = %s AND state = 'open'"
                " AND is_refund_unanswered IS NOT TRUE"
                " AND (refund_tried_at IS NULL OR %s) RETURNING id",
                fields.Datetime.now(),
                self.id,
                again,
            )
        )
        return bool(self.env.cr.fetchone())

    def _ask_provider(self):
        """Ask for what did not go back yet.

        :return: "refunded", "voided", "already" when there was nothing to ask for, or
            "" when the provider cannot do it by itself.
        """
        # sudo: supervisors settle exceptions and need not administer payments
        exception = self.sudo()
        # first, so that nobody changes it meanwhile; undone where no answer comes
        exception.is_refund_unanswered = False
        exception.flush_recordset()
        amount = exception._amount_to_give_back()
        if exception.currency_id.is_zero(amount):
            return "already"
        return exception.transaction_id._member_refund(amount)

    def _amount_to_give_back(self):
        """Return what of the amount did not go back since it was listed."""
        # sudo: as above
        exception = self.sudo()
        payment = exception.transaction_id
        refunds = payment._member_live_refunds()
        since = refunds.filtered(lambda each: each.create_date >= exception.create_date)
        left = min(
            exception.amount + sum(since.mapped("amount")),
            payment.amount + sum(refunds.mapped("amount")),
        )
        return max(exception.currency_id.round(left), 0)

    def _follow_answer(self, answer):
        """Settle what goes back, or say that somebody has to do it by hand."""
        if answer == "refunded":
            self._settle(self.env._("The payment was refunded."))
        elif answer == "voided":
            self._settle(self.env._("The payment was voided."))
        elif answer == "already":
            self._settle(self.env._("The money had gone back already."))
        else:
            self.message_post(
                body=self.env._(
                    "The provider of the payment cannot give the money back by itself. "
                    "Give it back by hand, then mark this as settled."
                )
            )

    def _tell_customer(self):
        """Send a mail on what becomes of the money; it says what is so now.

        Without it the money goes back as well, and somebody else has to tell.
        """
        try:
            with self._in_own_transaction() as exception:
                exception._send_customer_mail()
        except Exception as error:  # a template is anybody's to edit
            _logger.exception("exception %s: the customer was not told", self.id)
            with self._in_own_transaction() as exception:
                # sudo: the rule speaks here
                exception.sudo()._ask_for_help(
                    self.env._(
                        "The customer was not told what becomes of the money: the mail "
                        "could not be made. Tell them yourself. %(why)s",
                        why=error,
                    )
                )

    def _send_customer_mail(self):
        surplus = self.reason == "surplus"
        name = "surplus_payment" if surplus else "late_payment"
        template = self.env.ref(f"member_ticketing.mail_template_ticket_{name}")
        template.sudo().send_mail(self.id)

    def _refund_failed(self, why):
        """Put back on the list what was settled: the provider did not do it."""
        for exception in self:
            exception.write(
                {
                    "state": "open",
                    "settled_by_id": False,
                    "settled_at": False,
                    "resolution": False,
                }
            )
            note = self.env._(
                "The refund failed. Give the money back by hand. %(why)s", why=why or ""
            )
            exception.message_post(body=note)
            exception._ask_for_help(note)
