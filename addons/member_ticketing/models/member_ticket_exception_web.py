import logging

from odoo import api, fields, models
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

    def action_refund(self):
        """Ask the provider again, or open the payment where it cannot do it."""
        if not self.transaction_id:
            return super().action_refund()
        self.ensure_one()
        self.check_access("write")
        if self.state == "open" and not self._refund_payment():
            return {
                "type": "ir.actions.act_window",
                "res_model": "payment.transaction",
                "res_id": self.transaction_id.id,
                "views": [(False, "form")],
            }
        return None

    def _give_seats(self):
        """Sell the seats after all when some came back and the money is still here.

        :raise UserError: it is on its way back.
        """
        if not self.transaction_id or self.reason != "no_seat":
            return super()._give_seats()
        if self.transaction_id.child_transaction_ids.filtered(
            lambda each: each.operation == "refund" and each.state != "error"
        ):
            raise UserError(
                self.env._("The money is on its way back. Sell the seats anew.")
            )
        # sudo: clerks who settle exceptions need not be salespeople
        order = self.sale_order_id.sudo()
        if order.state == "cancel":
            order.action_draft()
        order._member_hold_for_payment(is_paid=True)
        order.with_context(send_email=True).action_confirm()
        return None

    def _refund_after_commit(self):
        """Give the money back right after the commit; a job does what is left over."""
        self.ensure_one()
        registry, exception_id = self.env.registry, self.id

        @self.env.cr.postcommit.add
        def refund():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, api.SUPERUSER_ID, {})
                    exceptions = env["member.ticket.exception"]
                    exceptions.browse(exception_id)._refund_payment()
            except Exception:  # what was committed stands
                _logger.exception("exception %s is left to the job", exception_id)

    @api.model
    def _cron_refund_payments(self):
        """Give back what a crash kept from being given back."""
        waiting = self.search(
            [
                ("state", "=", "open"),
                ("transaction_id", "!=", False),
                ("refund_tried_at", "=", False),
            ]
        )
        for exception in waiting:
            exception._refund_payment()
            self.env["ir.cron"]._commit_progress(1)

    def _refund_payment(self):
        """Give the payment back to its source and tell the customer; once.

        :return: whether the provider took it on.
        """
        self.ensure_one()
        # one after the other: who comes second sees that it was done
        self.env.cr.execute(
            SQL(
                "UPDATE member_ticket_exception SET refund_tried_at = %s"
                " WHERE id = %s AND state = 'open' RETURNING id",
                fields.Datetime.now(),
                self.id,
            )
        )
        if not self.env.cr.fetchone():
            return True
        self.invalidate_recordset(["refund_tried_at"])
        # sudo: supervisors settle exceptions and need not administer payments
        done = self.transaction_id.sudo()._member_refund(self.amount)
        if done:
            self._settle(
                self.env._("The payment was refunded.")
                if done == "refunded"
                else self.env._("The payment was voided.")
            )
        else:
            self.message_post(
                body=self.env._(
                    "The provider of the payment cannot give the money back by itself. "
                    "Give it back by hand, then mark this as settled."
                )
            )
        self._tell_customer()
        return bool(done)

    def _tell_customer(self):
        """Send a mail on what becomes of the money; it says what is so now."""
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
