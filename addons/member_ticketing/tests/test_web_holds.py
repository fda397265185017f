import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .. import seats
from .common_web_payments import WebPaymentsCase


class WebHoldsCase(WebPaymentsCase):
    """Carts for which time passes only when a test says so."""

    def setUp(self):
        super().setUp()
        # the database's clock stands still in a test, and Python's goes with it
        clock = freeze_time(self.env.cr.now())
        clock.start()
        self.addCleanup(clock.stop)

    def minutes_left(self, order):
        return round(order._member_seconds_left() / 60)

    def later(self, order, minutes):
        """Let time pass for an order: what it holds was held earlier."""
        past = timedelta(minutes=minutes)
        order.member_held_since -= past
        for line in order.order_line.filtered("member_held_until"):
            line.member_held_until -= past
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE member_seat_hold SET expires_at = expires_at - %s"
            " WHERE key LIKE %s",
            [past, f"so:{order.id}:%"],
        )
        self.env.invalidate_all()

    def add(self, order, ticket):
        order._cart_add(
            self.product.id, 1, event_ticket_id=ticket.id, event_slot_id=False
        )
        self.post_commit()


@tagged("post_install", "-at_install")
class TestWebHoldEnds(WebHoldsCase):
    """A cart's seats are not kept for ever, however often their hold is renewed.

    15 minutes for a cart and 30 for paying: 30 from the first seat while one chooses,
    45 for who pays.
    """

    def test_another_ticket_renews_the_hold_up_to_its_end(self):
        order = self.a_cart(1)
        self.assertEqual(self.minutes_left(order), 15)
        self.later(order, 10)
        self.add(order, self.balcony)
        self.assertEqual(self.minutes_left(order), 15)
        self.later(order, 10)
        self.add(order, self.balcony)
        self.assertEqual(self.minutes_left(order), 10)
        self.later(order, 8)
        self.add(order, self.stalls)
        self.assertEqual(self.minutes_left(order), 2)

    def test_who_goes_to_pay_has_time_for_it_and_not_for_ever(self):
        order = self.a_cart(1)
        self.later(order, 14)
        for minutes_left in (30, 21, 11, 1):
            order._member_hold_for_payment()
            self.assertEqual(self.minutes_left(order), minutes_left)
            self.later(order, 10)
        self.assertFalse(order._member_seconds_left())

    def test_then_it_is_taken_anew_if_it_is_still_free(self):
        order = self.a_cart(10)
        self.later(order, 31)
        self.assertEqual(order._member_seconds_left(), 0)
        order._member_hold_cart()
        self.assertEqual(self.minutes_left(order), 15)
        self.later(order, 31)
        self.assertEqual(self.a_cart(1, self.plain_user).order_line.product_uom_qty, 1)
        with self.assertRaises(seats.SeatRefusal), self.env.cr.savepoint():
            order._member_hold_cart()
        self.assertEqual(order._member_seconds_left(), 0)

    def test_a_slow_payment_is_waited_for_once(self):
        hours = self.company.member_transfer_hold_hours
        order = self.a_cart(1)
        for _again in range(3):
            transaction = self.transaction(order)
            transaction._set_pending()
            most = order.member_held_since + timedelta(minutes=45, hours=hours)
            most += timedelta(seconds=1)  # Odoo's clock shows whole seconds
            self.assertLessEqual(order.order_line.member_held_until, most)
            self.later(order, 60)
        self.assertLess(self.minutes_left(order), 60 * hours)


@tagged("post_install", "-at_install")
class TestWebHoldSaid(WebHoldsCase):
    """Who buys is told when nothing keeps the seats any longer."""

    def test_the_page_says_when_it_is_the_last_time(self):
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        cart = self.cart(self.plain_user)
        self.assertSaysNot(self.url_open("/shop/cart").text, "kept any longer")
        for _again in range(2):
            self.later(cart, 10)
            self.buy(self.stalls, 1)
        self.assertSays(self.url_open("/shop/cart").text, "kept any longer")

    def test_who_pays_is_told_when_paying_anew_gives_no_more_time(self):
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        cart = self.cart(self.plain_user)
        self.later(cart, 10)
        cart._member_hold_for_payment()
        self.assertSaysNot(self.url_open("/shop/cart").text, "kept any longer")
        self.later(cart, 10)
        cart._member_hold_for_payment()
        self.assertSays(self.url_open("/shop/cart").text, "kept any longer")


@tagged("post_install", "-at_install")
class TestWebForms(WebPaymentsCase):
    """A form that is sent twice orders once; whoever opens it again orders again."""

    def key_of(self, form):
        return re.search(r'name="member_form_key"[^>]*value="(\w+)"', form).group(1)

    def test_the_same_form_sent_twice_orders_once(self):
        self.sign_in(self.plain_user)
        key = self.key_of(self.choose(self.stalls, 2))
        first = self.buy(self.stalls, 2, key=key)
        second = self.buy(self.stalls, 2, key=key)
        self.assertEqual(first.url, second.url)
        line = self.cart(self.plain_user).order_line
        self.assertEqual(line.product_uom_qty, 2)
        self.assertEqual(len(line.registration_ids), 2)

    def test_the_form_opened_again_adds(self):
        self.sign_in(self.plain_user)
        for _time in range(2):
            self.buy(self.stalls, key=self.key_of(self.choose(self.stalls)))
        self.assertEqual(self.cart(self.plain_user).order_line.product_uom_qty, 2)

    def test_free_tickets_too(self):
        self.stalls.price = self.balcony.price = 0
        self.sign_in(self.plain_user)
        key = self.key_of(self.choose(self.stalls))
        first = self.buy(self.stalls, key=key)
        second = self.buy(self.stalls, key=key)
        self.assertEqual(first.url, second.url)
        own = [("partner_id", "=", self.plain_user.partner_id.id)]
        self.assertEqual(self.env["event.registration"].search_count(own), 1)

    def test_a_form_that_was_refused_may_be_sent_again(self):
        policy = self.policy("Public", **self.opens_in(5))
        self.sign_in(self.plain_user)
        key = "a" * 32
        self.assertIn("/register", self.buy(self.stalls, key=key).url)
        policy.start_date = fields.Datetime.now() - timedelta(days=1)
        self.buy(self.stalls, key=key)
        self.assertEqual(self.cart(self.plain_user).order_line.product_uom_qty, 1)

    def test_old_keys_are_forgotten(self):
        forms = self.env["member.ticket.form"]
        self.assertFalse(forms._send("old"))
        self.assertTrue(forms._send("old"))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            forms._gc_forms()
        self.assertFalse(forms._send("old"))
