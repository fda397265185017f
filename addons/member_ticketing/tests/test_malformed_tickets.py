from odoo.tests import tagged

from .common_till_tickets import TillTicketsCase

HUGE = 10**20
"""More than any number of a record, or of records, in the database."""


@tagged("post_install", "-at_install")
class TestMalformedTickets(TillTicketsCase):
    """What no screen of ours sends is refused as data, it is no fault of the server."""

    def setUp(self):
        super().setUp()
        self.desk = (
            self.env["event.registration"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def test_quantities_that_are_no_numbers_of_seats(self):
        for quantity in (float("inf"), float("nan"), -1, 1.5, HUGE, True, "2", None):
            with self.subTest(quantity=quantity):
                answer = self.ask(self.want(quantity=quantity))
                self.assertEqual(answer["status"], "invalid_amount")
        self.assertEqual(self.left(), 20)

    def test_records_that_cannot_be(self):
        for name in ("policy_id", "ticket_id", "slot_id"):
            for sent in (HUGE, -1, "1; DROP", {"id": 1}):
                with self.subTest(name=name, sent=sent):
                    answer = self.ask(self.want(**{name: sent}))
                    self.assertIn(answer["status"], ("bad_request", "not_found"))
        for verb in ("member_performance", "member_performance_records"):
            for sent in (HUGE, "1", {}, None):
                with self.subTest(verb=verb, sent=sent):
                    answer = getattr(self.at_till(), verb)(sent)
                    self.assertEqual(answer["status"], "not_found")

    def test_pages_and_days_of_the_list(self):
        self.cashier.tz = "Asia/Shanghai"
        for sent in (
            {"offset": HUGE},
            {"limit": HUGE},
            {"offset": -1},
            {"partner_id": "x"},
            {"day_to": "9999-12-31"},
            {"day_from": "0001-01-01", "day_to": "0001-01-01"},
            {"day_from": {"day": 1}},
            {"day_from": "tomorrow"},
        ):
            with self.subTest(**sent):
                answer = self.at_till().member_performances(**sent)
                self.assertEqual(answer["status"], "bad_request", answer)

    def test_texts_that_no_database_keeps(self):
        answer = self.at_till().member_performances(query="Swan\0 \ud800Lake")
        self.assertEqual(len(answer["performances"]), 1)
        want = self.want(free_reason="Press\0 night\udfff")
        (line,) = self.ask(want, user=self.supervisor)["lines"]
        self.assertEqual(line["free_reason"], "Press night")
        for text in ("\0", "Zq\0", "\ud800"):
            with self.subTest(text=text):
                found = self.desk.member_desk_find(text)
                self.assertEqual(found["status"], "not_found")
                found = self.desk.member_desk_scan(text, self.event.id)
                self.assertEqual(found["kind"], "unknown")

    def test_the_desk_s_numbers(self):
        for sent in (HUGE, -1, "1", {}, [1]):
            with self.subTest(sent=sent):
                self.assertEqual(
                    self.desk.member_desk_scan("nothing", sent, sent)["kind"], "unknown"
                )
                slots = self.env["event.slot"].with_user(self.clerk)
                self.assertEqual(slots.member_desk_slots(sent), [])
                answer = self.desk.member_desk_collect([sent])
                self.assertIn(answer["status"], ("bad_request", "not_found"))
                self.assertEqual(self.desk.member_desk_check_in([sent]), [])
        self.assertEqual(self.desk.member_desk_check_in(None), [])
