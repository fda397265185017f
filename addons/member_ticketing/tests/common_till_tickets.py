from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .. import seats
from .common_events import EventsCase


class TillTicketsCase(EventsCase):
    """A till that sells tickets: 20 seats in the stalls, 5 on the balcony.

    Ann is a stored-value member, Bob too; `gold` is a class of nobody yet.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat.available_in_pos = True
        cls.stalls.seats_max, cls.balcony.seats_max = 20, 5
        cls.event.write({"seats_limited": True, "seats_max": 24})
        cls.ann_class = cls.ann.member_class_id
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["member.approval.pin"].sudo()._set(cls.supervisor.partner_id, "4711")
        cls.env.flush_all()

    @classmethod
    def policy(cls, **vals):
        """Return a policy of the performance for Ann's class, at 80."""
        return cls.env["member.ticket.policy"].create(
            {
                "event_id": cls.event.id,
                "class_id": cls.ann_class.id,
                "price_kind": "fixed",
                "price": 80,
                **vals,
            }
        )

    # === THE TILL'S VERBS === #

    def at_till(self, user=None):
        return self.till.with_user(user or self.cashier)

    def want(self, ticket=None, quantity=1, **values):
        """Return a line as the till asks for its seats."""
        return {
            "uuid": str(uuid4()),
            "ticket_id": (ticket or self.stalls).id,
            "slot_id": False,
            "quantity": quantity,
            **values,
        }

    def ask(self, *wants, partner=None, order_uuid=None, user=None, **options):
        """Ask for seats; return the answer."""
        return self.at_till(user).member_seats_hold(
            order_uuid or str(uuid4()),
            list(wants),
            partner.id if partner else False,
            **options,
        )

    def held(self, *wants, partner=None, user=None):
        """Hold seats, which must succeed; return what `sold` takes."""
        order_uuid = str(uuid4())
        answer = self.ask(*wants, partner=partner, order_uuid=order_uuid, user=user)
        self.assertEqual(answer["status"], "ok", answer)
        prices = {line["uuid"]: line["price"] for line in answer["lines"]}
        return order_uuid, partner, [(want, prices[want["uuid"]]) for want in wants]

    def approved(self, act, want, amount=0, partner=None):
        """Have the supervisor approve an act for one line."""
        answer = self.at_till().member_approve(
            self.supervisor.id,
            "4711",
            act,
            amount,
            want["uuid"],
            {**want, "partner_id": partner.id if partner else False},
        )
        self.assertEqual(answer["status"], "ok", answer)

    # === ORDERS === #

    def ticket_line(self, want, price, **values):
        tickets = self.env["event.event.ticket"]
        return (
            tickets.browse(want["ticket_id"]).product_id,
            want["quantity"],
            price,
            {
                "uuid": want["uuid"],
                "event_ticket_id": want["ticket_id"],
                "event_slot_id": want["slot_id"],
                **values,
            },
        )

    def ticket_order(self, order_uuid, partner, wants, more=(), **values):
        """Return an order of held tickets as the till sends it, paid in cash."""
        lines = [self.ticket_line(want, price) for want, price in wants]
        data = self.order_data([*lines, *more], [], partner, uuid=order_uuid, **values)
        total = data["amount_total"]
        payments = self.order_data([], [(self.cash, total, None)])["payment_ids"]
        return {
            **data,
            "payment_ids": payments if total else [],
            "amount_paid": total,
        }

    def sold(self, order_uuid, partner, wants, **values):
        """Pay for held tickets in cash; return the order."""
        return self.send(self.ticket_order(order_uuid, partner, wants, **values))

    def give_back(self, order, quantity=1, chosen=(), **values):
        """Refund tickets of the order's first line in cash; return the refund."""
        line = order.lines[0]
        price = line.price_subtotal_incl / line.qty
        more = {"refunded_orderline_id": line.id}
        if chosen:
            more["member_seats_back"] = ",".join(map(str, chosen.ids))
        data = self.order_data(
            [(line.product_id, -quantity, price, more)],
            [(self.cash, -quantity * price, None)],
            order.partner_id,
            **values,
        )
        return self.send(data)

    # === RESERVATIONS === #

    def reserved(self, quantity=2):
        """Return a reservation of Ann's."""
        begins = fields.Datetime.now() + timedelta(days=2)
        self.event.write(
            {"date_begin": begins, "date_end": begins + timedelta(hours=3)}
        )
        order = self.draft_order(self.ann, quantity)
        order._member_reserve(fields.Datetime.now() + timedelta(hours=2))
        self.env.flush_all()
        return order

    def settle(self, reservation, quantity=None, commit=True, **values):
        """Pay a reservation at the till, in cash."""
        line = reservation.order_line
        quantity = quantity or line.product_uom_qty
        data = self.order_data(
            [
                (
                    line.product_id,
                    quantity,
                    line.price_unit,
                    {
                        "sale_order_origin_id": reservation.id,
                        "sale_order_line_id": line.id,
                        **values,
                    },
                )
            ],
            [(self.cash, quantity * line.price_unit, None)],
            reservation.partner_id,
        )
        return self.send(data)

    def pay_down(self, reservation, amount):
        """Pay a part of a reservation at the till, in cash, as a down payment."""
        if not self.till.down_payment_product_id:
            self.till.down_payment_product_id = self.env["product.product"].create(
                {"name": "Down Payment", "type": "service", "taxes_id": False}
            )
        product = self.till.down_payment_product_id
        data = self.order_data(
            [(product, 1, amount, {"sale_order_origin_id": reservation.id})],
            [(self.cash, amount, None)],
            reservation.partner_id,
        )
        return self.send(data)

    # === WHAT IS SO === #

    def states(self, order):
        """Return how the tickets of an order of the till are, in their order."""
        attendees = order.lines.event_registration_ids.sorted("id")
        return attendees.mapped("state")

    def refused(self, words, verb, *args, **kwargs):
        """Call what the server refuses in these words, as an error."""
        with (
            mute_logger("odoo.addons.point_of_sale.models.pos_order"),
            self.assertRaisesRegex(UserError, words),
            self.env.cr.savepoint(),
        ):
            verb(*args, **kwargs)

    def left(self, ticket=None):
        """Return how many seats a buyer whom nobody knows can have."""
        ticket = ticket or self.stalls
        want = seats.Want(ticket.event_id.id, 0, ticket.id, 0, 0)
        return seats.left(self.env, [want])[0].seats

    def assert_seats_agree(self):
        self.assertEqual(seats.verify(self.env), [])

    def exceptions(self):
        return self.env["member.ticket.exception"].search(
            [("event_id", "=", self.event.id)]
        )
