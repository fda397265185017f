import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

PAYING_MINUTES = 30
"""So long a payment that has begun keeps the seats."""


class SaleOrder(models.Model):
    """Reminds of reservations that end soon, and ends those that are over."""

    _inherit = "sale.order"

    @api.model
    def _cron_member_reservations(self):
        """Remind of reservations that end soon, and end those that are over."""
        self._member_each(self._member_reminders_due(), self._member_remind)
        self._member_each(self._member_reservations_over(), self._member_expire)

    def _member_each(self, orders, act):
        """Do something with one order after the other, each on its own.

        One that somebody else works on at this moment waits for the next run.
        """
        for order_id in orders.ids:
            try:
                with self.env.cr.savepoint():
                    order = orders.browse(order_id).try_lock_for_update()
                    if order:
                        act(order)
            except SerializationFailure:
                _logger.info("reservation %s was changed at this moment", order_id)
            except UserError:
                _logger.exception("reservation %s left as it is", order_id)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _member_reminders_due(self):
        # sudo: the job serves every company
        orders = self.sudo()
        due = orders.browse()
        now = fields.Datetime.now()
        for company in (
            self.env["res.company"].sudo().search([("parent_id", "=", False)])
        ):
            hours = company.member_reservation_reminder_hours
            if hours:
                due |= orders.search(
                    [
                        ("company_id", "child_of", company.id),
                        ("member_reservation_state", "=", "open"),
                        ("member_reminded_at", "=", False),
                        ("member_reserved_until", ">", now),
                        ("member_reserved_until", "<=", now + timedelta(hours=hours)),
                    ]
                )
        return due

    def _member_remind(self, order):
        if order.member_reservation_state != "open":
            return
        order.member_reminded_at = fields.Datetime.now()
        if order.partner_id.email:
            # who has promised the money is not asked for it again
            is_promised = order._member_is_promised_in_full()
            kind = "awaited" if is_promised else "reminder"
            order._member_mail(f"mail_template_reservation_{kind}")

    @api.model
    def _member_reservations_over(self):
        # sudo: the job serves every company
        return self.sudo().search(
            [
                ("member_reservation_state", "=", "open"),
                ("member_reserved_until", "<=", fields.Datetime.now()),
            ]
        )

    def _member_expire(self, order):
        """Give the seats back, unless a payment is on its way."""
        if order.member_reservation_state != "open":
            return
        if order._member_is_being_paid():
            order._member_prolong_seats(PAYING_MINUTES * 60)
            return
        seats = sum(line._member_quantity() for line in order._member_ticket_lines())
        order._action_cancel()
        order.member_reservation_ended_at = fields.Datetime.now()
        for promise in order._member_promises():
            order.message_post(
                body=self.env._(
                    "%(amount)s was promised and has not come (%(reference)s). When it "
                    "comes, the seats are taken again if some are left; otherwise it "
                    "goes back.",
                    amount=promise.currency_id.format(promise.amount),
                    reference=promise.reference,
                )
            )
        order.message_post(
            body=self.env._(
                "Not paid until %(moment)s: %(seats)s seats are for sale again.",
                moment=order._member_said(order.member_reserved_until),
                seats=seats,
            )
        )

    def _member_is_being_paid(self):
        """Tell whether money may come in any moment: then the seats are kept."""
        now = fields.Datetime.now()
        just_now = now - timedelta(minutes=PAYING_MINUTES)
        has_begun = any(
            each.state == "draft" and each.create_date > just_now
            for each in self.transaction_ids
        )
        awaited = self._member_awaited_until()
        return has_begun or bool(awaited and now < awaited)
