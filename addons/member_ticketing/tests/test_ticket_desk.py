from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestTicketDesk(EventsCase):
    """The collection desk in the office finds by card, ticket, order, phone or name."""

    def setUp(self):
        super().setUp()
        self.desk = (
            self.env["event.registration"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def test_finds_by_whatever_is_scanned(self):
        card = self.env["member.card"]._issue(self.ann)
        order = self.order(self.ann, 2)
        barcode = self.seats(order)[0].barcode
        for query in (card.number, order.name.lower(), barcode, self.ann.member_number):
            with self.subTest(query=query):
                answer = self.desk.member_desk_find(query)
                self.assertEqual(answer["status"], "ok", answer)
                self.assertEqual(len(answer["tickets"]), 2)
                self.assertEqual(answer["summary"], "2 tickets to collect")

    def test_namesakes_are_told_apart(self):
        other = self.make_member("Ann Other")
        self.order(other)
        answer = self.desk.member_desk_find("Ann")
        self.assertEqual(answer["status"], "several")
        self.assertEqual(len(answer["matches"]), 2)
        answer = self.desk.member_desk_find("Ann", other.id)
        self.assertEqual(answer["member"]["name"], "Ann Other")
        self.assertEqual(len(answer["tickets"]), 1)

    def test_says_what_is_wrong(self):
        card = self.env["member.card"]._issue(self.ann)
        card.action_report_lost()
        self.assertEqual(self.desk.member_desk_find(card.number)["status"], "lost")
        answer = self.desk.member_desk_find("nobody")
        self.assertEqual(answer["status"], "not_found")
        self.assertEqual(self.desk.member_desk_find("")["status"], "not_found")

    def test_hands_over_and_prints(self):
        order = self.order(self.ann, 2)
        answer = self.desk.member_desk_collect(self.seats(order).ids)
        self.assertEqual(answer["status"], "ok", answer)
        self.assertEqual(answer["action"]["type"], "ir.actions.act_url")
        self.assertEqual(self.seats(order)[0].member_collected_by_id, self.clerk)
        again = self.desk.member_desk_collect(self.seats(order).ids)
        self.assertEqual(again["status"], "collected")
        self.assertEqual(len(self.log_lines("ticket_collect")), 1)

    def test_needs_the_right(self):
        order = self.order(self.ann)
        plain = new_test_user(self.env, "plain", groups="base.group_user")
        desk = self.desk.with_user(plain)
        with self.assertRaises(AccessError):
            desk.member_desk_find("Ann")
        with self.assertRaises(AccessError):
            desk.member_desk_collect(self.seats(order).ids)
