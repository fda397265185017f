from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestPosCollection(EventsCase):
    """A15: tickets bought on the web are handed over by scanning the member's card."""

    def setUp(self):
        super().setUp()
        self.here = self.till.with_user(self.cashier)

    def waiting(self, partner=None, key="tickets"):
        answer = self.here.member_tickets_of((partner or self.ann).id)
        self.assertEqual(answer["status"], "ok", answer)
        return answer[key]

    def test_says_what_waits(self):
        self.order(self.ann, 2)
        self.order(self.bob)
        answer = self.here.member_tickets_of(self.ann.id)
        self.assertEqual(answer["summary"], "2 tickets to collect")
        self.assertEqual(len(answer["tickets"]), 2)
        ticket = answer["tickets"][0]
        self.assertEqual(
            (ticket["event"], ticket["ticket"], ticket["is_paid"]),
            ("Swan Lake", "Stalls", False),
        )
        self.assertNotIn("barcode", ticket)

    def test_hands_over_once(self):
        order = self.order(self.ann, 2)
        wanted = self.seats(order).ids
        answer = self.here.member_tickets_collect(wanted)
        self.assertEqual(answer["status"], "ok", answer)
        self.assertEqual(
            {each["barcode"] for each in answer["tickets"]},
            set(self.seats(order).mapped("barcode")),
        )
        self.assertEqual(answer["tickets"][0]["price"], 100)
        seat = self.seats(order)[0]
        self.assertEqual(seat.member_collected_by_id, self.cashier)
        self.assertTrue(seat.member_ticketed_at)
        self.assertEqual(self.waiting(), [])
        self.assertEqual(len(self.waiting(key="collected")), 2)
        log = self.log_lines("ticket_collect")
        self.assertEqual((log.partner_id, log.reference), (self.ann, order.name))

    def test_second_time_says_who_and_needs_a_word(self):
        """The first one's time stays; the second printing is in the log."""
        order = self.order(self.ann)
        wanted = self.seats(order).ids
        self.here.member_tickets_collect(wanted)
        first = self.seats(order).member_collected_at
        answer = self.here.member_tickets_collect(wanted)
        self.assertEqual(answer["status"], "collected")
        self.assertIn(self.cashier.name, answer["message"])
        self.assertFalse(self.log_lines("ticket_collect_again"))
        answer = self.here.member_tickets_collect(wanted, again=True)
        self.assertEqual(len(answer["tickets"]), 1)
        self.assertEqual(self.seats(order).member_collected_at, first)
        self.assertEqual(len(self.log_lines("ticket_collect_again")), 1)
        self.assertEqual(len(self.log_lines("ticket_collect")), 1)

    def test_all_or_none(self):
        """One cancelled ticket among them: nothing is handed over."""
        order = self.order(self.ann, 2)
        wanted = self.seats(order)
        wanted[0].action_cancel()
        answer = self.here.member_tickets_collect(wanted.ids)
        self.assertEqual(answer["status"], "not_found")
        self.assertFalse(any(wanted.mapped("member_collected_at")))
        self.assertEqual(len(self.waiting()), 1)

    def test_not_what_is_over_or_was_sold_at_a_till(self):
        before = fields.Datetime.now() - timedelta(days=2)
        over = self.make_event("Giselle", start=before)
        late = self.order(self.ann, ticket=over.event_ticket_ids[0])
        self.assertEqual(self.waiting(), [])
        answer = self.here.member_tickets_collect(self.seats(late).ids)
        self.assertEqual(answer["status"], "not_found")

    def test_refuses_what_is_no_list_of_tickets(self):
        for wrong in (None, [], "1", [True], ["1"], [0], [10**9]):
            with self.subTest(wrong=wrong):
                answer = self.here.member_tickets_collect(wrong)
                self.assertIn(answer["status"], ("bad_request", "not_found"))

    def test_needs_the_right(self):
        plain = new_test_user(
            self.env,
            "plain_till",
            groups="point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self.order(self.ann)
        here = self.till.with_user(plain)
        for answer in (
            here.member_tickets_of(self.ann.id),
            here.member_tickets_collect(self.seats(order).ids),
        ):
            self.assertEqual(answer["status"], "forbidden")
        self.assertFalse(self.seats(order).member_collected_at)

    def test_nobody_writes_the_marks_by_hand(self):
        order = self.order(self.ann)
        seat = self.seats(order).with_user(self.clerk)
        for name in ("member_ticketed_at", "member_collected_at"):
            with self.assertRaises(AccessError):
                seat.write({name: fields.Datetime.now()})
        with self.assertRaises(AccessError):
            seat.write({"member_collected_by_id": self.clerk.id})

    def test_paid_whatever_it_was_paid_with(self):
        order = self.order(self.ann)
        self.assertFalse(order._member_is_paid())
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertTrue(order._member_is_paid())
        free = self.order(self.bob)
        free.order_line.sudo().price_unit = 0
        self.assertTrue(free._member_is_paid())
