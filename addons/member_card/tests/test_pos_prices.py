from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_books import BooksCase


class PricesCase(BooksCase):
    """Ann pays 15 % less: the book of 40 costs her 34, the tea of 100 + 15 % tax 85."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_class = cls.ann.member_class_id.with_company(cls.company)
        cls.member_class.pricelist_id.action_unarchive()
        cls.pricelist = cls.member_class.pricelist_id
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env.flush_all()

    def buy(self, *lines, partner=None, user=None, **values):
        """Pay lines `(product, price, {more})` in cash, as the till sends them."""
        lines = [
            (product, more.pop("qty", 1), price, more)
            for product, price, more in ((*line, {})[:3] for line in lines)
        ]
        partner = self.ann if partner is None else partner
        values = {"pricelist_id": self.pricelist.id if partner else False, **values}
        total = self.order_data(lines, [])["amount_total"]
        data = self.order_data(lines, [(self.cash, total, None)], partner, **values)
        return self.send(data, user)

    def found(self, order):
        return [
            (each.reason, each.state, each.expected, each.actual)
            for each in order.member_price_exception_ids
        ]

    def approve(self, act, amount, subject):
        """Have a supervisor agree, as the till's verb does."""
        approvals = self.env["member.approval"].with_user(self.cashier)
        approvals._grant(act, self.supervisor, self.till, amount, subject)


@tagged("post_install", "-at_install")
class TestPosPrices(PricesCase):
    """D5, A10: the server computes again what a member's order should have cost."""

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


@tagged("post_install", "-at_install")
class TestPosPriceApproval(PricesCase):
    """A11: what a cashier may cut alone, and what takes a supervisor."""

    def test_off_what_the_till_may_do_is_allowed(self):
        order = self.buy((self.book, 34, {"discount": 50}))
        self.assertEqual(self.found(order), [("discount", "allowed", 34.0, 17.0)])
        order = self.buy((self.book, 20, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "allowed", 34.0, 20.0)])

    def test_off_what_the_till_may_not_do_is_not(self):
        self.till.write({"manual_discount": False, "restrict_price_control": True})
        order = self.buy((self.book, 34, {"discount": 50}))
        self.assertEqual(self.found(order), [("discount", "open", 34.0, 17.0)])
        order = self.buy((self.book, 20, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 20.0)])

    def test_up_to_the_limit(self):
        self.company.write(
            {"member_approve_discounts": True, "member_discount_limit": 10}
        )
        order = self.buy((self.book, 34, {"discount": 10}))
        self.assertEqual(self.found(order)[0][1], "allowed")
        order = self.buy((self.book, 30.6, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "allowed")
        order = self.buy((self.book, 34, {"discount": 11}))
        self.assertEqual(self.found(order)[0][1], "open")
        order = self.buy((self.book, 30, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "open")
        order = self.buy((self.book, 50, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "allowed")

    def test_customers_who_are_no_members_too(self):
        self.company.member_approve_discounts = True
        customer = self.env["res.partner"].create({"name": "Walk-in"})
        for partner in (customer, False):
            order = self.buy(
                (self.book, 40, {"discount": 11}), partner=partner, pricelist_id=False
            )
            self.assertEqual(self.found(order), [("discount", "open", 40.0, 35.6)])

    def test_approved(self):
        self.company.member_approve_discounts = True
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
        self.assertEqual(self.found(order), [("discount", "allowed", 34.0, 17.0)])
        exception = order.member_price_exception_ids
        self.assertEqual(exception.approver_id, self.supervisor)
        self.assertTrue(exception.approval_id.used_at)

    def test_approved_price(self):
        self.company.member_approve_discounts = True
        uuid = str(uuid4())
        self.approve("price", 20, uuid)
        line = {"price_type": "manual", "uuid": uuid}
        order = self.buy((self.book, 20, line))
        self.assertEqual(self.found(order), [("price", "allowed", 34.0, 20.0)])

    def test_approval_of_something_else(self):
        self.company.member_approve_discounts = True
        for act, amount, subject in (
            ("discount", 49, True),
            ("price", 17, True),
            ("discount", 50, False),
        ):
            with self.subTest(act=act, amount=amount, subject=subject):
                uuid = str(uuid4())
                self.approve(act, amount, uuid if subject else str(uuid4()))
                order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
                self.assertEqual(self.found(order)[0][1], "open")

    def test_off_the_whole_order(self):
        """Core's order discount is a line of its own, below zero."""
        off = self.make_product("Discount", 0)
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "allowed", 0.0, -17.0)])
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "open", 0.0, -17.0)])
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        lines = [(off, -10, {"price_type": "manual"}), (off, -7, {})]
        order = self.buy((self.book, 34), *lines, uuid=uuid)
        self.assertEqual({state for _r, state, *_ in self.found(order)}, {"allowed"})
        uuid = str(uuid4())
        self.approve("discount", 49, uuid)
        order = self.buy((self.book, 34), *lines, uuid=uuid)
        self.assertEqual({state for _r, state, *_ in self.found(order)}, {"open"})

    def test_below_zero_is_no_price(self):
        """What is sold cannot give money back, however its price was made."""
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34), (self.book, -10, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "open", 34.0, -10.0)])

    def test_price_on_the_label(self):
        """Scales print the price into the barcode: the label says what it costs."""
        self.company.nomenclature_id.rule_ids = [
            Command.create(
                {
                    "name": "Label",
                    "type": "price",
                    "encoding": "ean13",
                    "pattern": "23.....{NNNDD}",
                    "sequence": 1,
                }
            )
        ]
        ham = self.make_product("Ham", 40)
        ham.barcode = "2312345000002"
        self.company.member_approve_discounts = True
        order = self.buy((ham, 7.5, {"price_type": "manual"}))
        self.assertFalse(self.found(order))
        for price, kind in ((7.5, "original"), (-7.5, "manual")):
            order = self.buy((self.book, 34), (ham, price, {"price_type": kind}))
            self.assertEqual(self.found(order), [("price", "open", 34.0, price)])

    def test_refused_at_the_till(self):
        """The order is not paid, the cashier reads why, the log says who tried."""
        self.company.member_price_policy = "refuse"
        with self.assertRaises(UserError) as refusal:
            self.buy((self.book, 30))
        self.assertIn("34", str(refusal.exception))
        self.assertIn("Book", str(refusal.exception))
        self.assertFalse(self.session.order_ids)
        self.assertFalse(self.found(self.buy((self.book, 34))))

    def test_refused_never_late(self):
        self.company.member_price_policy = "refuse"
        late = fields.Datetime.to_string(fields.Datetime.now() - timedelta(hours=1))
        order = self.buy((self.book, 30), date_order=late)
        self.assertEqual(self.found(order), [("price", "open", 34.0, 30.0)])

    def test_refused_only_what_nobody_allowed(self):
        self.company.write(
            {"member_price_policy": "refuse", "member_approve_discounts": True}
        )
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
        self.assertEqual(self.found(order)[0][1], "allowed")


@tagged("post_install", "-at_install")
class TestPosPricesDishonest(PricesCase):
    """A dishonest till: whatever it sends, the shop sees the difference."""

    def test_forged_price(self):
        order = self.buy((self.book, 0.01))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 0.01)])

    def test_forged_discount(self):
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34, {"discount": 100}))
        self.assertEqual(self.found(order), [("discount", "open", 34.0, 0.0)])

    def test_price_said_to_be_typed(self):
        self.company.member_approve_discounts = True
        line = {"price_type": "manual", "discount": 20}
        order = self.buy((self.book, 20, line))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 16.0)])

    def test_members_prices_for_somebody_else(self):
        customer = self.env["res.partner"].create({"name": "Friend"})
        for partner in (customer, False):
            order = self.buy(
                (self.book, 34), partner=partner, pricelist_id=self.pricelist.id
            )
            self.assertEqual(self.found(order), [("pricelist", "open", 40.0, 34.0)])

    def test_better_class_than_the_members(self):
        gold = self.pricelist.copy({"name": "Gold", "active": True})
        gold.item_ids.percent_price = 50
        self.env["member.class"].create(
            {"name": "Gold", "code": "gold", "pricelist_id": gold.id}
        )
        order = self.buy((self.book, 20), pricelist_id=gold.id)
        self.assertEqual(self.found(order), [("pricelist", "open", 34.0, 20.0)])

    def test_taxes_left_out(self):
        data = self.order_data(
            [(self.tea, 1, 85, {"tax_ids": [], "price_subtotal_incl": 85})],
            [(self.cash, 85, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=85,
            amount_tax=0,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("tax", "open", 97.75, 85.0)])

    def test_subtotal_that_is_none(self):
        data = self.order_data(
            [(self.book, 1, 34, {"price_subtotal_incl": 4, "price_subtotal": 4})],
            [(self.cash, 4, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=4,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 34.0, 4.0)])

    def test_total_that_is_none(self):
        data = self.order_data(
            [(self.book, 1, 34, {})],
            [(self.cash, 4, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=4,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 34.0, 4.0)])

    def test_figures_of_the_server_cannot_be_sent(self):
        order = self.buy((self.book, 34), member_savings=999)
        self.assertEqual(order.member_savings, 6)

    def test_nobody_hides_an_exception(self):
        exception = self.buy((self.book, 1)).member_price_exception_ids
        as_cashier = exception.with_user(self.cashier)
        with self.assertRaises(AccessError):
            as_cashier.action_accept()
        with self.assertRaises(AccessError):
            as_cashier.read(["difference"])
        as_supervisor = exception.with_user(self.supervisor)
        for values in ({"state": "accepted"}, {"difference": 0}):
            with self.assertRaises(AccessError):
                as_supervisor.write(values)
        with self.assertRaises(AccessError):
            as_supervisor.unlink()

    def test_supervisor_accepts(self):
        exception = self.buy((self.book, 1)).member_price_exception_ids
        as_supervisor = exception.with_user(self.supervisor)
        as_supervisor.note = "Damaged"
        as_supervisor.action_accept()
        self.assertEqual(exception.accepted_by_id, self.supervisor)
        self.assertEqual((exception.state, exception.note), ("accepted", "Damaged"))
        as_supervisor.action_reopen()
        self.assertEqual(exception.state, "open")
