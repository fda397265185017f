from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import BaseCase, freeze_time, tagged

from .. import seats
from ..exchange import Place, likeness, share_out
from .common_till_tickets import TillTicketsCase

PLACES = st.builds(Place, st.integers(1, 2), st.integers(0, 2), st.integers(1, 3))


@tagged("post_install", "-at_install")
class TestShareOut(BaseCase):
    @settings(deadline=None, derandomize=True)
    @given(
        st.lists(st.tuples(PLACES, st.integers(1, 3)), max_size=4),
        st.lists(PLACES, max_size=6),
    )
    def test_each_seat_stands_for_one_of_its_performance(self, wanted, places):
        returned = dict(enumerate(places))
        shares = share_out(wanted, returned)
        self.assertEqual(len(shares), len(wanted))
        given_out = [each for share in shares for each in share]
        self.assertEqual(len(given_out), len(set(given_out)))
        for (place, quantity), share in zip(wanted, shares, strict=True):
            self.assertLessEqual(len(share), quantity)
            for each in share:
                self.assertEqual(returned[each].event_id, place.event_id)
        # no seat is left that somebody still wants
        for each in set(returned) - set(given_out):
            for (place, quantity), share in zip(wanted, shares, strict=True):
                if likeness(place, returned[each]):
                    self.assertEqual(len(share), quantity)

    def test_the_most_alike_are_matched(self):
        stalls, balcony, late = Place(1, 0, 1), Place(1, 0, 2), Place(1, 9, 2)
        self.assertEqual(
            share_out([(balcony, 1), (stalls, 1)], {7: stalls, 8: balcony}), [[8], [7]]
        )
        self.assertEqual(share_out([(late, 1)], {7: stalls, 8: balcony}), [[8]])
        self.assertEqual(share_out([(late, 1)], {7: Place(2, 9, 2)}), [[]])


@tagged("post_install", "-at_install")
class TestPosTicketsExchange(TillTicketsCase):
    """One order gives tickets back and takes others for them (A10)."""

    def back_of(self, order, quantity=1, ids=()):
        """Return what the till says of its refund lines."""
        line = {"line_uuid": order.lines[0].uuid, "quantity": quantity}
        return [{**line, "ids": list(ids)}]

    def exchange(self, order, *wants, quantity=1, partner=None, **values):
        """Hold `wants` for tickets of an order, and pay; return the new order."""
        order_uuid, partner, lines = self.held_for(
            order, *wants, quantity=quantity, partner=partner
        )
        return self.exchanged(order, order_uuid, partner, lines, quantity, **values)

    def held_for(self, order, *wants, quantity=1, partner=None, order_uuid=None):
        want = self.want()
        order_uuid = order_uuid or want["uuid"]
        partner = partner or order.partner_id
        answer = self.ask(
            *wants,
            partner=partner,
            order_uuid=order_uuid,
            back=self.back_of(order, quantity),
        )
        self.assertEqual(answer["status"], "ok", answer)
        prices = {line["uuid"]: line["price"] for line in answer["lines"]}
        return order_uuid, partner, [(want, prices[want["uuid"]]) for want in wants]

    def exchanged(self, order, order_uuid, partner, lines, quantity=1, **values):
        sold = order.lines[0]
        price = sold.price_subtotal_incl / sold.qty
        back = (
            sold.product_id,
            -quantity,
            price,
            {"refunded_orderline_id": sold.id, **values},
        )
        return self.paid(order_uuid, partner, [back], lines)

    def paid(self, order_uuid, partner, more, lines):
        new = [self.ticket_line(want, price) for want, price in lines]
        data = self.order_data([*more, *new], [], partner, uuid=order_uuid)
        due = data["amount_total"]
        payments = self.order_data([], [(self.cash, due, None)])["payment_ids"]
        return self.send(
            {**data, "payment_ids": payments if due else [], "amount_paid": due}
        )

    def fill(self, ticket=None, partner=None):
        """Sell every seat that is left."""
        left = self.left(ticket)
        return self.sold(*self.held(self.want(ticket, left), partner=partner))

    # === ACCEPTED === #

    def test_in_a_full_house(self):
        self.event.seats_max = 20
        order = self.sold(*self.held(self.want(), partner=self.ann))
        self.fill()
        self.assertEqual(self.ask(self.want(self.balcony))["status"], "sold_out")
        new = self.exchange(order, self.want(self.balcony))
        self.assertEqual((self.states(order), self.states(new)), (["cancel"], ["open"]))
        self.assertEqual((self.left(), self.left(self.balcony)), (0, 0))
        self.assertEqual(new.amount_total, -40)
        self.assertFalse(self.exceptions())
        self.assert_seats_agree()

    def test_for_the_same_ticket_in_a_full_house(self):
        order = self.sold(*self.held(self.want(), partner=self.ann))
        self.fill()
        new = self.exchange(order, self.want())
        self.assertEqual((self.states(order), self.states(new)), (["cancel"], ["open"]))
        self.assertFalse(self.env["member.seat.hold"].search([]))
        self.assert_seats_agree()

    def test_by_a_member_who_has_all_that_they_may(self):
        self.policy(member_limit=2)
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        want = self.want(self.balcony)
        self.assertEqual(self.ask(want, partner=self.ann)["status"], "limit_reached")
        new = self.exchange(order, want)
        self.assertEqual(self.states(new), ["open"])
        self.assertEqual(
            self.ask(self.want(), partner=self.ann)["status"], "limit_reached"
        )
        self.assert_seats_agree()

    def test_of_the_last_seats_of_a_quota(self):
        policy = self.policy(quota=2)
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        new = self.exchange(order, self.want(self.balcony))
        self.assertEqual(new.lines.member_ticket_policy_id, policy)
        self.assertEqual(new.lines.filtered("event_ticket_id").price_unit, 80)
        self.assert_seats_agree()

    def test_of_a_slot_for_another_within_a_performance(self):
        day = fields.Date.today() + timedelta(days=3)
        event = self.make_event(
            "Matinee",
            start=fields.Datetime.now() + timedelta(days=2),
            hours=72,
            slots=[(day, 10, 12), (day, 15, 17)],
            seats_limited=True,
            seats_max=1,
        )
        early, late = event.event_slot_ids.sorted("start_datetime")
        ticket = event.event_ticket_ids[0]
        self.policy(event_id=event.id, member_limit=1)
        order = self.sold(
            *self.held(self.want(ticket, slot_id=early.id), partner=self.ann)
        )
        want = self.want(ticket, slot_id=late.id)
        self.assertEqual(self.ask(want, partner=self.ann)["status"], "limit_reached")
        new = self.exchange(order, want)
        self.assertEqual((self.states(order), self.states(new)), (["cancel"], ["open"]))
        self.assertEqual(new.lines.event_registration_ids.event_slot_id, late)
        free = self.ask(self.want(ticket, slot_id=early.id), partner=self.bob)
        self.assertEqual(free["status"], "ok")
        gone = self.ask(self.want(ticket, slot_id=late.id), partner=self.bob)
        self.assertEqual(gone["status"], "sold_out")
        self.assert_seats_agree()

    def test_for_more_than_comes_back(self):
        self.balcony.seats_max = 0
        self.event.seats_max = 22
        order = self.sold(*self.held(self.want(quantity=20), partner=self.ann))
        refused = self.ask(
            self.want(self.balcony, 5), partner=self.ann, back=self.back_of(order, 2)
        )
        self.assertEqual((refused["status"], refused["left"]), ("sold_out", 4))
        new = self.exchange(order, self.want(self.balcony, 4), quantity=2)
        self.assertEqual(self.states(order).count("open"), 18)
        self.assertEqual(self.states(new), ["open"] * 4)
        self.assert_seats_agree()

    def test_for_two_kinds_at_once(self):
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        new = self.exchange(order, self.want(), self.want(self.balcony), quantity=2)
        self.assertEqual(self.states(new), ["open", "open"])
        self.assertEqual((self.left(), self.left(self.balcony)), (0, 0))
        self.assert_seats_agree()

    def test_one_kind_after_the_other(self):
        """What a line of the order counts on is not there for the next one."""
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        order_uuid, partner, first = self.held_for(
            order, self.want(self.balcony), quantity=2
        )
        _uuid, _partner, second = self.held_for(
            order, self.want(self.balcony), quantity=2, order_uuid=order_uuid
        )
        third = self.ask(
            self.want(self.balcony),
            partner=self.ann,
            order_uuid=order_uuid,
            back=self.back_of(order, 2),
        )
        self.assertEqual(third["status"], "sold_out")
        new = self.exchanged(order, order_uuid, partner, [*first, *second], 2)
        self.assertEqual(self.states(new), ["open", "open"])
        self.assert_seats_agree()

    def test_the_list_shows_what_the_order_could_have(self):
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)

        def tickets(**options):
            answer = self.at_till().member_performance(
                self.event.id, False, self.ann.id, **options
            )
            self.assertEqual(answer["status"], "ok", answer)
            return [each["seats_left"] for each in answer["tickets"]]

        own = {"order_uuid": self.want()["uuid"], "back": self.back_of(order, 3)}
        self.assertEqual(tickets(), [0, 0])
        self.assertEqual(tickets(**own), [3, 3])
        shown = self.at_till().member_performances(self.ann.id, **own)
        (performance,) = shown["performances"]
        self.assertEqual(
            (performance["status"], performance["seats_left"]), ("open", 3)
        )

    def test_held_before_it_was_an_exchange(self):
        """What is held beside is not held any longer once it is paid."""
        order = self.sold(*self.held(self.want(), partner=self.ann))
        order_uuid, partner, lines = self.held(
            self.want(self.balcony), partner=self.ann
        )
        self.exchanged(order, order_uuid, partner, lines)
        self.assertFalse(self.env["member.seat.hold"].search([]))
        self.assertEqual((self.left(), self.left(self.balcony)), (20, 4))
        self.assert_seats_agree()

    def test_again_and_back(self):
        """Sent again it is done once; refunded it leaves its seat."""
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        held = self.held_for(order, self.want(self.balcony))
        new = self.exchanged(order, *held)
        again = self.exchanged(order, *held)
        self.assertEqual(again, new)
        self.assertEqual(self.states(new), ["open"])
        line = new.lines.filtered("event_ticket_id")
        back = (self.seat, -1, 60, {"refunded_orderline_id": line.id})
        self.paid(self.want()["uuid"], self.ann, [back], [])
        self.assertEqual(self.states(new), ["cancel"])
        self.assertEqual(self.left(self.balcony), 1)
        self.assert_seats_agree()

    # === REFUSED === #

    def test_without_giving_back_it_is_no_exchange(self):
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        order_uuid, partner, lines = self.held_for(order, self.want(self.balcony))
        self.refused("sold out", self.paid, order_uuid, partner, [], lines)
        self.assertEqual(self.left(self.balcony), 0)
        self.assert_seats_agree()

    def test_nobody_else_gets_what_is_to_come_back(self):
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        held = self.held_for(order, self.want(self.balcony))
        self.assertEqual(self.ask(self.want(self.balcony))["status"], "sold_out")
        self.exchanged(order, *held)
        self.assertEqual(self.ask(self.want())["status"], "sold_out")

    def test_no_more_comes_back_than_was_sold(self):
        self.event.seats_max = 20
        order = self.sold(*self.held(self.want(), partner=self.ann))
        self.fill()
        answer = self.ask(
            self.want(self.balcony, 2), partner=self.ann, back=self.back_of(order, 9)
        )
        self.assertEqual((answer["status"], answer["left"]), ("sold_out", 1))

    def test_a_ticket_that_is_gone_leaves_nothing(self):
        self.event.seats_max = 20
        order = self.sold(*self.held(self.want(), partner=self.ann))
        held = self.held_for(order, self.want(self.balcony))
        order.lines.event_registration_ids.action_cancel()
        self.fill()
        self.refused("sold out", self.exchanged, order, *held)
        self.assertEqual(
            self.ask(
                self.want(self.balcony), partner=self.ann, back=self.back_of(order)
            )["status"],
            "sold_out",
        )
        self.assert_seats_agree()

    def test_who_gets_no_other_seat_keeps_theirs(self):
        self.balcony.seats_max = 1
        order = self.sold(*self.held(self.want(), partner=self.ann))
        held = self.held_for(order, self.want(self.balcony))
        key = self.env["member.till.ticket"]._of_lines([held[2][0][0]["uuid"]])
        seats.release(self.env, [each.seat_key for each in key.values()])
        self.sold(*self.held(self.want(self.balcony)))
        self.refused("sold out", self.exchanged, order, *held)
        self.assertEqual((self.states(order), self.left()), (["open"], 19))
        self.assert_seats_agree()

    def test_a_late_one_is_paid_and_listed(self):
        self.balcony.seats_max = 1
        order = self.sold(*self.held(self.want(), partner=self.ann))
        held = self.held_for(order, self.want(self.balcony))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=40)):
            self.env["member.seat.hold"].sudo().search([]).expires_at = (
                fields.Datetime.now() - timedelta(days=1)
            )
            self.env.flush_all()
            self.sold(*self.held(self.want(self.balcony)))
            new = self.exchanged(order, *held)
        self.assertEqual(
            (self.states(order), self.states(new)), (["cancel"], ["draft"])
        )
        self.assertEqual(self.exceptions().pos_order_id, new)
        self.assertEqual(self.left(), 20)
        self.assert_seats_agree()

    def test_malformed(self):
        order = self.sold(*self.held(self.want(), partner=self.ann))
        (line,) = self.back_of(order)
        for back in (
            "x",
            [1],
            [{**line, "quantity": -1}],
            [{**line, "quantity": 0.5}],
            [{**line, "line_uuid": "x"}],
            [{**line, "ids": "1"}],
            [{**line, "ids": [True]}],
            [line] * 101,
        ):
            answer = self.ask(self.want(), partner=self.ann, back=back)
            self.assertEqual(answer["status"], "bad_request", back)

    def test_a_hold_that_is_refused_leaves_the_one_before(self):
        self.event.seats_max = 20
        order = self.fill(partner=self.ann)
        want = self.want(self.balcony)
        order_uuid, partner, lines = self.held_for(order, want)
        refused = self.ask(
            want,
            self.want(self.balcony),
            partner=self.ann,
            order_uuid=order_uuid,
            back=self.back_of(order),
        )
        self.assertEqual(refused["status"], "sold_out")
        new = self.exchanged(order, order_uuid, partner, lines)
        self.assertEqual(self.states(new), ["open"])
        self.assert_seats_agree()
