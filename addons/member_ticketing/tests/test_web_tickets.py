from datetime import timedelta

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .. import seats
from .common_web_tickets import WebTicketsCase


@tagged("post_install", "-at_install")
class TestWebOffer(WebTicketsCase):
    """The page of a performance: the visitor's own price, window and limit."""

    def test_everybody_sees_the_own_price_and_nobody_another_ones(self):
        """A10: a price that was computed for Gold is not shown to the next visitor."""
        self.policy("Public", price_kind="fixed", price=90)
        self.for_gold(71)
        self.sign_in(self.gold_user)
        page = self.page()
        self.assertSays(page, "71.00")
        self.assertSays(page, "For Gold")
        self.sign_in(self.plain_user)
        page = self.page()
        self.assertSaysNot(page, "For Gold")
        self.assertSays(page, "90.00")
        self.sign_in()
        self.assertSays(self.page(), "90.00")

    def test_before_signing_in_the_page_says_what_a_class_would_give(self):
        self.for_gold(71)
        self.sign_in()
        page = self.page()
        self.assertSays(page, "Gold: ")
        self.assertSays(page, "Log in for your price")
        self.sign_in(self.gold_user)
        self.assertSaysNot(self.page(), "Log in for your price")

    def test_a_presale_says_from_when_and_for_whom(self):
        self.policy("Public", **self.opens_in(5))
        self.policy(
            "Presale", class_id=self.gold_class.id, price_kind="fixed", price=80
        )
        self.sign_in()
        page = self.page()
        self.assertSays(page, "On sale from")
        self.assertSays(page, "Gold: ")
        offers = self.stalls.with_user(self.website.user_id)._member_web_offers()
        self.assertEqual(offers[self.stalls.id].limit, 0)
        self.sign_in(self.gold_user)
        offers = self.stalls.with_user(self.gold_user)._member_web_offers()
        self.assertEqual(offers[self.stalls.id].limit, 10)

    def test_the_limit_says_how_many_are_left_for_this_member(self):
        self.policy("For Gold", class_id=self.gold_class.id, member_limit=4)
        self.sign_in(self.gold_user)
        self.assertSays(self.page(), "4 of 4 tickets per member are left for you")
        self.buy(self.stalls, 4)
        page = self.page()
        self.assertSays(page, "You have all 4 tickets that one member may have")

    def test_a_free_ticket_with_a_price_by_policy_is_not_shown_as_free(self):
        self.stalls.price = self.balcony.price = 0
        self.policy("Public", price_kind="fixed", price=35)
        self.sign_in()
        page = self.page()
        self.assertSays(page, "35.00")
        self.assertSaysNot(page, 'text-bg-success p-2 px-3">Free')

    def test_crossed_out_is_what_the_public_pays(self):
        self.policy("Public", price_kind="fixed", price=120)
        self.for_gold(71)
        self.sign_in(self.gold_user)
        page = self.page()
        self.assertSays(page, "120.00")
        self.assertSays(page, "<del")


@tagged("post_install", "-at_install")
class TestWebCart(WebTicketsCase):
    """From the page into the cart: everything that was asked for, with its seats."""

    def test_the_cart_has_the_own_price_and_its_seats_held(self):
        policy = self.for_gold(71)
        self.sign_in(self.gold_user)
        response = self.buy(self.stalls, 2)
        self.assertIn("/shop/", response.url)
        line = self.cart(self.gold_user).order_line
        self.assertEqual(line.price_unit, 71)
        self.assertEqual(line.member_ticket_policy_id, policy)
        self.assertGreater(line.order_id._member_seconds_left(), 14 * 60)
        self.assertEqual(len(line.registration_ids), 2)
        page = self.url_open("/shop/cart").text
        self.assertSays(page, "Your seats are kept for")

    def test_what_a_cart_holds_nobody_else_can_have(self):
        self.sign_in(self.gold_user)
        self.buy(self.stalls, 9)
        self.sign_in(self.plain_user)
        response = self.buy(self.stalls, 2)
        self.assertIn("/register", response.url)
        self.assertFalse(self.cart(self.plain_user).order_line)
        self.assertFalse(
            self.env["event.registration"].search(
                [("partner_id", "=", self.plain_user.partner_id.id)]
            )
        )
        self.buy(self.stalls, 1)
        self.assertEqual(self.cart(self.plain_user).order_line.product_uom_qty, 1)

    def test_more_than_the_limit_is_refused_and_says_why(self):
        self.policy("Public", order_limit=3)
        self.sign_in(self.plain_user)
        form = self.choose(self.stalls, 4)
        self.assertSays(form, "at most 3 can be ordered now")
        page = " ".join(self.buy(self.stalls, 4).text.split())
        self.assertSays(page, "at most 3 tickets on one order")
        self.assertFalse(self.cart(self.plain_user).order_line)

    def test_the_limit_counts_what_was_bought_elsewhere(self):
        """A10: the limit per member holds over all channels."""
        self.policy("For Gold", class_id=self.gold_class.id, member_limit=2)
        self.env["event.registration"].create(
            [
                {
                    "event_id": self.swan.id,
                    "event_ticket_id": self.stalls.id,
                    "partner_id": self.gold_user.partner_id.id,
                    "name": "At the box office",
                }
            ]
        )
        self.post_commit()
        self.sign_in(self.gold_user)
        self.buy(self.stalls, 2)
        self.assertFalse(self.cart(self.gold_user).order_line)
        self.buy(self.stalls, 1)
        self.assertEqual(self.cart(self.gold_user).order_line.product_uom_qty, 1)

    def test_a_closed_ticket_is_refused_to_whoever_posts_its_form(self):
        self.policy("Public", **self.opens_in(5))
        self.sign_in(self.plain_user)
        page = self.buy(self.stalls).text
        self.assertSays(page, "On sale from")
        self.assertFalse(self.cart(self.plain_user).order_line)

    def test_a_cart_that_ran_out_is_held_again_on_demand(self):
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        cart = self.cart(self.plain_user)
        cart.order_line.member_held_until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertSays(self.url_open("/shop/cart").text, "no longer kept")
        self.hold_again()
        self.assertGreater(cart._member_seconds_left(), 14 * 60)

    def hold_again(self):
        return self.url_open(
            "/shop/tickets/hold", data={"csrf_token": http.Request.csrf_token(self)}
        )

    def test_signing_in_with_a_cart_takes_the_members_price(self):
        self.for_gold(71)
        self.sign_in()
        self.buy(self.stalls, 2)
        cart = self.cart()
        self.assertEqual(cart.order_line.price_unit, 100)
        self.sign_in(self.gold_user, cart)
        self.url_open("/shop/cart")
        self.assertEqual(cart.partner_id, self.gold_user.partner_id)
        self.assertEqual(cart.order_line.price_unit, 71)
        self.assertGreater(cart._member_seconds_left(), 14 * 60)

    def test_signing_in_with_more_than_the_members_limit_leaves_what_there_is(self):
        self.policy("For Gold", class_id=self.gold_class.id, member_limit=3)
        self.sign_in()
        self.buy(self.stalls, 5)
        cart = self.cart()
        self.sign_in(self.gold_user, cart)
        page = self.url_open("/shop/cart").text
        self.assertSays(page, "Warning!")
        self.assertEqual(cart.partner_id, self.gold_user.partner_id)
        self.assertEqual(cart.order_line.product_uom_qty, 3)
        self.assertTrue(cart._member_seconds_left())
        self.post_commit()
        held = seats.find(self.env, f"so:{cart.id}:")
        self.assertEqual(len(held), 1, "what the page counts down is not held")

    def test_the_price_stays_while_the_seats_are_held(self):
        policy = self.policy("Public", price_kind="fixed", price=90)
        self.sign_in(self.plain_user)
        self.buy(self.stalls)
        policy.price = 95
        cart = self.cart(self.plain_user)
        cart._recompute_cart()
        self.assertEqual(cart.order_line.price_unit, 90)

    def test_taking_tickets_out_gives_their_seats_back(self):
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 10)
        cart = self.cart(self.plain_user)
        self.make_jsonrpc_request(
            "/shop/cart/update", {"line_id": cart.order_line.id, "quantity": 4}
        )
        self.post_commit()
        self.sign_in(self.gold_user)
        self.buy(self.stalls, 6)
        self.assertEqual(self.cart(self.gold_user).order_line.product_uom_qty, 6)

    def test_two_kinds_of_tickets_are_one_order(self):
        """What a policy sells on one order counts whatever the ticket."""
        self.policy("Public", price_kind="fixed", price=90, order_limit=3)
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        self.buy(self.balcony, 2)
        self.assertEqual(sum(self.cart().order_line.mapped("product_uom_qty")), 2)
        self.buy(self.balcony, 1)
        self.assertEqual(sum(self.cart().order_line.mapped("product_uom_qty")), 3)

    def test_the_limit_of_a_ticket_is_the_cart_s(self):
        """Two forms put no more into the cart than one."""
        self.stalls.limit_max_per_order = 2
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        self.buy(self.stalls, 2)
        self.assertEqual(self.cart().order_line.product_uom_qty, 2)

    def test_a_free_ticket_without_a_cart_is_sold_on_the_web(self):
        """It has no order, and is the website's all the same."""
        self.stalls.price = self.balcony.price = 0
        self.sign_in(self.plain_user)
        self.buy(self.stalls)
        seat = self.swan.registration_ids
        self.assertFalse(seat.sale_order_id)
        self.assertEqual(seat.member_channel, "web")
        self.env.flush_all()
        purchase = self.env["member.ticket.purchase"].search(
            [("partner_id", "=", self.plain_user.partner_id.id)]
        )
        self.assertEqual(purchase.channel, "web")

    def test_free_tickets_without_an_order_have_a_list(self):
        """A15: what costs nothing is on no list of orders, but on one of its own."""
        self.stalls.price = self.balcony.price = 0
        self.sign_in(self.plain_user)
        self.buy(self.stalls, 2)
        tickets = self.swan.registration_ids
        by_hand = tickets.create({"event_id": self.swan.id, "name": "By hand"})
        clerk = new_test_user(
            self.env,
            "web_clerk",
            groups="member_ticketing.group_member_ticket_process",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        action = self.env.ref("member_ticketing.event_registration_free_web_action")
        found = by_hand.with_user(clerk).search(
            [*safe_eval(action.domain), ("event_id", "=", self.swan.id)]
        )

        self.assertEqual(found.ids, tickets.sorted().ids)
        self.assertFalse(any(found.mapped("member_ticketed_at")))
        printed = found.action_member_print_tickets()
        self.assertTrue(all(found.mapped("member_ticketed_at")))
        for each in found:
            self.assertIn(str(each.id), printed["url"])

        found.sudo().action_cancel()
        with self.assertRaisesRegex(UserError, "Choose confirmed ones"):
            found.action_member_print_tickets()
        seller = new_test_user(
            self.env, "web_seller", groups="event.group_event_registration_desk"
        )
        with self.assertRaises(AccessError):
            found.with_user(seller).action_member_print_tickets()

    def test_a_free_ticket_that_a_policy_sells_goes_through_the_cart(self):
        self.stalls.price = self.balcony.price = 0
        self.policy("For Gold", class_id=self.gold_class.id, member_limit=1)
        self.sign_in(self.gold_user)
        self.buy(self.stalls)
        self.post_commit()
        own = [
            ("partner_id", "=", self.gold_user.partner_id.id),
            ("state", "=", "open"),
        ]
        self.assertEqual(self.env["event.registration"].search_count(own), 1)
        self.buy(self.stalls)
        self.assertEqual(self.env["event.registration"].search_count(own), 1)

    def test_the_slot_is_part_of_what_is_sold(self):
        day = fields.Date.today() + timedelta(days=30)
        event = self.performance(
            "Two Shows",
            is_multi_slots=True,
            event_slot_ids=[
                Command.create({"date": day, "start_hour": hour, "end_hour": hour + 2})
                for hour in (15, 20)
            ],
        )
        matinee, evening = event.event_slot_ids.sorted("start_hour")
        ticket = event.event_ticket_ids[0]
        self.policy("Matinee", event, slot_id=matinee.id, price_kind="fixed", price=41)
        self.sign_in(self.plain_user)
        self.buy(ticket, slot=matinee)
        self.buy(ticket, slot=evening)
        lines = self.cart(self.plain_user).order_line.sorted("price_unit")
        self.assertEqual(lines.mapped("price_unit"), [41, 100])
        self.assertIn("/register", self.buy(ticket).url)


@tagged("post_install", "-at_install")
class TestWebForged(WebTicketsCase):
    """What no page of ours sends: refused, and nothing is in a cart."""

    def test_an_attendee_is_nobody_else_than_the_buyer_says(self):
        self.stalls.price = 0
        self.sign_in(self.plain_user)
        self.buy(self.stalls, partner_id=self.gold_user.partner_id.id)
        seats = self.env["event.registration"].search(
            [("event_id", "=", self.swan.id), ("name", "=", "Guest 1")]
        )
        self.assertTrue(seats)
        self.assertEqual(seats.partner_id, self.plain_user.partner_id)

    def test_a_slot_of_another_performance_is_refused(self):
        day = fields.Date.today() + timedelta(days=30)
        other = self.performance(
            "Other",
            is_multi_slots=True,
            event_slot_ids=[
                Command.create({"date": day, "start_hour": 15, "end_hour": 17})
            ],
        )
        self.sign_in(self.plain_user)
        self.buy(self.stalls, slot=other.event_slot_ids)
        self.assertFalse(self.cart(self.plain_user).order_line)

    def test_negative_numbers_make_no_room_for_others(self):
        self.sign_in(self.plain_user)
        form = self.make_jsonrpc_request(
            f"/event/{self.swan.id}/registration/new",
            {
                f"nb_register-{self.stalls.id}": "-5",
                f"nb_register-{self.balcony.id}": "11",
            },
        )
        self.assertSaysNot(form, "event_ticket_id")

    def test_a_price_that_is_posted_counts_for_nothing(self):
        self.sign_in(self.plain_user)
        self.buy(self.stalls, price=1, price_unit=1, member_ticket_policy_id=1)
        self.assertEqual(self.cart(self.plain_user).order_line.price_unit, 100)

    def test_a_closed_ticket_is_not_added_by_the_shops_own_route(self):
        self.product.product_tmpl_id.write(
            {"is_published": True, "sale_ok": True, "website_published": True}
        )
        self.policy("Public", **self.opens_in(5))
        self.sign_in(self.plain_user)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/shop/cart/add",
                {
                    "product_template_id": self.product.product_tmpl_id.id,
                    "product_id": self.product.id,
                    "quantity": 1,
                    "event_ticket_id": self.stalls.id,
                },
            )
        self.assertFalse(self.cart(self.plain_user).order_line)

    def test_another_ones_cart_is_neither_changed_nor_paid(self):
        self.sign_in(self.gold_user)
        self.buy(self.stalls, 2)
        cart = self.cart(self.gold_user)
        self.sign_in(self.plain_user)
        self.buy(self.balcony)
        with mute_logger("odoo.http"):
            self.make_jsonrpc_request(
                "/shop/cart/update", {"line_id": cart.order_line.id, "quantity": 0}
            )
            with self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/shop/payment/transaction/{cart.id}", {"access_token": "forged"}
                )
        self.assertEqual(cart.order_line.product_uom_qty, 2)
        self.assertFalse(cart.transaction_ids)
