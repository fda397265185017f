from contextlib import contextmanager
from uuid import uuid4

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosTicketsForged(TillTicketsCase):
    """A till that calls the server directly gets no more than one that asks."""

    @contextmanager
    def refused(self, words="", error=UserError):
        with (
            mute_logger("odoo.addons.point_of_sale.models.pos_order"),
            self.assertRaisesRegex(error, words),
            self.env.cr.savepoint(),
        ):
            yield
        self.env.invalidate_all()

    def attendee(self, **values):
        return Command.create(
            {"event_id": self.event.id, "event_ticket_id": self.stalls.id, **values}
        )

    def forged(self, want=None, price=100, quantity=None, partner=None, **values):
        """Send a line that was not agreed on, paid in cash."""
        want = want or self.want()
        line = self.ticket_line(
            {**want, "quantity": quantity or want["quantity"]}, price, **values
        )
        data = self.order_data([line], [], partner)
        total = data["amount_total"]
        payments = self.order_data([], [(self.cash, total, None)])["payment_ids"]
        return self.send(
            {**data, "payment_ids": payments if total else [], "amount_paid": total}
        )

    def test_the_policy_of_the_browser_is_not_taken(self):
        press = self.policy(name="Press", class_id=False, price=10, active=True)
        press.class_id = self.ann_class
        order = self.forged(
            member_ticket_policy_id=press.id,
            member_ticket_price=10,
            member_free_reason="Because",
            member_is_other_policy=True,
            price=10,
        )
        line = order.lines
        self.assertFalse(line.member_ticket_policy_id)
        self.assertFalse(line.member_free_reason)
        self.assertEqual(line.member_ticket_price, 100)
        self.assertEqual(order.member_price_exception_ids.expected, 100)

    def test_nothing_is_given_away_without_the_right(self):
        for price, more in ((0, {}), (100, {"discount": 100})):
            with self.subTest(price=price), self.refused("complimentary"):
                self.forged(price=price, **more)
        self.assertEqual(self.left(), 20)

    def test_who_tries_is_in_the_log(self):
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            try:
                self.forged(price=0)
            except UserError as error:  # without the savepoint of `assertRaises`
                said = str(error)
        attempt = self.env["member.operator.log"].search([("action", "=", "attempt")])
        self.assertEqual((attempt.detail, attempt.user_id), (said, self.cashier))

    def test_who_asks_for_more_than_the_member_may_have_is_in_the_log(self):
        """A10: the limit is found when the seats are claimed, as a late order is."""
        self.policy(member_limit=2)
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            try:
                self.forged(self.want(quantity=3), 80, partner=self.ann)
            except UserError as error:  # without the savepoint of `assertRaises`
                said = str(error)
        attempt = self.env["member.operator.log"].search([("action", "=", "attempt")])
        self.assertIn("may have 2 more", said)
        self.assertEqual((attempt.detail, attempt.partner_id), (said, self.ann))

    def test_a_reason_of_the_browser_gives_nothing_away(self):
        with self.refused("complimentary"):
            self.forged(price=0, member_free_reason="Friend")

    def test_a_line_has_as_many_tickets_as_it_sells(self):
        with self.refused("not those"):
            self.forged(event_registration_ids=[self.attendee() for _n in range(3)])
        dear = self.env["event.event.ticket"].create(
            {
                "name": "Box",
                "event_id": self.event.id,
                "product_id": self.seat.id,
                "price": 900,
            }
        )
        with self.refused("not those"):
            self.forged(event_registration_ids=[self.attendee(event_ticket_id=dear.id)])

    def test_goods_have_no_tickets(self):
        """Also those that a draft brought, before the order was paid."""
        line = (self.book, 1, 10, {"event_registration_ids": [self.attendee()]})
        data = self.order_data([line], [(self.cash, 10, None)])
        with self.refused("costs something"):
            self.send(data)
        draft = self.order_data([line], [], state="draft", uuid=data["uuid"])
        order = self.send(draft)
        paid = self.order_data([], [(self.cash, 10, None)], uuid=data["uuid"])
        with self.refused("not those that this line sells"):
            self.send({**draft, **paid, "lines": []})
        self.assertEqual(self.states(order), ["draft"])
        self.assertEqual(self.left(), 20)

    def test_a_line_that_sells_names_no_old_sale_for_its_tickets(self):
        old = self.sold(*self.held(self.want()))
        with self.refused("not those that this line sells"):
            self.forged(
                price=1,
                refunded_orderline_id=old.lines.id,
                event_registration_ids=[self.attendee()],
            )

    def test_the_ticket_of_a_sale_order_is_not_another_one(self):
        """Its line is paid for at its price; a dearer ticket does not come with it."""
        sale = self.order(self.ann, ticket=self.balcony)
        with self.refused("not those that this line sells"):
            self.forged(
                price=60,
                sale_order_origin_id=sale.id,
                sale_order_line_id=sale.order_line.id,
                event_registration_ids=[self.attendee()],
            )

    def test_the_ticket_of_another_product_is_not_sold(self):
        line = self.ticket_line(self.want(), 100)
        data = self.order_data([(self.book, *line[1:])], [(self.cash, 100, None)])
        with self.refused("not those"):
            self.send(data)

    def test_parts_of_a_seat_are_not_sold(self):
        with self.refused("not those"):
            self.forged(quantity=0.5)

    def test_more_than_was_held_is_not_listed_but_refused(self):
        order_uuid, partner, [(want, price)] = self.held(self.want(self.balcony))
        with self.refused("left"):
            self.sold(order_uuid, partner, [({**want, "quantity": 6}, price)])
        self.assertFalse(self.exceptions())

    def test_tickets_are_not_booked_over_to_dodge_a_limit(self):
        self.policy(member_limit=1)
        order = self.sold(*self.held(self.want(), partner=self.ann))
        attendee = order.lines.event_registration_ids.with_user(self.cashier)
        with self.refused("count for their limit"):
            attendee.write({"partner_id": self.bob.id})
        attendee.write({"name": "Zhang"})

    def test_a_limit_holds_when_the_server_is_called_directly(self):
        self.policy(member_limit=2)
        with self.refused("may have"):
            self.sold(str(uuid4()), self.ann, [(self.want(quantity=3), 80)])
        self.policy(class_id=False, name="Public", price=100, order_limit=2)
        with self.refused("on one order"):
            self.forged(self.want(quantity=3))

    def test_two_kinds_of_tickets_are_one_order(self):
        self.policy(order_limit=3)
        with self.refused("on one order"):
            self.sold(
                str(uuid4()),
                self.ann,
                [(self.want(quantity=2), 80), (self.want(self.balcony, 2), 80)],
            )

    def test_tickets_are_not_made_by_hand(self):
        attendees = self.env["event.registration"].with_user(self.cashier)
        vals = {"event_id": self.event.id, "event_ticket_id": self.stalls.id}
        with self.refused("costs something"):
            attendees.create({**vals, "state": "open"})
        draft = attendees.create({**vals, "state": "draft"})
        for state in ("open", "done"):
            with self.refused("costs something"):
                draft.write({"state": state})
        self.assertEqual(self.left(), 20)
        # who may give tickets away may, for a reason
        draft.with_user(self.supervisor).write(
            {"state": "open", "member_free_reason": "Press night"}
        )
        self.assertEqual(self.left(), 19)

    def test_a_ticket_does_not_become_a_dearer_one(self):
        order = self.sold(*self.held(self.want(self.balcony)))
        attendee = order.lines.event_registration_ids.with_user(self.cashier)
        dear = self.env["event.event.ticket"].create(
            {
                "name": "Box",
                "event_id": self.event.id,
                "product_id": self.seat.id,
                "price": 900,
            }
        )
        # its order stands behind the ticket, not behind a dearer one
        with self.refused("dearer"):
            attendee.write({"event_ticket_id": dear.id})

    def test_fields_of_the_server_are_not_written(self):
        order = self.sold(*self.held(self.want()))
        attendee = order.lines.event_registration_ids.with_user(self.cashier)
        with self.refused(error=AccessError):
            attendee.write({"member_is_seatless": True})
        agreed = self.env["member.till.ticket"].with_user(self.cashier)
        for mode in ("read", "write", "create", "unlink"):
            self.assertFalse(agreed.has_access(mode))

    def test_paid_tickets_are_not_changed(self):
        order = self.sold(*self.held(self.want()))
        line = order.lines.with_user(self.cashier)
        for vals in (
            {"qty": 5},
            {"price_unit": 1},
            {"event_ticket_id": self.balcony.id},
        ):
            with self.subTest(vals=vals), self.refused("paid for"):
                line.write(vals)

    def test_an_order_is_not_called_paid(self):
        order_uuid, partner, wants = self.held(self.want())
        data = self.ticket_order(order_uuid, partner, wants)
        draft = self.send(
            {**data, "state": "draft", "payment_ids": [], "amount_paid": 0}
        )
        with self.refused("Pay it at the till"):
            draft.with_user(self.cashier).write({"state": "paid"})

    def test_settling_a_reservation_at_another_price_is_listed(self):
        order = self.draft_order(self.ann, 1)
        line = order.order_line
        data = self.order_data(
            [
                (
                    self.seat,
                    1,
                    5,
                    {
                        "sale_order_origin_id": order.id,
                        "sale_order_line_id": line.id,
                    },
                )
            ],
            [(self.cash, 5, None)],
            self.ann,
        )
        paid = self.send(data)
        self.assertEqual(paid.member_price_exception_ids.expected, 100)
