from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestCheckIn(EventsCase):
    """Odoo's registration desk: each ticket once, the member shown, the right slot."""

    def setUp(self):
        super().setUp()
        self.desk = self.as_user(self.clerk)

    def as_user(self, user):
        return (
            self.env["event.registration"]
            .with_user(user)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def scan(self, barcode, slot=False, event=None):
        event = self.event if event is None else event
        return self.desk.member_desk_scan(barcode, event.id, slot and slot.id)

    def test_lets_in_once_and_says_who_did(self):
        store = self.env["member.store"].create(
            {"name": "Opera", "code": "OP", "company_id": self.company.id}
        )
        self.clerk.member_store_ids = store
        seat = self.seats(self.order(self.ann))
        first = self.scan(seat.barcode)["registration"]
        self.assertEqual(first["status"], "confirmed_registration")
        self.assertEqual(first["member"]["name"], "Ann")
        self.assertEqual(first["member"]["class"], self.ann.member_class_id.name)
        second = self.scan(seat.barcode)["registration"]
        self.assertEqual(second["status"], "already_registered")
        self.assertIn("Opera", second["member_used"])
        self.assertIn(self.clerk.name, second["member_used"])

    def test_marking_again_keeps_the_first_time(self):
        seat = self.seats(self.order(self.ann))
        self.scan(seat.barcode)
        first = seat.date_closed
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            seat.action_set_done()
            [answer] = self.desk.member_desk_check_in(seat.ids)
        self.assertEqual(answer["status"], "already_registered")
        self.assertEqual(seat.date_closed, first)
        self.assertEqual(seat.member_checked_in_by_id, self.clerk)

    def test_undone_it_opens_again_and_is_logged(self):
        seat = self.seats(self.order(self.ann))
        self.scan(seat.barcode)
        self.desk.browse(seat.id).action_confirm()
        self.assertFalse(seat.date_closed or seat.member_checked_in_by_id)
        self.assertEqual(self.log_lines("check_in_undo").user_id, self.clerk)
        answer = self.scan(seat.barcode)["registration"]
        self.assertEqual(answer["status"], "confirmed_registration")

    def test_never_what_is_cancelled_or_unpaid(self):
        """Core's dialog let them in with one tap on Continue."""
        cancelled = self.seats(self.order(self.ann))
        cancelled.action_cancel()
        unpaid = self.env["event.registration"].create(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.stalls.id,
                "partner_id": self.ann.id,
                "state": "draft",
            }
        )
        for seat, status in (
            (cancelled, "canceled_registration"),
            (unpaid, "unconfirmed_registration"),
        ):
            with self.subTest(status=status):
                answer = self.scan(seat.barcode)["registration"]
                self.assertEqual(answer["status"], status)
                [answer] = self.desk.member_desk_check_in(seat.ids)
                self.assertEqual(answer["status"], status)
                self.assertNotEqual(seat.state, "done")

    def test_card_lists_the_members_tickets(self):
        card = self.env["member.card"]._issue(self.ann)
        order = self.order(self.ann, 2)
        self.order(self.bob)
        answer = self.scan(card.number)
        self.assertEqual(answer["kind"], "member")
        self.assertEqual(
            [each["id"] for each in answer["tickets"]], sorted(self.seats(order).ids)
        )
        done = self.desk.member_desk_check_in(self.seats(order).ids)
        self.assertEqual({each["status"] for each in done}, {"confirmed_registration"})
        self.assertEqual(set(self.seats(order).mapped("state")), {"done"})
        other = self.make_event("Giselle")
        self.assertEqual(self.scan(card.number, event=other)["tickets"], [])

    def test_a_door_for_all_performances_lists_those_of_now(self):
        """Not next week's: one tap would use it up."""
        card = self.env["member.card"]._issue(self.ann)
        today = self.order(self.ann)
        later = self.make_event(
            "Giselle", start=fields.Datetime.now() + timedelta(days=5)
        )
        self.order(self.ann, 1, later.event_ticket_ids[0])
        answer = self.desk.member_desk_scan(card.number)
        self.assertEqual(
            [each["id"] for each in answer["tickets"]], self.seats(today).ids
        )

    def test_lost_card_and_unknown_code(self):
        card = self.env["member.card"]._issue(self.ann)
        card.action_report_lost()
        self.assertEqual(self.scan(card.number)["kind"], "refused")
        self.assertEqual(self.scan("123")["kind"], "unknown")
        self.assertEqual(self.scan("Ann")["kind"], "unknown")

    # === SLOTS === #

    def two_slots(self):
        day = fields.Date.today() + timedelta(days=3)
        start = fields.Datetime.to_datetime(day)
        event = self.make_event(
            "Museum", start=start, hours=23, slots=[(day, 10, 12), (day, 19, 21)]
        )
        return event, event.event_slot_ids.sorted("start_hour"), start

    def test_another_slot_asks_first(self):
        event, (morning, evening), start = self.two_slots()
        ticket = event.event_ticket_ids[0]
        seat = self.seats(self.order(self.ann, 1, ticket, evening))
        with freeze_time(start + timedelta(hours=10)):
            answer = self.scan(seat.barcode, event=event)["registration"]
            self.assertEqual(answer["status"], "need_manual_confirmation")
            self.assertTrue(answer["member_is_other_slot"])
            self.assertEqual(seat.state, "open")
            answer = self.scan(seat.barcode, slot=evening, event=event)["registration"]
            self.assertEqual(answer["status"], "confirmed_registration")
        late = self.seats(self.order(self.ann, 1, ticket, evening))
        with freeze_time(start + timedelta(hours=17)):
            answer = self.scan(late.barcode, slot=morning, event=event)["registration"]
            self.assertEqual(answer["status"], "need_manual_confirmation")
            answer = self.scan(late.barcode, event=event)["registration"]
            self.assertEqual(answer["status"], "confirmed_registration")

    def test_let_in_by_hand_after_the_question(self):
        event, (_morning, evening), start = self.two_slots()
        seat = self.seats(self.order(self.ann, 1, event.event_ticket_ids[0], evening))
        with freeze_time(start + timedelta(hours=10)):
            self.scan(seat.barcode, event=event)
            [answer] = self.desk.member_desk_check_in(seat.ids)
            self.assertEqual(answer["status"], "confirmed_registration")
            [answer] = self.desk.member_desk_check_in(seat.ids)
            self.assertEqual(answer["status"], "already_registered")

    def test_slots_of_the_desk(self):
        event, (morning, _evening), start = self.two_slots()
        slots = self.env["event.slot"].with_user(self.clerk)
        with freeze_time(start + timedelta(hours=11)):
            listed = slots.member_desk_slots(event.id)
        self.assertEqual([each["is_now"] for each in listed], [True, False])
        self.assertEqual(listed[0]["id"], morning.id)

    # === RIGHTS === #

    def test_needs_the_desks_right(self):
        seat = self.seats(self.order(self.ann))
        plain = new_test_user(
            self.env,
            "plain_door",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        desk = self.as_user(plain)
        with self.assertRaises(AccessError):
            desk.member_desk_scan(seat.barcode, self.event.id)
        with self.assertRaises(AccessError):
            desk.member_desk_check_in(seat.ids)
        self.assertEqual(seat.state, "open")
