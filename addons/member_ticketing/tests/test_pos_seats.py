from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from .. import seats
from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosSeats(TillTicketsCase):
    def test_held_seats_are_not_there_for_others(self):
        self.held(self.want(quantity=3))
        self.assertEqual(self.left(), 17)
        self.assert_seats_agree()

    def test_the_answer_tells_price_policy_and_until_when(self):
        policy = self.policy()
        answer = self.ask(self.want(quantity=2), partner=self.ann)
        (line,) = answer["lines"]
        self.assertEqual(
            (line["price"], line["list_price"], line["policy_id"]),
            (80, 100, policy.id),
        )
        self.assertEqual(line["policy_name"], policy.name)
        now = fields.Datetime.now()
        expires_at = fields.Datetime.to_datetime(line["expires_at"])
        self.assertGreater(expires_at, now + timedelta(minutes=10))
        self.assertGreater(line["seconds_left"], 600)

    def test_all_lines_are_held_or_none(self):
        answer = self.ask(self.want(quantity=2), self.want(self.balcony, 6))
        self.assertEqual((answer["status"], answer["left"]), ("sold_out", 5))
        self.assertEqual((self.left(), self.left(self.balcony)), (20, 5))
        self.assertFalse(self.env["member.till.ticket"].search([]))

    def test_a_refusal_says_what_else_there_is(self):
        want = self.want(self.balcony, 6)
        answer = self.ask(want)
        self.assertEqual(answer["line"], want["uuid"])
        (other,) = answer["alternatives"]
        self.assertEqual((other["name"], other["seats_left"]), ("Stalls", 20))
        self.assertIn("20 left in Stalls", answer["message"])

    def test_the_same_again_holds_longer_at_the_same_price(self):
        policy = self.policy()
        want, order_uuid = self.want(quantity=2), str(uuid4())
        first = self.ask(want, partner=self.ann, order_uuid=order_uuid)
        policy.price = 95
        again = self.ask(want, partner=self.ann, order_uuid=order_uuid)
        self.assertEqual(again["lines"][0]["price"], 80)
        self.assertEqual(
            (first["status"], again["status"], self.left()), ("ok", "ok", 18)
        )

    def test_another_quantity_replaces_what_was_held(self):
        want, order_uuid = self.want(quantity=2), str(uuid4())
        self.ask(want, order_uuid=order_uuid)
        self.ask({**want, "quantity": 5}, order_uuid=order_uuid)
        self.assertEqual(self.left(), 15)
        self.ask({**want, "quantity": 1}, order_uuid=order_uuid)
        self.assertEqual(self.left(), 19)
        answer = self.ask({**want, "quantity": 30}, order_uuid=order_uuid)
        self.assertEqual(answer["status"], "sold_out")
        self.assertEqual(self.left(), 19)

    def test_lines_keep_what_they_had_when_one_is_refused(self):
        one, two, order_uuid = (
            self.want(quantity=2),
            self.want(self.balcony),
            str(uuid4()),
        )
        self.ask(one, two, order_uuid=order_uuid)
        answer = self.ask(
            {**one, "quantity": 4}, {**two, "quantity": 9}, order_uuid=order_uuid
        )
        self.assertEqual(answer["status"], "sold_out")
        self.assertEqual((self.left(), self.left(self.balcony)), (18, 4))
        order = self.sold(order_uuid, self.env["res.partner"], [(one, 100), (two, 60)])
        self.assertEqual(order.state, "paid")
        self.assert_seats_agree()

    def test_the_customer_changes_and_so_does_the_price(self):
        self.policy()
        want, order_uuid = self.want(), str(uuid4())
        answer = self.ask(want, order_uuid=order_uuid)
        self.assertEqual(answer["lines"][0]["price"], 100)
        answer = self.ask(want, partner=self.ann, order_uuid=order_uuid)
        self.assertEqual(answer["lines"][0]["price"], 80)
        self.assertEqual(self.left(), 19)

    def test_released_seats_are_there_again(self):
        want = self.want(quantity=3)
        self.held(want)
        answer = self.at_till().member_seats_release([want["uuid"]])
        self.assertEqual((answer, self.left()), ({"status": "ok"}, 20))
        # twice, and what never was
        self.at_till().member_seats_release([want["uuid"], str(uuid4())])
        self.assertEqual(self.left(), 20)

    def test_a_used_up_quota_sells_at_the_publics_price(self):
        """A class's quota is used up while the public still buys."""
        self.policy(quota=2)
        self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        (line,) = self.ask(self.want(), partner=self.bob)["lines"]
        self.assertEqual(line["price"], 100)

    def test_two_lines_share_a_quota(self):
        self.policy(quota=3)
        answer = self.ask(
            self.want(quantity=2), self.want(quantity=2), partner=self.ann
        )
        self.assertEqual([line["price"] for line in answer["lines"]], [80, 100])

    def test_a_members_limit_counts_over_all_orders(self):
        self.policy(member_limit=3)
        self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        answer = self.ask(self.want(quantity=2), partner=self.ann)
        self.assertEqual((answer["status"], answer["left"]), ("limit_reached", 1))
        self.assertEqual(self.ask(self.want(), partner=self.ann)["status"], "ok")
        self.assertEqual(self.ask(self.want(), partner=self.bob)["status"], "ok")

    def test_the_public_is_limited_by_order(self):
        self.policy(class_id=False, order_limit=3)
        want, order_uuid = self.want(quantity=2), str(uuid4())
        self.assertEqual(self.ask(want, order_uuid=order_uuid)["status"], "ok")
        answer = self.ask(self.want(quantity=2), order_uuid=order_uuid)
        self.assertEqual(answer["status"], "order_limit")
        self.assertEqual(self.ask(self.want(quantity=2))["status"], "ok")

    def test_a_limit_per_order_counts_all_that_a_policy_sells(self):
        """Two kinds of tickets by one policy are as many as of one kind."""
        self.policy(order_limit=3)
        order_uuid, stalls = str(uuid4()), self.want(quantity=2)
        answer = self.ask(
            stalls,
            self.want(self.balcony, quantity=2),
            partner=self.ann,
            order_uuid=order_uuid,
        )
        self.assertEqual(answer["status"], "order_limit")
        self.ask(stalls, partner=self.ann, order_uuid=order_uuid)
        more = self.want(self.balcony, quantity=2)
        answer = self.ask(more, partner=self.ann, order_uuid=order_uuid)
        self.assertEqual(
            (answer["status"], answer["line"]), ("order_limit", more["uuid"])
        )
        more["quantity"] = 1
        answer = self.ask(more, partner=self.ann, order_uuid=order_uuid)
        self.assertEqual(answer["status"], "ok")

    def test_the_limit_of_the_ticket_counts_whatever_sells_it(self):
        """A ticket's own limit is no policy's: two policies do not make it two."""
        press = self.policy(name="Press", price=10)
        self.stalls.limit_max_per_order = 2
        order_uuid = str(uuid4())
        self.ask(self.want(quantity=2), order_uuid=order_uuid, user=self.supervisor)
        answer = self.ask(
            self.want(policy_id=press.id), order_uuid=order_uuid, user=self.supervisor
        )
        self.assertEqual(answer["status"], "order_limit")
        answer = self.ask(self.want(self.balcony), order_uuid=order_uuid)
        self.assertEqual(answer["status"], "ok")

    def test_a_window_that_is_closed_is_said(self):
        opens = fields.Datetime.now() + timedelta(days=1)
        self.event.date_end = opens + timedelta(days=2)
        self.event.date_begin = opens + timedelta(days=1)
        self.policy(class_id=False, window="dates", start_date=opens)
        answer = self.ask(self.want())
        self.assertEqual(answer["status"], "closed")
        self.assertEqual(answer["opens_at"], fields.Datetime.to_string(opens))

    def test_another_policy_takes_the_right(self):
        press = self.policy(name="Press", price=10)
        want = self.want(policy_id=press.id)
        answer = self.ask(want)
        self.assertEqual(
            (answer["status"], answer["act"]), ("approval_needed", "ticket_policy")
        )
        self.assertEqual(self.left(), 20)
        (line,) = self.ask(self.want(policy_id=press.id), user=self.supervisor)["lines"]
        self.assertEqual((line["price"], line["policy_id"]), (10, press.id))

    def test_another_policy_by_approval_of_this_line(self):
        press = self.policy(name="Press", price=10)
        want, order_uuid = self.want(policy_id=press.id), str(uuid4())
        for other in (
            {"ticket_id": self.balcony.id},
            {"policy_id": self.policy(name="Crew", ticket_id=self.balcony.id).id},
        ):
            self.approved("ticket_policy", {**want, **other})
            self.assertEqual(self.ask(want)["status"], "approval_needed")
        self.approved("ticket_policy", want, partner=self.ann)
        self.assertEqual(self.ask(want)["status"], "approval_needed")
        self.approved("ticket_policy", want)
        (line,) = self.ask(want, order_uuid=order_uuid)["lines"]
        self.assertEqual(line["price"], 10)
        # fewer of the same need no second one, more do
        other = {**want, "quantity": 2}
        self.assertEqual(
            self.ask(other, order_uuid=order_uuid)["status"], "approval_needed"
        )
        elsewhere = self.ask(self.want(policy_id=press.id))
        self.assertEqual(elsewhere["status"], "approval_needed")

    def test_a_policy_that_does_not_sell_is_refused_to_everybody(self):
        over = self.policy(
            name="Early bird",
            window="dates",
            end_date=fields.Datetime.now() - timedelta(days=1),
        )
        answer = self.ask(self.want(policy_id=over.id), user=self.supervisor)
        self.assertEqual(answer["status"], "other_policy")

    def test_a_complimentary_ticket_takes_a_reason_and_the_right(self):
        want = self.want(quantity=2, free_reason="Press night")
        answer = self.ask(want)
        self.assertEqual(
            (answer["status"], answer["act"], answer["amount"]),
            ("approval_needed", "ticket_free", 200),
        )
        self.approved("ticket_free", want, 100)
        self.assertEqual(self.ask(want)["status"], "approval_needed")
        self.approved("ticket_free", {**want, "free_reason": "A friend"}, 200)
        self.approved("ticket_free", {**want, "quantity": 1}, 200)
        self.approved("ticket_free", {**want, "ticket_id": self.balcony.id}, 200)
        self.assertEqual(self.ask(want)["status"], "approval_needed")
        self.approved("ticket_free", want, 200)
        (line,) = self.ask(want)["lines"]
        self.assertEqual((line["price"], line["list_price"]), (0, 100))

    def as_agreed(self, want):
        """Return a line as a till asks for it that has not sold it itself."""
        names = ("uuid", "ticket_id", "slot_id", "quantity")
        return {**{name: want[name] for name in names}, "as_agreed": True}

    def test_what_was_agreed_is_kept_for_another_browser(self):
        press = self.policy(name="Press", price=10)
        want = self.want(policy_id=press.id)
        free = self.want(self.balcony, free_reason="Press night")
        self.approved("ticket_policy", want)
        self.approved("ticket_free", free, 60)
        order_uuid = str(uuid4())
        self.ask(want, free, order_uuid=order_uuid)
        again = [self.as_agreed(want), self.as_agreed(free)]
        answer = self.ask(*again, order_uuid=order_uuid)
        self.assertEqual(
            [(line["price"], line["free_reason"]) for line in answer["lines"]],
            [(10, ""), (0, "Press night")],
        )
        self.assertEqual(
            [(line["policy_id"], line["is_other_policy"]) for line in answer["lines"]],
            [(press.id, True), (False, False)],
        )
        # also when it has ended
        self.env["member.till.ticket"].sudo().search([]).write(
            {"expires_at": fields.Datetime.now() - timedelta(minutes=1)}
        )
        answer = self.ask(*again, order_uuid=order_uuid)
        self.assertEqual([line["price"] for line in answer["lines"]], [10, 0])

    def given_away(self):
        """Hold a complimentary ticket; return it as asked anew, and its order."""
        want, order_uuid = self.want(free_reason="Press night"), str(uuid4())
        self.approved("ticket_free", want, 100)
        self.assertEqual(self.ask(want, order_uuid=order_uuid)["status"], "ok")
        return self.as_agreed(want), order_uuid

    def test_as_agreed_is_of_this_line_of_this_order(self):
        for other in ("order", "uuid", "ticket_id"):
            again, order_uuid = self.given_away()
            if other == "order":
                order_uuid = str(uuid4())
            elif other == "uuid":
                again["uuid"] = str(uuid4())
            else:
                again["ticket_id"] = self.balcony.id
            with self.subTest(other=other):
                (line,) = self.ask(again, order_uuid=order_uuid)["lines"]
                self.assertGreater(line["price"], 0)
                self.assertFalse(line["free_reason"])

    def test_more_than_was_agreed_needs_an_approval(self):
        again, order_uuid = self.given_away()
        answer = self.ask({**again, "quantity": 2}, order_uuid=order_uuid)
        self.assertEqual(
            (answer["status"], answer["free_reason"]),
            ("approval_needed", "Press night"),
        )

    def test_another_customer_needs_an_approval_of_what_was_agreed(self):
        press = self.policy(name="Press", price=10)
        zed = self.env["res.partner"].create({"name": "Zed"})
        want, order_uuid = self.want(policy_id=press.id), str(uuid4())
        self.approved("ticket_policy", want)
        self.ask(want, order_uuid=order_uuid)
        again = self.as_agreed(want)
        answer = self.ask(again, partner=zed, order_uuid=order_uuid)
        self.assertEqual(
            (answer["status"], answer["policy_id"]), ("approval_needed", press.id)
        )
        about = {**again, "policy_id": answer["policy_id"]}
        self.approved("ticket_policy", about, partner=zed)
        (line,) = self.ask(again, partner=zed, order_uuid=order_uuid)["lines"]
        self.assertEqual(line["price"], 10)

    def test_malformed_lines_are_refused(self):
        for lines in (
            [],
            "x",
            [1],
            [self.want(quantity=0)],
            [self.want(quantity=-1)],
            [self.want(quantity=1.5)],
            [self.want(quantity=True)],
            [self.want(quantity=101)],
            [{**self.want(), "uuid": "x"}],
            [{**self.want(), "ticket_id": 0}],
            [self.want(policy_id="x")],
            [self.want()] * 2,
        ):
            with self.subTest(lines=lines):
                answer = self.at_till().member_seats_hold(str(uuid4()), lines)
                self.assertNotEqual(answer["status"], "ok")
        self.assertEqual(self.left(), 20)

    def test_another_till_does_not_release_these_seats(self):
        want = self.want(quantity=3)
        self.held(want)
        other = self.till.copy({"payment_method_ids": [Command.set(self.bank.ids)]})
        self.open_session(other)
        other.with_user(self.cashier).member_seats_release([want["uuid"]])
        self.assertEqual(self.left(), 17)

    def test_an_expired_hold_gives_its_seats_to_others(self):
        want = self.want(quantity=20)
        self.held(want)
        self.env.cr.execute(
            "UPDATE member_seat_hold SET expires_at = now() - interval '1 hour'"
        )
        self.assertEqual(self.ask(self.want())["status"], "ok")
        self.assertEqual(len(seats.find(self.env, f"pol:{want['uuid']}")), 0)
