from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import seats
from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosTickets(TillTicketsCase):
    def price_findings(self, order):
        return order.member_price_exception_ids

    def test_the_members_price_is_paid_and_the_seats_are_taken(self):
        """A11, A12."""
        policy = self.policy()
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.assertEqual((order.state, order.amount_total), ("paid", 160))
        attendees = order.lines.event_registration_ids
        self.assertEqual(len(attendees), 2)
        self.assertEqual(set(attendees.mapped("state")), {"open"})
        self.assertEqual(attendees.partner_id, self.ann)
        self.assertEqual(attendees.member_policy_id, policy)
        self.assertEqual(attendees.mapped("member_price"), [80, 80])
        self.assertEqual(set(attendees.mapped("name")), {"Ann"})
        self.assertTrue(all(attendees.mapped("member_ticketed_at")))
        self.assertFalse(self.price_findings(order))
        self.assertEqual(order.member_savings, 40)
        line = order.lines
        self.assertEqual(
            (
                line.member_ticket_policy_id,
                line.member_ticket_why,
                line.member_seat_key,
            ),
            (policy, f"{policy.name}.", f"pol:{line.uuid}:1"),
        )
        self.assertEqual(self.left(), 18)
        self.assertFalse(self.env["member.till.ticket"].search([]))
        self.assert_seats_agree()

    def test_goods_and_tickets_in_one_basket(self):
        held = self.held(self.want(), self.want(self.balcony, 2), partner=self.ann)
        order = self.sold(*held, more=[(self.book, 1, 40, {})])
        self.assertEqual(order.amount_total, 260)
        self.assertEqual(len(order.lines.event_registration_ids), 3)
        self.assertFalse(self.price_findings(order))

    def test_the_wallet_pays_for_tickets(self):
        self.policy()
        self.credit(self.ann, 200)
        order_uuid, partner, wants = self.held(self.want(quantity=2), partner=self.ann)
        data = self.ticket_order(order_uuid, partner, wants)
        payments = [(self.wallet, 160, self.hold(self.ann, 160))]
        data["payment_ids"] = self.order_data([], payments)["payment_ids"]
        order = self.send(data)
        self.assertEqual((order.state, self.available(self.ann)), ("paid", 40))
        self.assertEqual(len(order.lines.event_registration_ids), 2)

    def test_names_that_the_till_asked_for_are_kept(self):
        order_uuid, _partner, [(want, price)] = self.held(self.want(quantity=2))
        attendee = Command.create(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.stalls.id,
                "name": "Zhang",
                "email": "zhang@example.com",
            }
        )
        line = self.ticket_line(want, price, event_registration_ids=[attendee])
        data = self.order_data([line], [(self.cash, 200, None)], uuid=order_uuid)
        attendees = self.send(data).lines.event_registration_ids
        self.assertEqual(
            sorted(attendees.mapped(lambda a: a.name or "")), ["", "Zhang"]
        )
        self.assertEqual(set(attendees.mapped("state")), {"open"})

    def test_sending_an_order_again_changes_nothing(self):
        data = self.ticket_order(*self.held(self.want(quantity=2)))
        first, second = self.send(dict(data)), self.send(dict(data))
        self.assertEqual(first, second)
        self.assertEqual(self.left(), 18)

    def test_a_draft_order_takes_no_seat(self):
        order_uuid, partner, wants = self.held(self.want())
        data = self.ticket_order(order_uuid, partner, wants)
        draft = {**data, "state": "draft", "payment_ids": [], "amount_paid": 0}
        attendee = Command.create(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.stalls.id,
                "state": "open",
            }
        )
        draft["lines"][0][2]["event_registration_ids"] = [attendee]
        order = self.send(draft)
        self.assertEqual(order.lines.event_registration_ids.state, "draft")
        self.assertEqual(self.left(), 19)

    def test_the_price_agreed_holds_though_it_changed_since(self):
        policy = self.policy()
        held = self.held(self.want(), partner=self.ann)
        policy.write({"price": 95, "active": False})
        order = self.sold(*held)
        self.assertFalse(self.price_findings(order))
        self.assertEqual(order.lines.member_ticket_policy_id, policy)

    def test_another_price_than_agreed_is_listed(self):
        order_uuid, partner, [(want, _price)] = self.held(self.want())
        order = self.sold(order_uuid, partner, [(want, 30)])
        finding = self.price_findings(order)
        self.assertEqual((finding.expected, finding.actual), (100, 30))
        self.assertEqual((finding.reason, finding.state), ("price", "open"))

    def test_another_price_is_refused_where_the_company_says_so(self):
        self.company.member_price_policy = "refuse"
        order_uuid, partner, [(want, _price)] = self.held(self.want())
        with self.assertRaisesRegex(UserError, "costs"):
            self.sold(order_uuid, partner, [(want, 30)])

    def test_a_total_that_does_not_add_up_is_listed(self):
        data = self.ticket_order(*self.held(self.want()))
        data["amount_total"] = data["amount_paid"] = 1
        data["payment_ids"][0][2]["amount"] = 1
        order = self.send(data)
        self.assertIn("total", self.price_findings(order).mapped("reason"))

    def test_a_discount_by_hand_is_judged_as_on_other_goods(self):
        order_uuid, _partner, [(want, price)] = self.held(self.want())
        line = self.ticket_line(want, price, discount=10)
        data = self.order_data([line], [(self.cash, 90, None)], uuid=order_uuid)
        finding = self.price_findings(self.send(data))
        self.assertEqual((finding.reason, finding.expected), ("discount", 100))

    def test_complimentary_tickets_are_free_and_logged(self):
        want = self.want(quantity=2, free_reason="Press night")
        self.approved("ticket_free", want, 200)
        order = self.sold(*self.held(want, partner=self.ann))
        self.assertEqual((order.state, order.amount_total), ("paid", 0))
        self.assertEqual(order.lines.member_free_reason, "Press night")
        self.assertEqual(len(order.lines.event_registration_ids), 2)
        self.assertFalse(self.price_findings(order))
        line = self.log_lines("ticket_free")
        self.assertEqual((line.partner_id, line.user_id), (self.ann, self.cashier))
        self.assertIn("Press night", line.detail)
        self.assertEqual(self.left(), 18)

    def test_complimentary_tickets_earn_no_points(self):
        self.env["member.point.rule"].search([]).active = False
        self.env["member.point.rule"].create(
            {"name": "Tickets", "company_id": self.company.id}
        )
        paid = self.sold(*self.held(self.want(), partner=self.ann))
        self.assertTrue(paid.member_points_earned)
        want = self.want(free_reason="Press night")
        order = self.sold(*self.held(want, partner=self.ann, user=self.supervisor))
        self.assertFalse(order.member_points_earned)

    def test_another_policy_is_logged(self):
        press = self.policy(name="Press", price=10)
        want = self.want(policy_id=press.id)
        order = self.sold(*self.held(want, user=self.supervisor))
        self.assertEqual(order.amount_total, 10)
        self.assertEqual(order.lines.member_ticket_policy_id, press)
        self.assertFalse(self.price_findings(order))
        self.assertIn("Press", self.log_lines("ticket_policy").detail)

    # === ORDERS THAT NOBODY AGREED TO === #

    def test_a_line_without_agreement_is_chosen_for_now(self):
        policy = self.policy()
        order = self.sold(str(uuid4()), self.ann, [(self.want(), 80)])
        self.assertEqual(order.lines.member_ticket_policy_id, policy)
        self.assertFalse(self.price_findings(order))
        self.assert_seats_agree()

    def test_a_gold_price_for_somebody_else_is_listed(self):
        self.policy()
        order_uuid, _partner, wants = self.held(self.want(), partner=self.ann)
        order = self.sold(order_uuid, self.env["res.partner"], wants)
        finding = self.price_findings(order)
        self.assertEqual((finding.expected, finding.actual), (100, 80))
        self.assertFalse(order.lines.member_ticket_policy_id)

    def test_a_ticket_that_is_not_on_sale_is_refused(self):
        self.event.is_ticket_policy_required = True
        with self.assertRaisesRegex(UserError, "cannot be sold"):
            self.sold(str(uuid4()), self.ann, [(self.want(), 100)])

    def test_more_than_there_are_is_refused(self):
        with self.assertRaisesRegex(UserError, "left"):
            self.sold(str(uuid4()), self.ann, [(self.want(self.balcony, 6), 60)])
        self.assertEqual(self.left(self.balcony), 5)

    # === LATE ORDERS === #

    def expire_holds(self):
        self.env.cr.execute(
            "UPDATE member_seat_hold SET expires_at = now() - interval '1 hour'"
        )

    def test_a_late_order_gets_its_seats_again(self):
        held = self.held(self.want(quantity=2))
        self.expire_holds()
        seats.expire(self.env)
        order = self.sold(*held)
        self.assertEqual(
            set(order.lines.event_registration_ids.mapped("state")), {"open"}
        )
        self.assertFalse(self.exceptions())
        self.assertEqual(self.left(), 18)
        self.assert_seats_agree()

    def late_order(self):
        """Return an order of two seats on the balcony whose seats others have got."""
        held = self.held(self.want(self.balcony, 2))
        self.expire_holds()
        self.sold(*self.held(self.want(self.balcony, 5)))
        return self.sold(*held)

    def test_an_order_too_late_for_a_seat_is_paid_and_listed(self):
        order = self.late_order()
        self.assertEqual(order.state, "paid")
        attendees = order.lines.event_registration_ids
        self.assertEqual(set(attendees.mapped("state")), {"draft"})
        exception = self.exceptions()
        self.assertEqual(
            (exception.reason, exception.state, exception.quantity, exception.amount),
            ("no_seat", "open", 2, 120),
        )
        self.assertEqual(exception.pos_order_id, order)
        self.assertTrue(exception.activity_ids)
        self.assertEqual(self.left(self.balcony), 0)
        self.assert_seats_agree()

    def test_seats_that_come_back_are_given_to_who_waits(self):
        order = self.late_order()
        exception = self.exceptions().with_user(self.supervisor)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            exception.action_give_seats()
        self.balcony.seats_max = 9
        self.event.seats_max = 30
        exception.action_give_seats()
        self.post_commit()
        self.assertEqual(exception.state, "settled")
        self.assertFalse(exception.activity_ids)
        self.assertEqual(
            set(order.lines.event_registration_ids.mapped("state")), {"open"}
        )
        self.assert_seats_agree()

    def test_refunding_who_got_no_seat_settles_it(self):
        order = self.late_order()
        self.give_back(order, 2)
        self.assertEqual(self.exceptions().state, "settled")
        self.assertEqual(
            set(order.lines.event_registration_ids.mapped("state")), {"cancel"}
        )
        self.assertEqual(self.left(self.balcony), 0)

    def test_the_money_is_given_back_from_the_list(self):
        order = self.late_order()
        exception = self.exceptions()
        action = exception.action_refund()
        refund = self.env["pos.order"].browse(action["res_id"])
        self.assertEqual((refund.amount_total, refund.state), (-120, "draft"))
        self.assertEqual(exception.state, "open")
        payment = self.env["pos.make.payment"].with_context(active_id=refund.id)
        payment.create({"amount": -120, "payment_method_id": self.cash.id}).check()
        self.post_commit()
        self.assertEqual((refund.state, exception.state), ("paid", "settled"))
        self.assertEqual(
            set(order.lines.event_registration_ids.mapped("state")), {"cancel"}
        )

    def test_only_a_supervisor_settles(self):
        self.late_order()
        exception = self.exceptions().with_user(self.cashier)
        for verb in ("action_settle", "action_give_seats", "action_refund"):
            with self.assertRaises(UserError):
                getattr(exception, verb)()

    def test_closing_the_session_leaves_tickets_as_they_are(self):
        order = self.sold(*self.held(self.want(quantity=3)))
        used, back, _kept = order.lines.event_registration_ids.sorted("id")
        used.action_set_done()
        self.give_back(order, chosen=back)
        late = self.late_order()
        self.close_session()
        self.assertEqual(order.state, "done")
        self.assertEqual(
            order.lines.event_registration_ids.sorted("id").mapped("state"),
            ["done", "cancel", "open"],
        )
        self.assertEqual(
            set(late.lines.event_registration_ids.mapped("state")), {"draft"}
        )
        self.assert_seats_agree()
