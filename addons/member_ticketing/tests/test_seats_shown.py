from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .. import seats
from .common_seats import SeatCase


@tagged("post_install", "-at_install")
class TestSeatsShown(SeatCase):
    """What core's screens show and ask is what can be bought."""

    def test_held_seats_are_not_on_offer(self):
        self.register()
        seats.hold(self.env, "pol:a", [self.want(2)])

        self.assertEqual(self.event.seats_available, 2)
        self.assertEqual(self.event._get_seats_availability([(None, self.stalls)]), [2])
        self.assertEqual(
            self.event.with_context(member_seat_keys=("pol:a",)).seats_available, 4
        )

    def test_held_seats_of_a_ticket_are_not_on_offer(self):
        seats.hold(self.env, "pol:a", [self.want(2, ticket=self.balcony)])

        self.assertEqual(self.balcony.seats_available, 0)
        self.assertTrue(self.balcony.is_sold_out)
        self.assertFalse(self.stalls.is_sold_out)

    def test_none_left_is_no_order_and_not_any_order(self):
        """Core reads 0 left as: no limit."""
        seats.hold(self.env, "pol:a", [self.want(2, ticket=self.balcony)])

        limits = self.event.event_ticket_ids._get_current_limit_per_order()

        self.assertEqual(limits, {self.stalls.id: 3, self.balcony.id: 0})

    def test_a_ticket_without_own_number_has_those_of_the_room(self):
        self.assertEqual(self.stalls._get_current_limit_per_order()[self.stalls.id], 5)
        self.event.seats_limited = False
        self.assertGreater(
            self.stalls._get_current_limit_per_order()[self.stalls.id], 5
        )

    def test_a_room_made_smaller_shows_none(self):
        self.register(3)
        self.event.seats_max = 2

        self.assertEqual(self.event.seats_available, 0)
        self.assertTrue(self.event.event_registrations_sold_out)

    def test_another_number_of_seats_counts_before_it_is_committed(self):
        self.register(2, event_ticket_id=self.balcony.id)
        self.assertTrue(self.balcony.is_sold_out)

        self.balcony.seats_max = 3

        self.assertEqual(self.balcony.seats_available, 1)
        self.assertFalse(self.balcony.is_sold_out)

    def test_slots_show_their_own(self):
        begin = self.event.date_begin
        event = self.performance(
            2,
            is_multi_slots=True,
            date_end=begin + timedelta(days=9),
            event_slot_ids=[
                Command.create(
                    {
                        "date": begin.date() + timedelta(days=days),
                        "start_hour": 19,
                        "end_hour": 21,
                    }
                )
                for days in (2, 3)
            ],
        )
        early, late = event.event_slot_ids
        self.event, (self.stalls, self.balcony) = event, event.event_ticket_ids
        seats.hold(self.env, "pol:a", [self.want(2, slot=late)])

        self.assertEqual((early.seats_available, late.seats_available), (2, 0))
        self.assertEqual(event.seats_available, 2)
        self.assertEqual(
            event._get_seats_availability(
                [(early, self.balcony), (late, self.balcony)]
            ),
            [2, 0],
        )

    def test_a_new_performance_can_be_shown_before_it_is_saved(self):
        event = self.env["event.event"].new({"seats_limited": True, "seats_max": 9})

        self.assertEqual(event.seats_available, 9)

    def test_fewer_seats_than_sold_are_warned_of(self):
        self.register(2, event_ticket_id=self.balcony.id)
        ticket = self.balcony.new(origin=self.balcony)
        ticket.seats_max = 1

        self.assertIn("2", ticket._onchange_member_seats_max()["warning"]["message"])

    def test_tills_are_told_once_for_each_transaction(self):
        told = []
        self.patch(
            type(self.env["pos.session"]),
            "search",
            lambda sessions, *args, **kwargs: told.append(1) or sessions.browse(),
        )
        self.env.cr.precommit.run()
        told.clear()

        self.register(2).action_set_done()
        self.assertEqual(told, [])
        self.env.cr.precommit.run()

        self.assertEqual(told, [1])

    # === LISTS === #

    def test_managers_read_the_lists_and_nobody_writes_them(self):
        manager = mail_new_test_user(
            self.env, "seat_manager", "member_card.group_member_manager"
        )
        cashier = mail_new_test_user(
            self.env, "seat_cashier", "member_card.group_member_cashier"
        )
        seats.hold(self.env, "pol:a", [self.want(2, policy=self.policy(quota=4))])
        counters = self.env["member.seat.counter"].with_user(manager)

        rows = counters.search([("event_id", "=", self.event.id)])

        self.assertEqual(
            {(row.kind, row.capacity, row.left) for row in rows},
            {("event", 5, 3), ("ticket", 0, 0), ("policy", 4, 2), ("member", 0, 0)},
        )
        # who tried is logged beside this transaction, which made these users
        with mute_logger("odoo.addons.member_card.models.member_operator_log"):
            with self.assertRaises(AccessError):
                rows.write({"held": 0})
            with self.assertRaises(AccessError):
                counters.with_user(cashier).search([])
            with self.assertRaises(UserError):
                self.env["member.seat.hold"].with_user(cashier).search([]).unlink()

    def test_counters_and_holds_go_with_what_they_count(self):
        event = self.performance(3)
        seats.hold(self.env, "pol:x", [seats.Want(event.id, 0, 0, 0, 0)])
        policy = self.policy(quota=4)
        seats.hold(self.env, "pol:a", [self.want(2, policy=policy, partner=self.other)])

        event.unlink()
        self.balcony.unlink()
        policy.unlink()
        self.other.unlink()

        rows = self.env["member.seat.counter"].search([])
        self.assertFalse(rows.filtered(lambda row: row.event_id.id == event.id))
        self.assertFalse(seats.find(self.env, "pol:"))
        kinds = rows.filtered(lambda row: row.event_id == self.event).mapped("kind")
        self.assertEqual(sorted(kinds), ["event", "ticket"])
        rows.web_read({"event_id": {"fields": {"display_name": {}}}, "capacity": {}})

    def test_what_is_sold_stays_counted_when_the_buyer_goes(self):
        self.register(partner_id=self.other.id)

        self.other.unlink()

        self.assertEqual(self.left(), 4)
