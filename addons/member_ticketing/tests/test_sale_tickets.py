from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..seats import SeatRefusal
from .common_events import EventsCase


class SaleTicketsCase(EventsCase):
    """A performance in ten days, sold by a clerk and by a supervisor who sells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.show = cls.make_event(
            "Giselle", start=fields.Datetime.now() + timedelta(days=10)
        )
        cls.floor, cls.gallery = cls.show.event_ticket_ids
        cls.boss = new_test_user(
            cls.env,
            "ticket_boss",
            groups="member_card.group_member_supervisor,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.stored_value = cls.env.ref("member_card.member_class_stored_value")
        cls.visitor = cls.env["res.partner"].create({"name": "Visitor"})

    def policy(self, price=None, **vals):
        vals = {"event_id": self.show.id, **vals}
        if price is not None:
            vals = {"price_kind": "fixed", "price": price, **vals}
        return self.env["member.ticket.policy"].create(vals)

    def quotation(self, partner=None, quantity=2, ticket=None, user=None, **line):
        ticket = ticket or self.floor
        return (
            self.env["sale.order"]
            .with_user(user or self.clerk)
            .with_company(self.company)
            .create(
                {
                    "partner_id": (partner or self.ann).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": ticket.product_id.id,
                                "event_id": ticket.event_id.id,
                                "event_ticket_id": ticket.id,
                                "product_uom_qty": quantity,
                                **line,
                            }
                        )
                    ],
                }
            )
        )

    def added(self, order, quantity=1, **vals):
        """Return another line of the floor on this order."""
        return order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.floor.product_id.id,
                "event_id": self.show.id,
                "event_ticket_id": self.floor.id,
                "product_uom_qty": quantity,
                **vals,
            }
        )

    def states(self, order):
        return sorted(order.sudo().order_line.registration_ids.mapped("state"))

    def refused(self, code, act, *args, **kwargs):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            act(*args, **kwargs)
        self.assertEqual(caught.exception.code, code, caught.exception)
        return caught.exception


@tagged("post_install", "-at_install")
class TestSaleTickets(SaleTicketsCase):
    """Tickets in sales orders: policy, price, seats (A10)."""

    # === PRICE === #

    def test_member_pays_the_price_of_the_class(self):
        self.policy(100)
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.quotation()
        line = order.order_line
        self.assertEqual(line.member_ticket_policy_id, gold)
        self.assertEqual(line.price_unit, 80)
        self.assertTrue(line.member_ticket_why)
        public = self.quotation(self.visitor).order_line
        self.assertEqual(public.price_unit, 100)

    def test_ticket_without_policy_keeps_its_price(self):
        order = self.quotation()
        self.assertFalse(order.order_line.member_ticket_policy_id)
        self.assertEqual(order.order_line.price_unit, 100)
        order.action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])

    def test_another_customer_is_another_price(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation()
        order.partner_id = self.visitor
        self.assertEqual(order.order_line.price_unit, 100)
        order.partner_id = self.bob
        self.assertEqual(order.order_line.price_unit, 80)

    def test_form_shows_the_price_of_the_customer_at_once(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation()
        form = Form(order)
        form.partner_id = self.visitor
        with form.order_line.edit(0) as line:
            self.assertEqual(line.price_unit, 100)
        form.save()
        self.assertEqual(order.order_line.price_unit, 100)

    def test_typed_price_stays_for_a_customer_of_the_same_price(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation(self.visitor)
        line = order.order_line
        line.with_user(self.boss).price_unit = 90
        for customer in (self.visitor.copy(), self.ann):
            order.partner_id = customer
            self.assertEqual(line.price_unit, 90)

    def test_typed_price_of_a_member_is_not_for_who_pays_more(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        for price in (60, 90):
            order = self.quotation()
            line = order.order_line
            line.with_user(self.boss).price_unit = price
            order.partner_id = self.visitor
            with self.subTest(price=price):
                self.assertEqual(line.price_unit, 100)
                said = order.message_ids[0].body
                self.assertIn(f"{price}.00", said)
                self.assertIn("100.00", said)

    def test_price_above_the_policy_stays(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation()
        order.order_line.price_unit = 110
        order.partner_id = self.visitor
        self.assertEqual(order.order_line.price_unit, 110)

    def test_price_typed_for_the_new_customer_stays(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation().with_user(self.boss)
        line = order.order_line
        line.price_unit = 60
        typed = Command.update(line.id, {"price_unit": 70})
        order.write({"partner_id": self.visitor.id, "order_line": [typed]})
        self.assertEqual(line.price_unit, 70)

    def test_other_customer_leaves_other_goods_alone(self):
        self.policy(80)
        order = self.quotation(user=self.boss)
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.book.id, "price_unit": 33})
                ]
            }
        )
        order.partner_id = self.bob
        book = order.order_line.filtered(lambda line: line.product_id == self.book)
        self.assertEqual(book.price_unit, 33)

    def test_price_of_the_policy_that_closed_is_refused(self):
        self.policy(100)
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.quotation()
        gold.active = False
        self.refused("price_changed", order.action_confirm)
        order.action_member_update_tickets()
        self.assertEqual(order.order_line.price_unit, 100)
        order.action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])

    def test_presale_is_closed_for_others(self):
        self.show.is_ticket_policy_required = True
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation(self.visitor)
        self.refused("not_for_sale", order.action_confirm)
        self.assertEqual(self.states(order), [])
        self.quotation(self.ann).action_confirm()

    def test_quota_used_up_falls_back_to_the_public(self):
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id, quota=2)
        first, second = self.quotation(), self.quotation(self.bob)
        first.action_confirm()
        self.refused("price_changed", second.action_confirm)
        second.action_member_update_tickets()
        self.assertEqual(second.order_line.price_unit, 100)
        second.action_confirm()

    # === ANOTHER POLICY === #

    def test_other_policy_takes_the_right(self):
        self.policy(100)
        press = self.policy(50, channel="backend", user_ids=self.boss.ids)
        order = self.quotation(self.visitor)
        with self.assertRaises(AccessError):
            order.order_line.member_ticket_policy_id = press
        order.with_user(self.boss).order_line.member_ticket_policy_id = press

    def test_other_policy_sells_and_is_logged(self):
        self.policy(100)
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.quotation(self.visitor).with_user(self.boss)
        order.order_line.member_ticket_policy_id = gold
        self.assertEqual(order.order_line.price_unit, 80)
        self.assertEqual(order.order_line.member_policy_user_id, self.boss)
        order.with_user(self.clerk).action_confirm()
        self.assertEqual(self.log_lines("ticket_policy").user_id, self.boss)
        self.assertEqual(self.states(order), ["open", "open"])

    def test_closed_policy_cannot_be_chosen(self):
        self.policy(100)
        over = self.policy(
            10,
            class_id=self.stored_value.id,
            window="dates",
            end_date=fields.Datetime.now() - timedelta(days=1),
        )
        line = self.quotation(self.visitor, user=self.boss).order_line
        self.refused("other_policy", line.write, {"member_ticket_policy_id": over.id})

    def test_offers_are_not_edited(self):
        line = self.quotation().order_line
        for vals in (
            {"member_ticket_price": 1},
            {"member_held_until": "2040-01-01 00:00:00"},
            {"is_member_free": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                line.write(vals)

    # === TYPED PRICES AND COMPLIMENTARY TICKETS === #

    def test_lower_price_takes_the_right(self):
        self.policy(100)
        line = self.quotation().order_line
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            line.price_unit = 90
        line.price_unit = 110

    def test_lower_price_is_logged(self):
        self.policy(100)
        line = self.quotation(user=self.boss).order_line
        line.price_unit = 90
        self.assertIn("90.00", self.log_lines("ticket_price").detail)
        line.order_id.action_confirm()
        self.assertEqual(line.price_unit, 90)

    def test_pricelist_lowers_no_price_by_policy(self):
        self.env.user.group_ids |= self.env.ref("sale.group_discount_per_so_line")
        self.clerk.group_ids |= self.env.ref("sale.group_discount_per_so_line")
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        plain = self.quotation(self.visitor)
        plain.pricelist_id = pricelist
        plain.action_member_update_tickets()
        self.assertEqual(plain.amount_untaxed, 100)
        self.policy(80)
        order = self.quotation(self.visitor)
        order.pricelist_id = pricelist
        order.action_member_update_tickets()
        self.assertEqual(order.order_line.discount, 0)
        self.assertEqual(order.amount_untaxed, 160)

    def test_complimentary_needs_right_and_reason(self):
        self.policy(100)
        order = self.quotation()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.price_unit = 0
        given = order.with_user(self.boss)
        given.order_line.price_unit = 0
        self.assertTrue(given.has_member_free_tickets)
        self.refused("no_reason", given.action_confirm)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.member_free_reason = "press"
        given.member_free_reason = "press"
        given.action_confirm()
        self.assertTrue(given.order_line.is_member_free)
        self.assertIn("press", self.log_lines("ticket_free").detail)
        self.assertEqual(self.states(order), ["open", "open"])

    def test_lower_price_takes_the_right_after_confirming_too(self):
        self.policy(100)
        line = self.quotation().order_line
        line.order_id.action_confirm()
        for vals in ({"price_unit": 1}, {"price_unit": 0}, {"discount": 100}):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    line.write(vals)
        line.price_unit = 110
        line.price_unit = 100
        self.assertFalse(self.log_lines("ticket_price"))

    # === DISCOUNTS ON THE WHOLE ORDER === #

    def taken_off(self, order, **vals):
        """Apply Odoo's discount to the order, as its dialog does."""
        product = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "list_price": 0}
        )
        self.company.sale_discount_product_id = product
        vals = {"discount_type": "so_discount", **vals}
        wizard = order.env["sale.order.discount"]
        wizard.create({"sale_order_id": order.id, **vals}).action_apply_discount()

    def test_discount_on_the_whole_order_takes_the_right(self):
        self.policy(100)
        order = self.quotation()
        for vals in (
            {"discount_percentage": 0.1},
            {"discount_percentage": 1},
            {"discount_type": "amount", "discount_amount": 20},
            {"discount_type": "sol_discount", "discount_percentage": 0.1},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self.taken_off(order, **vals)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.create(
                {"order_id": order.id, "product_id": self.book.id, "price_unit": -20}
            )
        self.assertEqual(len(order.order_line), 1)
        order.action_confirm()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.taken_off(order, discount_percentage=0.1)

    def test_discount_on_the_whole_order_is_logged(self):
        self.policy(100)
        order = self.quotation()
        self.taken_off(order.with_user(self.boss), discount_percentage=0.1)
        self.assertIn("90.00", self.log_lines("ticket_price").detail)
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 180)
        self.assertFalse(order.order_line.filtered("is_member_free"))

    def test_whole_order_taken_off_needs_a_reason(self):
        self.policy(100)
        order = self.quotation(user=self.boss)
        self.taken_off(order, discount_percentage=1)
        self.assertTrue(order.has_member_free_tickets)
        said = self.refused("no_reason", order.action_confirm)
        self.assertIn("remove that discount", str(said))
        order.member_free_reason = "press"
        order.action_confirm()
        self.assertTrue(order._member_ticket_lines().is_member_free)
        self.assertIn("press", self.log_lines("ticket_free").detail)

    def test_whole_order_taken_off_after_confirming_needs_a_reason(self):
        self.policy(100)
        order = self.quotation(user=self.boss)
        order.action_confirm()
        said = self.refused("no_reason", self.taken_off, order, discount_percentage=1)
        self.assertNotIn("Update Ticket Prices", str(said))
        with Form(order) as form:  # where nothing is given away yet
            form.member_free_reason = "sorry"
        order.member_free_reason = "apology"
        self.taken_off(order, discount_percentage=1)
        self.assertTrue(order._member_ticket_lines().is_member_free)

    def test_discount_on_goods_alone_takes_no_right(self):
        self.policy(100)
        order = self.quotation()
        goods = Command.create({"product_id": self.book.id, "price_unit": 50})
        order.write({"order_line": [Command.clear(), goods]})
        self.taken_off(order, discount_percentage=1)
        self.assertEqual(order.amount_untaxed, 0)

    def test_discount_on_goods_does_not_pass_to_tickets(self):
        self.policy(100)
        order = self.quotation()
        ticket = order.order_line.copy_data()[0]
        goods = Command.create({"product_id": self.book.id, "price_unit": 400})
        order.write({"order_line": [Command.clear(), goods]})
        self.taken_off(order, discount_type="amount", discount_amount=200)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.create({**ticket, "order_id": order.id})
        self.added(order.with_user(self.boss))
        book = order.order_line.filtered(lambda line: line.product_id == self.book)
        for vals in ({"price_unit": 1}, {"product_uom_qty": 0}, {"discount": 50}):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    book.write(vals)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            book.unlink()
        book.price_unit = 500

    def test_allowed_discount_on_the_whole_order_stays_allowed(self):
        """Who may not lower prices goes on with the order of who did."""
        self.policy(100)
        self.policy(80, class_id=self.stored_value.id)
        order = self.quotation(self.visitor)
        self.taken_off(order.with_user(self.boss), discount_percentage=0.1)
        line = order._member_ticket_lines()
        for customer, price in ((self.ann, 80), (self.visitor, 100)):
            order.partner_id = customer
            self.assertEqual(line.price_unit, price)
        order.action_member_update_tickets()
        line.product_uom_qty = 3
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            line.price_unit = 90
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            line.product_uom_qty = 1
        self.assertEqual(len(self.log_lines("ticket_price")), 1)
        order.action_confirm()

    def test_promotion_on_the_whole_order_takes_no_right(self):
        self.policy(100)
        self.env["loyalty.program"].create(
            {
                "name": "Spring",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 50})
                ],
            }
        )
        order = self.quotation()
        self.taken_off(order.with_user(self.boss), discount_percentage=0.1)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        self.assertTrue(order.order_line.reward_id)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertLess(order.amount_untaxed, 180)
        self.assertFalse(order.order_line.filtered("is_member_free"))

    def test_goods_beside_tickets_are_sold_and_taken_back(self):
        self.policy(100)
        order = self.quotation()
        order.order_line.create(
            [
                {"order_id": order.id, "product_id": self.book.id, "price_unit": 50},
                {
                    "order_id": order.id,
                    "product_id": self.book.id,
                    "price_unit": 20,
                    "product_uom_qty": -1,
                },
            ]
        )
        book = order.order_line[1]
        book.discount = 100
        book.unlink()
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 180)

    def test_lower_price_after_confirming_is_logged(self):
        self.policy(100)
        order = self.quotation()
        order.action_confirm()
        order.with_user(self.boss).order_line.price_unit = 90
        self.assertEqual(self.log_lines("ticket_price").user_id, self.boss)
        # who may not lower a price may put it up, and write what it is
        order.order_line.write({"price_unit": 90, "name": "Two seats"})
        order.order_line.price_unit = 95
        self.assertEqual(len(self.log_lines("ticket_price")), 1)

    def test_line_added_after_confirming_costs_what_the_policy_says(self):
        policy = self.policy(100)
        order = self.quotation()
        order.action_confirm()
        added = self.added(order)
        self.assertEqual(added.member_ticket_policy_id, policy)
        self.assertEqual(added.price_unit, 100)
        for vals in (
            {"price_unit": 1},
            {"price_unit": 0},
            {"discount": 99},
            {"price_unit": 1, "technical_price_unit": 2},
            {"discount": 99, "member_ticket_policy_id": policy.id},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self.added(order, **vals)
        self.assertEqual(self.states(order), ["open"] * 3)

    def test_complimentary_after_confirming_needs_right_and_reason(self):
        self.policy(100)
        order = self.quotation(user=self.boss)
        order.action_confirm()
        line = order.order_line
        said = self.refused("no_reason", line.write, {"price_unit": 0})
        self.assertIn("on a confirmed order", str(said))
        self.assertNotIn("Update Ticket Prices", str(said))
        self.refused("no_reason", line.write, {"discount": 100})
        order.write(
            {
                "member_free_reason": "apology",
                "order_line": [Command.update(line.id, {"discount": 100})],
            }
        )
        self.assertTrue(line.is_member_free)
        self.assertIn("apology", self.log_lines("ticket_free").detail)
        self.assertEqual(
            line.sudo().registration_ids.mapped("is_member_free"), [True, True]
        )
        line.name = "Two seats"
        line.discount = 100
        self.assertEqual(len(self.log_lines("ticket_free")), 1)

    def test_complimentary_after_confirming_without_policies_needs_a_reason(self):
        order = self.quotation()
        order.action_confirm()
        self.refused("no_reason", order.order_line.write, {"price_unit": 0})
        self.refused("no_reason", self.added, order, price_unit=0)
        order.order_line.price_unit = 50

    def test_price_lowered_while_cancelled_takes_the_right(self):
        self.policy(100)
        order = self.quotation()
        order.action_confirm()
        order._action_cancel()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.price_unit = 1

    def test_complimentary_without_policies_needs_a_reason(self):
        order = self.quotation(price_unit=0)
        self.refused("no_reason", order.action_confirm)

    def test_free_performance_needs_no_reason(self):
        self.floor.price = 0
        order = self.quotation()
        order.action_confirm()
        self.assertFalse(order.order_line.is_member_free)

    # === SEATS === #

    def test_confirmed_order_has_its_seats(self):
        order = self.quotation()
        self.assertEqual(self.states(order), [])
        order.action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])

    def test_confirmed_again_has_its_seats(self):
        order = self.quotation()
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.states(order), ["cancel", "cancel"])
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.states(order), ["cancel", "cancel", "open", "open"])

    def test_quantity_up_and_down(self):
        order = self.quotation(quantity=2)
        order.action_confirm()
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.states(order), ["open"] * 3)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.states(order), ["cancel", "cancel", "open"])

    def test_closed_policy_sells_no_more_and_takes_back(self):
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.quotation(quantity=2)
        order.action_confirm()
        gold.active = False
        self.refused("price_changed", order.order_line.write, {"product_uom_qty": 3})
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.states(order), ["cancel", "open"])
        self.assertEqual(order.order_line.price_unit, 80)

    def test_sold_tickets_keep_their_policy(self):
        self.policy(100)
        gold = self.policy(80, class_id=self.stored_value.id)
        line = self.quotation(self.visitor, user=self.boss).order_line
        line.order_id.action_confirm()
        self.refused("seats_sold", line.write, {"member_ticket_policy_id": gold.id})
        line.member_ticket_policy_id = line.member_ticket_policy_id

    def test_guests_in_the_house_keep_their_tickets(self):
        order = self.quotation(quantity=2)
        order.action_confirm()
        order.sudo().order_line.registration_ids.action_set_done()
        self.refused("attended", order.order_line.write, {"product_uom_qty": 1})

    def test_sold_seats_do_not_move(self):
        order = self.quotation()
        order.action_confirm()
        self.refused(
            "seats_sold", order.order_line.write, {"event_ticket_id": self.gallery.id}
        )

    def test_line_added_to_a_confirmed_order_has_seats(self):
        order = self.quotation()
        order.action_confirm()
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.gallery.product_id.id,
                            "event_id": self.show.id,
                            "event_ticket_id": self.gallery.id,
                            "product_uom_qty": 1,
                        }
                    )
                ]
            }
        )
        self.assertEqual(self.states(order), ["open"] * 3)

    def test_full_house_refuses(self):
        self.show.write({"seats_limited": True, "seats_max": 3})
        self.quotation().action_confirm()
        order = self.quotation(self.bob)
        with self.assertRaises(SeatRefusal) as caught, self.env.cr.savepoint():
            order.action_confirm()
        self.assertEqual(caught.exception.code, "sold_out")
        order.order_line.product_uom_qty = 1
        order.action_confirm()

    def test_limit_counts_all_orders(self):
        self.policy(80, class_id=self.stored_value.id, member_limit=3)
        self.quotation(quantity=2).action_confirm()
        order = self.quotation(quantity=2)
        with self.assertRaises(SeatRefusal) as caught, self.env.cr.savepoint():
            order.action_confirm()
        self.assertEqual(caught.exception.code, "limit_reached")
        order.order_line.product_uom_qty = 1
        order.action_confirm()

    def test_limit_per_order(self):
        self.policy(100, order_limit=2)
        order = self.quotation(self.visitor, quantity=3)
        self.refused("order_limit", order.action_confirm)
        order.order_line.product_uom_qty = 2
        order.action_confirm()

    def test_limit_per_order_counts_all_that_a_policy_sells(self):
        """Two kinds of tickets by one policy are as many as of one kind."""
        self.policy(100, ticket_id=False, order_limit=3)
        order = self.quotation(self.ann, quantity=2)
        order.order_line.copy(
            {
                "order_id": order.id,
                "event_id": self.show.id,
                "event_ticket_id": self.gallery.id,
                "product_uom_qty": 2,
            }
        )
        self.refused("order_limit", order.action_confirm)
        order.order_line[-1:].product_uom_qty = 1
        order.action_confirm()
        self.assertEqual(len(self.states(order)), 3)

    def test_limit_of_the_ticket(self):
        """What the ticket itself says holds in the office, too."""
        self.floor.limit_max_per_order = 2
        order = self.quotation(self.ann, quantity=3)
        self.refused("order_limit", order.action_confirm)
        order.order_line.product_uom_qty = 2
        order.action_confirm()
