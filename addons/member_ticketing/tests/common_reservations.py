from datetime import timedelta

from odoo import fields

from .. import seats
from .test_sale_tickets import SaleTicketsCase


class ReservationCase(SaleTicketsCase):
    """A performance with five seats, and a cashier who reserves some for Ann."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.show.write({"seats_limited": True, "seats_max": 5})
        cls.ann.email = "ann@example.com"

    def wizard(self, quantity=2, partner=None, user=None, **vals):
        wizards = self.env["member.ticket.reserve"].with_user(user or self.cashier)
        wizard = wizards.with_company(self.company).create(
            {
                "partner_id": (partner or self.ann).id,
                "event_id": self.show.id,
                **vals,
            }
        )
        line = wizard.line_ids.filtered(lambda each: each.ticket_id == self.floor)
        line.quantity = quantity
        return wizard

    def reserve(self, **kwargs):
        wizard = self.wizard(**kwargs)
        wizard.action_reserve()
        return self.reserved(wizard)

    def reserved(self, wizard):
        order = self.env["sale.order"].search(
            [("member_request_key", "=", wizard.request_key)]
        )
        return order.with_user(wizard.env.user)

    def left(self):
        (left,) = seats.left(
            self.env, [seats.Want(self.show.id, 0, self.floor.id, 0, 0)]
        )
        return left.seats

    def pass_time(self, order):
        """Let the reservation's time be over, grace and all."""
        past = fields.Datetime.now() - timedelta(minutes=1)
        order.sudo().write({"member_reserved_until": past})
        order.sudo().order_line.write({"member_held_until": past})
        self.env.flush_all()

    def run_job(self):
        """Do what the job does, which commits after each order."""
        orders = self.env["sale.order"]
        for order in orders._member_reminders_due():
            orders._member_remind(order)
        for order in orders._member_reservations_over():
            orders._member_expire(order)
        self.post_commit()

    def prolong(self, order, until, user=None):
        wizards = self.env["member.ticket.prolong"].with_user(user or self.cashier)
        wizards.create({"order_id": order.id, "until": until}).action_confirm()
