from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MemberTicketException(models.Model):
    """Payments for tickets that could not be given: the money goes back by itself."""

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
        if not self.transaction_id:
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
            with registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["member.ticket.exception"].browse(exception_id)._refund_payment()

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
        transaction = self.transaction_id.sudo()
        done = transaction._member_refund()
        template = self.env.ref("member_ticketing.mail_template_ticket_late_payment")
        template.sudo().send_mail(self.id)
        if done:
            self._settle(
                self.env._("The payment was refunded.")
                if done == "refunded"
                else self.env._("The payment was voided.")
            )
        return bool(done)
