from odoo import Command
from odoo.tests import tagged

from .. import seats
from ..seats import SeatRefusal
from .common_seats import SeatCase


@tagged("post_install", "-at_install")
class TestSeatsClaim(SeatCase):
    """A document's line gets the seats that it has held, and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.stalls.product_id
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.member.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 3,
                            "event_id": cls.event.id,
                            "event_ticket_id": cls.stalls.id,
                        }
                    )
                ],
            }
        )
        cls.line = cls.order.order_line
        cls.prefix = f"so:{cls.order.id}:{cls.line.id}:"

    def sell(self, count):
        """Make the line's attendees, as the order does when it is confirmed."""
        registrations = self.env["event.registration"].create(
            [{"sale_order_line_id": self.line.id, "sale_order_id": self.order.id}]
            * count
        )
        registrations.write({"state": "open"})
        return registrations

    def claimed(self):
        self.env.cr.execute(
            "SELECT key FROM member_seat_claim WHERE NOT is_void AND key LIKE %s",
            [self.prefix + "%"],
        )
        return [key for (key,) in self.env.cr.fetchall()]

    def test_the_last_seats_are_there_for_who_holds_them(self):
        held = seats.resize(self.env, self.prefix, [self.want(3)])
        seats.hold(self.env, "pol:a", [self.want(2)])

        self.sell(3)

        self.assertEqual(self.claimed(), [held.key])
        self.assertEqual(seats.find(self.env, self.prefix), [])
        self.assertEqual(self.left(), 0)
        self.assertEqual(seats.verify(self.env), [])

    def test_a_hold_may_be_sold_in_parts(self):
        """Of one transaction: what a part leaves is there for the next."""
        seats.resize(self.env, self.prefix, [self.want(3)])
        seats.hold(self.env, "pol:a", [self.want(2)])

        with self.settled_later():
            self.sell(1)
            self.sell(2)

        self.assertEqual(self.left(), 0)
        self.assertEqual(seats.verify(self.env), [])

    def test_a_hold_for_somebody_else_is_exchanged(self):
        """An anonymous cart gets its buyer late; the last seats stay with it."""
        nobody = self.env["res.partner"]
        held = seats.resize(self.env, self.prefix, [self.want(3, partner=nobody)])
        seats.hold(self.env, "pol:a", [self.want(2)])

        self.sell(3)

        self.assertNotIn(held.key, self.claimed())
        self.assertEqual(seats.find(self.env, self.prefix), [])
        self.assertEqual(self.left(), 0)
        self.assertEqual(seats.verify(self.env), [])

    def test_more_than_was_held_takes_more_or_is_refused(self):
        seats.resize(self.env, self.prefix, [self.want(2)])

        self.sell(3)
        self.assertEqual(self.left(), 2)
        with self.assertRaises(SeatRefusal):
            self.sell(3)

    def test_less_than_was_held_frees_the_rest(self):
        seats.resize(self.env, self.prefix, [self.want(3)])

        self.sell(1)

        self.assertEqual(self.left(), 4)
        self.assertEqual(seats.verify(self.env), [])

    def test_a_hold_that_ran_out_is_taken_again_while_seats_are_left(self):
        seats.resize(self.env, self.prefix, [self.want(3)], -1)
        seats.expire(self.env)

        self.sell(3)

        self.assertEqual(self.left(), 2)

    def test_a_hold_that_ran_out_and_was_bought_up_is_refused(self):
        seats.resize(self.env, self.prefix, [self.want(3)], -1)
        seats.hold(self.env, "pol:a", [self.want(3)])

        with self.assertRaises(SeatRefusal) as refused:
            self.sell(3)

        self.assertEqual(refused.exception.left, 2)

    def test_a_sold_key_cannot_be_given_up_or_held_again(self):
        held = seats.resize(self.env, self.prefix, [self.want(3)])
        self.sell(3)

        self.assertEqual(seats.release(self.env, [held.key]), [])
        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, held.key, [self.want(3)])
        self.assertEqual(refused.exception.code, "key_reused")
        self.assertEqual(
            seats.resize(self.env, self.prefix, [self.want(1)]).key, f"{self.prefix}2"
        )

    def test_the_policy_and_the_price_are_those_of_the_line(self):
        (registration,) = self.sell(1)

        self.assertEqual(registration.member_price, self.line.price_total / 3)
        self.assertEqual(registration.member_currency_id, self.order.currency_id)
