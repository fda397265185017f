from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..seats import SeatRefusal
from .common_ticket_report import TicketReportCase


@tagged("post_install", "-at_install")
class TestGivenTickets(TicketReportCase):
    """A10: tickets made by hand are given away: for a reason, within the limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env,
            "event_planner",
            groups="event.group_event_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def by_hand(self, user=None, count=1, **vals):
        attendees = self.env["event.registration"].with_user(user or self.supervisor)
        seats = attendees.with_context(allowed_company_ids=self.company.ids).create(
            [
                {
                    "event_id": self.event.id,
                    "event_ticket_id": self.stalls.id,
                    "partner_id": self.ann.id,
                    **vals,
                }
            ]
            * count
        )
        self.env.flush_all()
        return seats

    def assert_no_reason(self, act, *args, **kwargs):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            act(*args, **kwargs)
        self.assertEqual(caught.exception.code, "no_reason", caught.exception)

    def test_takes_a_reason(self):
        for user in (self.planner, self.supervisor):
            with self.subTest(user=user.login):
                self.assert_no_reason(self.by_hand, user)
                self.assert_no_reason(self.by_hand, user, member_free_reason=" ")
        self.assertEqual(self.left(), 20)

    def test_is_complimentary_and_logged(self):
        for user in (self.planner, self.supervisor):
            seats = self.by_hand(user, 2, member_free_reason="Press night")
            self.assertEqual(seats.mapped("is_member_free"), [True, True])
        first, second = self.log_lines("ticket_free").sorted("id")
        self.assertEqual(first.user_id, self.planner)
        self.assertEqual(second.user_id, self.supervisor)
        self.assertEqual(first.partner_id, self.ann)
        self.assertIn("2 × Stalls: Press night", first.detail)
        self.assert_figures(
            self.report(), sold=0, complimentary=4, tickets=4, revenue=0
        )
        self.assertEqual(list(self.report("policy_id")), [(self.gold,)])

    def test_confirming_a_draft_takes_a_reason(self):
        draft = self.by_hand(self.planner, state="draft")
        self.assertFalse(self.log_lines("ticket_free"))
        self.assert_no_reason(draft.action_confirm)
        self.assert_no_reason(draft.action_set_done)
        draft.member_free_reason = "Teacher of the class"
        draft.action_confirm()
        self.assertTrue(draft.is_member_free)
        self.assertEqual(self.log_lines("ticket_free").user_id, self.planner)
        self.assert_no_reason(draft.write, {"member_free_reason": False})

    def test_counts_for_the_members_limit(self):
        """A10: what is given away and what is sold are one limit."""
        self.gold.member_limit = 2
        self.by_hand(member_free_reason="Jubilee")
        with self.assertRaises(SeatRefusal) as caught, self.env.cr.savepoint():
            self.by_hand(self.planner, 2, member_free_reason="Friends")
        self.assertEqual(caught.exception.code, "limit_reached")
        self.sold(*self.held(self.want(), partner=self.ann))
        answer = self.ask(self.want(), partner=self.ann)
        self.assertEqual(answer["status"], "limit_reached")
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            self.by_hand(member_free_reason="Jubilee")
        self.assert_seats_agree()

    def test_counts_for_the_quota(self):
        self.gold.quota = 2
        self.by_hand(count=2, member_free_reason="Jubilee")
        answer = self.ask(self.want(), partner=self.ann)
        self.assertEqual(answer["lines"][0]["price"], 100)

    def test_needs_no_reason_where_nothing_is_to_pay(self):
        self.balcony.price = self.gold.price = 0
        self.by_hand(self.planner, event_ticket_id=self.balcony.id)
        self.assertFalse(self.log_lines("ticket_free"))
        self.gold.price = 80
        self.assert_no_reason(
            self.by_hand, self.planner, event_ticket_id=self.balcony.id
        )

    def test_becomes_a_ticket_that_costs_something(self):
        self.balcony.price = self.gold.price = 0
        seat = self.by_hand(self.planner, event_ticket_id=self.balcony.id)
        self.assert_no_reason(seat.write, {"event_ticket_id": self.stalls.id})

    def test_a_dearer_ticket_than_was_paid_for_is_logged(self):
        order = self.sold(*self.held(self.want(self.balcony)))
        seat = order.lines.event_registration_ids.with_user(self.supervisor)
        seat.event_ticket_id = self.stalls
        line = self.log_lines("ticket_free")
        self.assertEqual(line.user_id, self.supervisor)
        self.assertIn("dearer", line.detail)

    def test_reason_takes_the_right(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.by_hand(self.cashier, state="draft", member_free_reason="Me")
        draft = self.by_hand(self.planner, state="draft")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            draft.with_user(self.cashier).member_free_reason = "Me"

    def test_sold_tickets_are_not_called_complimentary(self):
        order = self.sold(*self.held(self.want(), partner=self.ann))
        seat = order.lines.event_registration_ids.with_user(self.supervisor)
        seat.member_free_reason = "Friend of the house"
        self.assertFalse(seat.is_member_free)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            seat.is_member_free = True
        self.assert_figures(self.report(), sold=1, complimentary=0, revenue=80)

    def test_form_asks_for_the_reason(self):
        form = Form(self.env["event.registration"].with_user(self.planner))
        form.event_id = self.event
        form.event_ticket_id = self.stalls
        form.name = "Critic"
        form.member_free_reason = "Review"
        self.assertTrue(form.save().is_member_free)
