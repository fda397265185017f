from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from .common_prices import PricesCase


@tagged("post_install", "-at_install")
class TestPosPrices(PricesCase):
    """D5: the server computes again what a member's order should have cost."""

    def test_right_prices_are_silent(self):
        order = self.buy((self.book, 34), (self.tea, 85), (self.book, 34, {"qty": 2}))
        self.assertFalse(order.member_price_exception_ids)
        # 6 + 15 with 15 % tax + 12
        self.assertAlmostEqual(order.member_savings, 6 + 17.25 + 12)

    def test_public_price_for_a_customer_is_silent(self):
        customer = self.env["res.partner"].create({"name": "Walk-in"})
        order = self.buy((self.book, 3), partner=customer, pricelist_id=False)
        self.assertFalse(order.member_price_exception_ids)
        self.assertFalse(order.member_savings)

    def test_wrong_price_is_listed_and_the_sale_stands(self):
        order = self.buy((self.book, 30))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.found(order), [("price", "open", 34.0, 30.0)])
        exception = order.member_price_exception_ids
        self.assertEqual(exception.difference, -4)
        self.assertEqual(exception.partner_id, self.ann)
        self.assertEqual(exception.config_id, self.till)
        self.assertEqual(exception.user_id, self.cashier)

    def test_taxes_count(self):
        order = self.buy((self.tea, 80))
        self.assertEqual(self.found(order), [("price", "open", 97.75, 92.0)])

    def test_quantity_rules(self):
        self.pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.book.id,
                    "min_quantity": 10,
                    "compute_price": "fixed",
                    "fixed_price": 20,
                }
            )
        ]
        self.assertFalse(self.found(self.buy((self.book, 20, {"qty": 10}))))
        self.assertFalse(self.found(self.buy((self.book, 34, {"qty": 9}))))
        order = self.buy((self.book, 20, {"qty": 9}))
        self.assertEqual(order.member_price_exception_ids.difference, -126)

    def test_rules_with_dates(self):
        """An order is priced by its own time, not by when it arrives."""
        now = fields.Datetime.now()
        self.session.start_at = now - timedelta(hours=2)
        self.pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.book.id,
                    "compute_price": "fixed",
                    "fixed_price": 20,
                    "date_end": now - timedelta(minutes=30),
                }
            )
        ]
        then = fields.Datetime.to_string(now - timedelta(hours=1))
        self.assertFalse(self.found(self.buy((self.book, 20), date_order=then)))
        self.assertTrue(self.found(self.buy((self.book, 20))))
        long_ago = fields.Datetime.to_string(now - timedelta(days=1))
        self.assertTrue(self.found(self.buy((self.book, 20), date_order=long_ago)))

    def test_class_of_the_time(self):
        now = fields.Datetime.now()
        self.session.start_at = now - timedelta(hours=2)
        self.env.cr.execute(
            "UPDATE member_class_assignment SET date_from = %s WHERE partner_id = %s",
            [now - timedelta(days=1), self.ann.id],
        )
        self.env.invalidate_all()
        ordinary = self.env.ref("member_card.member_class_ordinary")
        self.ann.member_class_id = ordinary
        self.env.flush_all()
        then = fields.Datetime.to_string(now - timedelta(minutes=10))
        self.assertFalse(self.found(self.buy((self.book, 34), date_order=then)))
        order = self.buy((self.book, 34))
        self.assertEqual(self.found(order), [("pricelist", "open", 40.0, 34.0)])

    def test_price_that_changed_since_the_till_opened(self):
        self.session.start_at = fields.Datetime.now() - timedelta(minutes=5)
        self.book.list_price = 50
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET write_date = now() AT TIME ZONE 'UTC'"
            " WHERE id = %s",
            [self.book.product_tmpl_id.id],
        )
        self.env.invalidate_all()
        order = self.buy((self.book, 34))
        self.assertEqual(self.found(order), [("stale", "open", 42.5, 34.0)])

    def test_attributes_that_cost_more(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Cover",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "Plain"}),
                    Command.create({"name": "Leather", "default_extra_price": 10}),
                ],
            }
        )
        line = self.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": self.book.product_tmpl_id.id,
                "attribute_id": attribute.id,
                "value_ids": [Command.set(attribute.value_ids.ids)],
            }
        )
        leather = line.product_template_value_ids.filtered("price_extra")
        self.assertEqual(leather.price_extra, 10)
        chosen = {"attribute_value_ids": [Command.set(leather.ids)]}
        order = self.buy((self.book, 42.5, {"price_extra": 10, **chosen}))
        self.assertFalse(self.found(order))
        order = self.buy((self.book, 34, chosen))
        self.assertEqual(self.found(order), [("price", "open", 42.5, 34.0)])

    def test_refund_gives_back_what_was_paid(self):
        order = self.buy((self.book, 34))
        back = {"qty": -1, "refunded_orderline_id": order.lines.id}
        refund = self.buy((self.book, 34, {**back}), is_refund=True)
        self.assertFalse(self.found(refund))
        self.assertFalse(refund.member_savings)
        other = self.buy((self.book, 34))
        back = {"qty": -1, "refunded_orderline_id": other.lines.id}
        forged = self.buy((self.book, 40, back), is_refund=True)
        self.assertEqual(self.found(forged), [("price", "open", -34.0, -40.0)])
        self.assertEqual(forged.member_price_exception_ids.difference, -6)

    def test_discounted_sale_is_refunded_at_its_price(self):
        order = self.buy((self.book, 34, {"discount": 50}))
        back = {"qty": -1, "discount": 50, "refunded_orderline_id": order.lines.id}
        self.assertFalse(self.found(self.buy((self.book, 34, back))))

    def test_top_up_has_no_price(self):
        order = self.top_up(self.ann, 100)
        self.assertFalse(order.member_price_exception_ids)

    def test_cheap_for_the_order(self):
        """What the check adds to an order does not grow with its lines."""
        counts = []
        self.buy((self.book, 34))
        for number in (1, 1, 6):
            order = self.buy(*[(self.book, 34)] * number)
            self.env.invalidate_all()
            order = order.with_user(self.cashier)
            order.lines.mapped("product_id.list_price")
            order.partner_id.sudo().mapped("member_class_id.name")
            order.company_id.sudo().mapped("name")
            before = self.env.cr.sql_log_count
            order.with_company(order.company_id)._member_check_prices()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[1], 12)


@tagged("post_install", "-at_install")
class TestPosPricesCombo(PricesCase):
    """The parts of a combo together cost what the combo does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cake = cls.make_product("Cake", 30)
        cls.gold = cls.make_product("Gold cake", 60)
        cls.drink = cls.make_product("Drink", 10)
        cls.sweets, cls.drinks = cls.env["product.combo"].create(
            [
                {
                    "name": "Sweet",
                    "combo_item_ids": [
                        Command.create({"product_id": cls.cake.id}),
                        Command.create({"product_id": cls.gold.id, "extra_price": 5}),
                    ],
                },
                {
                    "name": "Drink",
                    "qty_max": 3,
                    "combo_item_ids": [Command.create({"product_id": cls.drink.id})],
                },
            ]
        )
        cls.meal = cls.env["product.product"].create(
            {
                "name": "Meal",
                "type": "combo",
                "list_price": 40,
                "available_in_pos": True,
                "combo_ids": [Command.set((cls.sweets | cls.drinks).ids)],
            }
        )
        cls.meal.sudo().taxes_id = False
        cls.env.flush_all()

    def item(self, product):
        combo = self.sweets | self.drinks
        return combo.combo_item_ids.filtered(lambda item: item.product_id == product)

    def buy_meal(self, *parts, quantity=1):
        """Buy a meal with `(product, price, quantity)` as its parts."""
        parent, uuids = str(uuid4()), [str(uuid4()) for _part in parts]
        lines = [(self.meal, 0, {"qty": quantity, "uuid": parent})]
        for (product, price, qty), uuid in zip(parts, uuids, strict=True):
            more = {"combo_item_id": self.item(product).id, "uuid": uuid, "qty": qty}
            lines.append((product, price, more))
        relations = {parent: {"combo_line_ids": uuids}}
        return self.buy(*lines, relations_uuid_mapping={"pos.order.line": relations})

    def test_combo_at_the_class_price(self):
        """34 for the meal, of which the till gives each part its share."""
        order = self.buy_meal((self.cake, 25.5, 1), (self.drink, 8.5, 1))
        self.assertEqual(len(order.lines[0].combo_line_ids), 2)
        self.assertFalse(self.found(order))
        self.assertEqual(order.member_savings, 6)

    def test_part_that_costs_more(self):
        order = self.buy_meal((self.gold, 30.5, 1), (self.drink, 8.5, 1))
        self.assertFalse(self.found(order))
        order = self.buy_meal((self.gold, 25.5, 1), (self.drink, 8.5, 1))
        self.assertEqual(self.found(order), [("price", "open", 39.0, 34.0)])

    def test_parts_beyond_the_free_ones(self):
        order = self.buy_meal(
            (self.cake, 25.5, 1), (self.drink, 8.5, 1), (self.drink, 10, 2)
        )
        self.assertFalse(self.found(order))
        order = self.buy_meal(
            (self.cake, 25.5, 1), (self.drink, 8.5, 1), (self.drink, 0, 2)
        )
        self.assertEqual(self.found(order), [("price", "open", 54.0, 34.0)])

    def test_two_combos(self):
        order = self.buy_meal((self.cake, 25.5, 2), (self.drink, 8.5, 2), quantity=2)
        self.assertFalse(self.found(order))

    def test_part_of_another_combo(self):
        """A part that does not belong is a product like any other."""
        stolen = self.make_product("Watch", 900)
        cake = self.item(self.cake).id
        self.item = lambda product: self.env["product.combo.item"].browse(cake)
        order = self.buy_meal((stolen, 34, 1))
        self.assertIn(("price", "open", 765.0, 34.0), self.found(order))
