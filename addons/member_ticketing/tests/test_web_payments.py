from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import seats
from .common_web_payments import WebPaymentsCase


@tagged("post_install", "-at_install")
class TestWebPayments(WebPaymentsCase):
    """Money for tickets buys them once; what it does not buy goes back, in words."""

    def tearDown(self):
        self.post_commit()
        self.assertEqual(seats.verify(self.env), [])
        super().tearDown()

    # === MORE THAN WAS DUE === #

    def test_paid_twice_is_confirmed_once_and_the_second_goes_back(self):
        order = self.a_cart(2)
        first, second = self.transaction(order), self.transaction(order)
        self.arrive(first, second)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.seats_of(order), 2)
        exception = self.listed(order)
        self.assertEqual(exception.transaction_id, second)
        self.assertEqual((exception.reason, exception.amount), ("surplus", 200))
        self.assertEqual(exception.state, "settled")
        self.assertEqual((self.refunded(first), self.refunded(second)), (0, 200))
        [mail] = self.mails_about(exception)
        self.assertSays(mail, "are yours", "paid twice", "going back to where it came")

    def test_whichever_is_looked_at_first_the_earlier_one_buys(self):
        order = self.a_cart(1)
        first, second = self.transaction(order), self.transaction(order)
        for transaction in (first, second):
            transaction.action_demo_set_done()
        self.look_at(second)
        self.look_at(first)
        self.assertEqual(self.seats_of(order), 1)
        self.assertEqual((self.refunded(first), self.refunded(second)), (0, 100))

    def test_looked_at_again_and_again_nothing_more_goes_back(self):
        order = self.a_cart(1)
        transactions = [self.transaction(order) for _each in range(3)]
        self.arrive(*transactions)
        for transaction in transactions * 2:
            self.look_at(transaction)
        self.assertEqual([self.refunded(each) for each in transactions], [0, 100, 100])
        self.assertEqual(len(self.listed(order)), 2)
        self.assertEqual(self.seats_of(order), 1)

    def test_what_a_shrunken_cart_is_overpaid_by_goes_back(self):
        order = self.a_cart(3)
        transaction = self.transaction(order)
        order._cart_update_line_quantity(order.order_line.id, 2)
        self.arrive(transaction)
        self.assertEqual((order.state, self.seats_of(order)), ("sale", 2))
        self.assertEqual(self.refunded(transaction), 100)
        [mail] = self.mails_about(self.listed(order))
        self.assertSays(mail, "more than was due")

    def test_a_surplus_waits_for_no_seats(self):
        self.without_refunds()
        order = self.a_cart(1)
        self.arrive(self.transaction(order), self.transaction(order))
        with self.assertRaises(UserError):
            self.listed(order).action_give_seats()
        self.assertEqual(self.seats_of(order), 1)

    # === LESS THAN WAS DUE === #

    def test_a_part_of_the_price_goes_back_and_frees_the_seats(self):
        order = self.a_cart(10)
        transaction = self.transaction(order, amount=400)
        self.arrive(transaction)
        self.assertEqual((order.state, self.seats_of(order)), ("cancel", 0))
        self.assertEqual(self.refunded(transaction), 400)
        exception = self.listed(order)
        self.assertEqual((exception.reason, exception.state), ("underpaid", "settled"))
        [mail] = self.mails_about(exception)
        self.assertSays(mail, "cannot give you the seats", "were due")
        self.assertEqual(self.a_cart(10, self.plain_user).amount_total, 1000)

    def test_all_parts_of_an_order_without_seats_go_back(self):
        """The parts of a quotation add up; when no seat is left, none is forgotten."""
        order = self.a_cart(10)
        order.website_id = False
        first = self.transaction(order, amount=400)
        self.arrive(first)
        self.assertEqual((self.refunded(first), order.state), (0, "draft"))
        order._member_release_seats()
        self.post_commit()
        self.a_cart(1, self.plain_user)
        second = self.transaction(order, amount=600)
        self.arrive(second)
        self.assertEqual(order.state, "cancel")
        self.assertEqual((self.refunded(first), self.refunded(second)), (400, 600))
        self.look_at(second)
        self.assertEqual(len(self.listed(order)), 2)
        self.assertEqual((self.refunded(first), self.refunded(second)), (400, 600))

    def test_a_payment_for_a_cancelled_order_goes_back(self):
        order = self.a_cart(1)
        transaction = self.transaction(order)
        order._action_cancel()
        self.arrive(transaction)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.refunded(transaction), 100)

    # === WHATEVER ELSE STANDS IN THE WAY === #

    def test_an_order_that_cannot_be_confirmed_is_not_left_paid(self):
        """Odoo refuses: the next attempt would meet the same, in silence."""
        order = self.a_cart(1)
        transaction = self.transaction(order)
        transaction = transaction.with_context(validate_analytic=True)
        plan = self.env["account.analytic.plan"].create(
            {
                "name": "Houses",
                "applicability_ids": [
                    Command.create(
                        {"business_domain": "sale_order", "applicability": "mandatory"}
                    )
                ],
            }
        )
        self.env["account.analytic.account"].create(
            {"name": "Great Hall", "plan_id": plan.id}
        )
        self.arrive(transaction)
        self.assertEqual(self.listed(order).reason, "no_seat")
        self.assertEqual(self.refunded(transaction), 100)
        self.assertEqual(order.state, "cancel")

    # === PROVIDERS THAT CANNOT GIVE BACK === #

    def test_what_cannot_go_back_by_itself_is_listed_with_an_activity(self):
        self.without_refunds()
        order = self.a_cart(1)
        second = self.transaction(order)
        self.arrive(self.transaction(order), second)
        exception = self.listed(order)
        self.assertEqual(exception.state, "open")
        self.assertTrue(exception.refund_tried_at)
        self.assertTrue(exception.activity_ids)
        self.assertFalse(second.child_transaction_ids)
        [mail] = self.mails_about(exception)
        self.assertSays(mail, "We will give you this money back and get in touch")
        self.env["member.ticket.exception"]._cron_refund_payments()
        self.assertEqual(exception.state, "open")
        exception.action_settle()
        self.assertFalse(exception.activity_ids)

    def test_a_refund_that_fails_later_is_listed_again(self):
        order = self.a_cart(1)
        first, second = self.transaction(order), self.transaction(order)
        self.arrive(first, second)
        exception = self.listed(order)
        # as a provider that takes its time: it was on its way, and comes back
        refund = second.child_transaction_ids
        refund.state = "pending"
        refund._set_error("The card was closed.")
        self.assertEqual(exception.state, "open")
        self.assertTrue(exception.activity_ids)
        self.assertIn("The card was closed", exception.activity_ids[0].note)

    def test_seats_given_after_all_are_paid_for(self):
        """What was kept after all buys the order; a further payment goes back."""
        self.without_refunds()
        order = self.a_cart(10)
        first = self.transaction(order)
        order._member_release_seats()
        self.post_commit()
        rival = self.a_cart(1, self.plain_user)
        self.arrive(first)
        exception = self.listed(order)
        self.assertEqual((exception.reason, exception.state), ("no_seat", "open"))
        rival._action_cancel()
        self.post_commit()
        exception.action_give_seats()
        self.post_commit()
        self.assertEqual((order.state, self.seats_of(order)), ("sale", 10))
        second = self.transaction(order)
        self.arrive(second)
        self.assertEqual(self.listed(order).mapped("reason"), ["no_seat", "surplus"])

    def paid_in_vain(self):
        """Return an order whose two parts came when no seat was left; now one is."""
        self.without_refunds()
        order = self.a_cart(10)
        order.website_id = False
        self.arrive(self.transaction(order, amount=400))
        order._member_release_seats()
        self.post_commit()
        rival = self.a_cart(1, self.plain_user)
        self.arrive(self.transaction(order, amount=600))
        self.assertEqual(self.listed(order).mapped("state"), ["open", "open"])
        rival._action_cancel()
        self.post_commit()
        return order

    def assert_not_given(self, order, exception):
        """Check that the seats are not given for what is left of the money."""
        with self.assertRaises(UserError) as refusal:
            exception.action_give_seats()
        self.assertEqual((order.state, self.seats_of(order)), ("cancel", 0))
        self.assertEqual(exception.state, "open")
        return str(refusal.exception)

    def test_seats_given_after_all_are_paid_for_by_all_parts(self):
        order = self.paid_in_vain()
        self.listed(order).action_give_seats()
        self.post_commit()
        self.assertEqual((order.state, self.seats_of(order)), ("sale", 10))
        self.assertEqual(self.listed(order).mapped("state"), ["settled", "settled"])

    def test_no_seats_are_given_for_what_is_left_of_a_refund(self):
        order = self.paid_in_vain()
        first, second = self.listed(order)
        first.transaction_id._refund(amount_to_refund=400)
        said = self.assert_not_given(order, second)
        self.assertSays(said, "600.00 of", "1,000.00 is still here", "Give it back")

    def test_no_seats_are_given_for_what_was_not_given_back_by_hand(self):
        order = self.paid_in_vain()
        first, second = self.listed(order)
        first.action_settle()
        self.assert_not_given(order, second)

    def test_no_seats_are_given_while_a_part_may_be_on_its_way_back(self):
        order = self.paid_in_vain()
        first, second = self.listed(order)
        first.is_refund_unanswered = True
        self.assert_not_given(order, second)
        self.assertEqual(first.state, "open")

    def test_a_part_that_came_to_no_seat_buys_them_no_sooner(self):
        """It is as much as was paid, and less than was due."""
        self.without_refunds()
        order = self.a_cart(10)
        order.website_id = False
        order._member_release_seats()
        self.post_commit()
        rival = self.a_cart(1, self.plain_user)
        self.arrive(self.transaction(order, amount=400))
        rival._action_cancel()
        self.post_commit()
        self.assert_not_given(order, self.listed(order))

    def test_seats_are_given_for_the_deposit_that_was_asked_for(self):
        self.without_refunds()
        order = self.a_cart(10)
        order.write({"website_id": False, "prepayment_percent": 0.4})
        order._member_release_seats()
        self.post_commit()
        rival = self.a_cart(1, self.plain_user)
        self.arrive(self.transaction(order, amount=400))
        rival._action_cancel()
        self.post_commit()
        self.listed(order).action_give_seats()
        self.post_commit()
        self.assertEqual((order.state, self.seats_of(order)), ("sale", 10))

    # === ON THE PAGE === #

    def test_the_page_tells_what_becomes_of_the_money(self):
        order = self.a_cart(2)
        self.arrive(self.transaction(order), self.transaction(order))
        self.assertSays(
            self.confirmation(order),
            "Thank you for your order",
            "You paid more than was due",
            "goes back to where it came from",
        )

    def test_the_page_says_when_it_is_given_back_by_hand(self):
        self.without_refunds()
        order = self.a_cart(2)
        self.arrive(self.transaction(order, amount=10))
        page = self.confirmation(order)
        self.assertSays(page, "We could not give you these seats", "by hand")
        self.assertSaysNot(page, "Thank you for your order")

    def confirmation(self, order):
        login = self.gold_user.login
        self.authenticate(login, login, session_extra={"sale_last_order_id": order.id})
        return " ".join(self.url_open("/shop/confirmation").text.split())
