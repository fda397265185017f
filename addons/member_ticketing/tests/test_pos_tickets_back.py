from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosTicketsBack(TillTicketsCase):
    def test_a_refund_gives_as_many_seats_back(self):
        order = self.sold(*self.held(self.want(quantity=3)))
        self.give_back(order)
        self.assertEqual(self.states(order), ["open", "open", "cancel"])
        self.assertEqual(self.left(), 18)
        self.give_back(order, 2)
        self.assertEqual(self.states(order), ["cancel"] * 3)
        self.assertEqual(self.left(), 20)
        self.assert_seats_agree()

    def test_the_till_says_which_tickets_come_back(self):
        order = self.sold(*self.held(self.want(quantity=3)))
        first = order.lines.event_registration_ids.sorted("id")[0]
        refund = self.give_back(order, chosen=first)
        self.assertEqual(self.states(order), ["cancel", "open", "open"])
        self.assertEqual(refund.lines.member_returned_ids, first)

    def test_a_till_that_names_nonsense_names_nothing(self):
        order = self.sold(*self.held(self.want(quantity=2)))
        for words in ("x", "-1", ",,", "1.5", "9" * 40):
            line = order.lines.sudo()
            line.member_seats_back = words
            self.assertFalse(line._member_named_back(), words)

    def test_the_till_is_told_what_can_come_back(self):
        order = self.sold(*self.held(self.want(quantity=3)))
        first, second, third = order.lines.event_registration_ids.sorted("id")
        first.action_cancel()
        second.action_set_done()
        answer = self.at_till().member_seats_sold(order.uuid)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(
            [(each["id"], each["is_used"]) for each in answer["tickets"]],
            [(second.id, True), (third.id, False)],
        )
        self.assertEqual(
            {each["line_uuid"] for each in answer["tickets"]}, {order.lines.uuid}
        )
        self.assertNotIn(third.barcode, str(answer["tickets"]))
        unknown = self.at_till().member_seats_sold("no such order")
        self.assertEqual(unknown["status"], "not_found")

    def test_tickets_of_others_do_not_come_back(self):
        mine = self.sold(*self.held(self.want()))
        theirs = self.sold(*self.held(self.want()))
        attendee = theirs.lines.event_registration_ids
        self.refused("not bought", self.give_back, mine, chosen=attendee)
        self.assertEqual((self.states(theirs), self.left()), (["open"], 18))

    def test_more_than_was_sold_does_not_come_back(self):
        order = self.sold(*self.held(self.want(quantity=2)))
        self.give_back(order, 2)
        self.refused("refunded already", self.give_back, order)
        self.assertEqual(self.left(), 20)

    def test_what_was_cancelled_before_is_among_what_comes_back(self):
        order = self.sold(*self.held(self.want(quantity=2)))
        order.lines.event_registration_ids.sorted("id")[0].action_cancel()
        self.give_back(order)
        self.assertEqual(self.states(order), ["cancel", "open"])

    def test_used_tickets_come_back_last_and_take_the_right(self):
        order = self.sold(*self.held(self.want(quantity=2)))
        order.lines.event_registration_ids.sorted("id")[1].action_set_done()
        self.give_back(order)
        self.assertEqual(self.states(order), ["cancel", "done"])
        self.refused("used at the entrance", self.give_back, order)
        data = self.order_data([], [], None)
        about = {"goods": [[self.seat.id, -1, order.lines.id]]}
        answer = self.at_till().member_approve(
            self.supervisor.id, "4711", "refund_limit", 100, data["uuid"], about
        )
        self.assertEqual(answer["status"], "ok")
        self.give_back(order, uuid=data["uuid"])
        self.assertEqual(self.states(order), ["cancel", "cancel"])

    def test_a_refund_that_is_not_paid_gives_nothing_back(self):
        order = self.sold(*self.held(self.want(quantity=2)))
        line = order.lines
        data = self.order_data(
            [(self.seat, -1, 100, {"refunded_orderline_id": line.id})],
            [],
            state="draft",
        )
        self.send(data)
        self.assertEqual(self.states(order), ["open", "open"])

    def test_limits_fall_with_what_comes_back(self):
        self.policy(member_limit=2)
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.assertEqual(
            self.ask(self.want(), partner=self.ann)["status"], "limit_reached"
        )
        self.give_back(order)
        self.assertEqual(self.ask(self.want(), partner=self.ann)["status"], "ok")

    def test_points_come_back_with_the_tickets(self):
        self.env["member.point.rule"].search([]).active = False
        self.env["member.point.rule"].create(
            {"name": "Tickets", "company_id": self.company.id}
        )
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        earned = order.member_points_earned
        self.assertEqual(earned, 200)
        refund = self.give_back(order)
        self.assertEqual(refund.member_points_earned, -100)

    def test_an_exchange_gives_one_seat_back_and_takes_another(self):
        order = self.sold(*self.held(self.want(), partner=self.ann))
        order_uuid, partner, [(want, price)] = self.held(
            self.want(self.balcony), partner=self.ann
        )
        back = (self.seat, -1, 100, {"refunded_orderline_id": order.lines.id})
        data = self.order_data(
            [back, self.ticket_line(want, price)],
            [(self.cash, -40, None)],
            partner,
            uuid=order_uuid,
        )
        exchange = self.send(data)
        self.assertEqual(self.states(order), ["cancel"])
        self.assertEqual(self.states(exchange), ["open"])
        self.assertEqual((self.left(), self.left(self.balcony)), (20, 4))
        self.assert_seats_agree()

    # === RESERVATIONS === #

    def test_paying_a_reservation_makes_its_tickets_once(self):
        self.policy()
        reservation = self.reserved()
        self.assertEqual((reservation.order_line.price_unit, self.left()), (80, 18))
        order = self.settle(reservation)
        self.assertEqual((order.state, reservation.state), ("paid", "sale"))
        self.assertFalse(order.lines.event_registration_ids)
        seats = self.seats(reservation)
        self.assertEqual(seats.mapped("state"), ["open", "open"])
        self.assertFalse(order.member_price_exception_ids)
        self.assertEqual(self.left(), 18)
        self.assert_seats_agree()

    def test_a_part_of_a_reservation_is_not_paid_alone(self):
        reservation = self.reserved()
        self.refused("Pay for all", self.settle, reservation, 1)

    def test_a_reservation_is_not_sold_with_tickets_of_its_own(self):
        reservation = self.reserved()
        attendee = Command.create(
            {"event_id": self.event.id, "event_ticket_id": self.stalls.id}
        )
        self.refused(
            "made when it is paid",
            self.settle,
            reservation,
            event_ticket_id=self.stalls.id,
            event_registration_ids=[attendee],
        )

    def test_a_reservation_that_ran_out_gets_its_seats_again(self):
        reservation = self.reserved()
        reservation.sudo()._action_cancel()
        self.post_commit()
        self.settle(reservation)
        self.assertEqual(reservation.state, "sale")
        self.assertFalse(self.exceptions())
        self.assertEqual(self.left(), 18)

    def test_a_reservation_whose_seats_are_gone_is_paid_and_listed(self):
        reservation = self.reserved()
        reservation.sudo()._action_cancel()
        self.post_commit()
        self.sold(*self.held(self.want(quantity=20)))
        order = self.settle(reservation)
        self.assertEqual((order.state, reservation.state), ("paid", "cancel"))
        exception = self.exceptions()
        self.assertEqual((exception.quantity, exception.amount), (2, 200))
        self.assertEqual(exception.pos_order_id, order)
        self.assert_seats_agree()

    def seats_gone(self):
        """Return a reservation that ran out, and whose seats others bought."""
        reservation = self.reserved()
        reservation.sudo()._action_cancel()
        self.post_commit()
        self.sold(*self.held(self.want(quantity=20)))
        return reservation

    def test_a_down_payment_confirms_a_reservation(self):
        reservation = self.reserved()
        order = self.pay_down(reservation, 50)
        self.assertEqual((order.state, reservation.state), ("paid", "sale"))
        self.assertEqual(self.seats(reservation).mapped("state"), ["open", "open"])
        self.assertFalse(self.exceptions())
        self.assert_seats_agree()

    def test_a_down_payment_for_seats_that_are_gone_is_listed(self):
        reservation = self.seats_gone()
        order = self.pay_down(reservation, 50)
        self.assertEqual((order.state, reservation.state), ("paid", "cancel"))
        exception = self.exceptions()
        self.assertEqual((exception.reason, exception.state), ("no_seat", "open"))
        self.assertEqual((exception.quantity, exception.amount), (2, 50))
        self.assertEqual(exception.pos_order_id, order)
        self.assertEqual(exception.pos_order_line_id, order.lines)
        self.assertEqual(exception.sale_order_id, reservation)
        self.assert_seats_agree()

    def test_down_payments_that_got_no_seat_are_given_back_from_the_list(self):
        """Each of two tills' payments is listed with its own money, and no other."""
        reservation = self.seats_gone()
        first, second = self.pay_down(reservation, 50), self.pay_down(reservation, 30)
        exceptions = self.exceptions().sorted("id")
        self.assertEqual(exceptions.pos_order_id, first | second)
        self.assertEqual(exceptions.mapped("amount"), [50, 30])
        with self.assertRaisesRegex(UserError, "Give the money back"):
            exceptions[0].action_give_seats()
        refund = self.env["pos.order"].browse(exceptions[1].action_refund()["res_id"])
        self.assertEqual((refund.amount_total, refund.state), (-30, "draft"))

    def test_a_down_payment_for_several_kinds_of_seats_is_listed_once(self):
        reservation = self.seats_gone()
        reservation.order_line.copy(
            {
                "order_id": reservation.id,
                "event_ticket_id": self.balcony.id,
                "product_uom_qty": 1,
            }
        )
        self.pay_down(reservation, 50)
        exception = self.exceptions()
        self.assertEqual((exception.quantity, exception.amount), (3, 50))

    def test_what_was_cancelled_before_it_was_paid_comes_back_no_more(self):
        """The office made the order smaller, then it was paid, then refunded."""
        reservation = self.reserved(quantity=3)
        reservation.action_confirm()
        reservation.order_line.product_uom_qty = 2
        seats = self.seats(reservation)
        self.assertEqual(sorted(seats.mapped("state")), ["cancel", "open", "open"])
        order = self.settle(reservation)
        self.give_back(order)
        self.assertEqual(sorted(seats.mapped("state")), ["cancel", "cancel", "open"])
        self.give_back(order)
        self.assertEqual(seats.mapped("state"), ["cancel"] * 3)
        self.assertEqual(self.left(), 20)
        self.assert_seats_agree()

    def test_what_the_office_added_after_the_till_was_paid_stays(self):
        reservation = self.reserved()
        order = self.settle(reservation)
        reservation.order_line.product_uom_qty = 3
        self.give_back(order)
        states = self.seats(reservation).mapped("state")
        self.assertEqual(sorted(states), ["cancel", "open", "open"])
        self.assert_seats_agree()

    def test_refunding_a_reservation_gives_its_seats_back(self):
        reservation = self.reserved()
        order = self.settle(reservation)
        self.give_back(order)
        self.assertEqual(
            sorted(self.seats(reservation).mapped("state")), ["cancel", "open"]
        )
        self.assertEqual(self.left(), 19)

    # === WHAT IS PAID === #

    def is_paid(self, reservation):
        """Whether the order counts as paid, in the list as on its form."""
        reservation.invalidate_recordset(["member_is_paid"])
        found = reservation.search(
            [("id", "=", reservation.id), ("member_is_paid", "=", True)]
        )
        self.assertEqual(bool(found), reservation.member_is_paid)
        return reservation.member_is_paid

    def test_what_a_till_gave_back_does_not_pay(self):
        reservation = self.reserved()
        order = self.settle(reservation)
        reservation.date_order -= timedelta(hours=1)
        self.give_back(order)
        self.assertEqual(reservation._member_paid_at_till(), 100)
        self.assertTrue(self.is_paid(reservation))
        self.give_back(order)
        self.assertEqual(reservation._member_paid_at_till(), 0)
        self.assertFalse(self.is_paid(reservation))

    def test_what_went_back_is_paid_again(self):
        """The new payment is needed, and no second one."""
        reservation = self.reserved()
        self.give_back(self.settle(reservation), 2)
        reservation.with_context(disable_cancel_warning=True).action_cancel()
        reservation.action_draft()
        reservation.action_confirm()
        reservation.date_order += timedelta(seconds=1)
        self.assertFalse(self.is_paid(reservation))
        self.settle(reservation)
        self.post_commit()
        self.assertTrue(self.is_paid(reservation))
        listed = self.env["member.ticket.exception"].search(
            [("sale_order_id", "=", reservation.id)]
        )
        self.assertFalse(listed)
