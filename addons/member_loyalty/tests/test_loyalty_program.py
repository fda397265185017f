from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from .common_class import ClassCase

CODE = "GOLDWEEK"


@tagged("post_install", "-at_install")
class TestLoyaltyProgram(ClassCase):
    """C7, D14: promotions and coupons for members, and for members of some classes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})
        cls.ann.member_class_id = cls.gold
        cls.programs = cls.env["loyalty.program"].with_context(
            allowed_company_ids=cls.company.ids
        )
        cls.programs.search([]).active = False

    @classmethod
    def program(cls, program_type="promotion", **vals):
        """Return 10 % off for members of the class gold."""
        rule = {"minimum_qty": 0, "minimum_amount": 0}
        if program_type == "promo_code":
            rule.update(mode="with_code", code=CODE)
        return cls.programs.create(
            {
                "name": "Gold week",
                "program_type": program_type,
                "trigger": "auto" if program_type == "promotion" else "with_code",
                "applies_on": "current",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "member_class_ids": [Command.set(cls.gold.ids)],
                "rule_ids": [Command.create(rule)],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 10,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
                **vals,
            }
        )

    def coupon(self, program, partner=None):
        return self.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "points": 1,
                "code": f"044{uuid4()}",
                "partner_id": partner.id if partner else False,
            }
        )

    # === CONDITION === #

    def test_classes_mean_members_only(self):
        program = self.program()
        self.assertTrue(program.members_only)
        self.assertIn("Gold", program.member_condition)
        for partner, expected in (
            (self.ann, True),
            (self.bob, False),
            (self.stranger, False),
            (self.env["res.partner"], False),
        ):
            self.assertEqual(program._member_suits(partner, self.company), expected)
        program.member_class_ids = False
        self.assertTrue(program._member_suits(self.bob, self.company))
        self.assertFalse(program._member_suits(self.stranger, self.company))
        program.members_only = False
        self.assertTrue(program._member_suits(self.stranger, self.company))
        self.assertFalse(program.member_condition)

    def test_frozen_members_and_those_of_others(self):
        program = self.program()
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.assertFalse(program._member_suits(self.ann, other))
        self.ann.action_member_freeze()
        self.assertFalse(program._member_suits(self.ann, self.company))

    def test_the_till_knows_the_condition(self):
        program = self.program()
        (loaded,) = program.with_user(self.cashier)._load_pos_data_read(
            program.with_user(self.cashier), self.till
        )
        self.assertEqual(loaded["member_class_ids"], self.gold.ids)
        self.assertTrue(loaded["members_only"])
        self.assertIn("Gold", loaded["member_condition"])

    # === TILL === #

    def use(self, coupon, partner):
        return self.till.with_user(self.cashier).use_coupon_code(
            coupon.code, "2026-11-22 10:00:00", partner.id, False
        )

    def test_a_coupon_at_the_till(self):
        coupon = self.coupon(self.program("coupons"))
        self.assertTrue(self.use(coupon, self.ann)["successful"])
        for partner in (self.bob, self.stranger, self.env["res.partner"]):
            answer = self.use(coupon, partner)
            self.assertFalse(answer["successful"])
            self.assertIn("Gold", answer["payload"]["error_message"])

    def reward_order(self, partner, program, **values):
        reward = program.reward_ids
        product = reward.discount_line_product_id
        data = self.order_data(
            [
                (self.book, 1, 40, {}),
                (
                    product,
                    1,
                    -4,
                    {
                        "is_reward_line": True,
                        "reward_id": reward.id,
                        "reward_identifier_code": "R1",
                        "points_cost": 1,
                        "price_type": "manual",
                    },
                ),
            ],
            [(self.cash, 36, None)],
            partner,
            **values,
        )
        return self.send(data)

    def test_a_reward_that_the_customer_may_have(self):
        order = self.reward_order(self.ann, self.program())
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.member_price_exception_ids)

    def test_a_reward_for_others_is_listed(self):
        """C7: whatever the browser says; also when nobody is a member."""
        program = self.program()
        for partner in (self.bob, self.stranger):
            order = self.reward_order(partner, program)
            self.assertEqual(order.state, "paid")
            self.assertEqual(len(order.member_price_exception_ids), 1)

    def forged(self, program, product, price, partner=None, **values):
        """Return what is found when a line says that it is a reward."""
        claimed = {
            "is_reward_line": True,
            "reward_id": program.reward_ids.id,
            "reward_identifier_code": "R1",
            "price_type": "manual",
            **values,
        }
        data = self.order_data(
            [(self.book, 1, 40, {}), (product, 1, price, claimed)],
            [(self.cash, 40 + price, None)],
            partner or self.ann,
        )
        return self.send(data).member_price_exception_ids.product_id

    def test_goods_that_say_they_are_a_reward_have_their_price(self):
        program = self.program()
        reward = program.reward_ids.discount_line_product_id
        bike = self.make_product("Bike", 900)
        self.assertEqual(self.forged(program, bike, 1), bike)
        self.assertEqual(self.forged(program, bike, -30), bike)
        self.assertEqual(self.forged(program, reward, 4), reward)

    def test_refunded_sale_does_not_make_a_reward_suit(self):
        """What is sold names an old sale in vain."""
        program = self.program()
        sold = self.reward_order(self.ann, program).lines[-1]
        named = {"refunded_orderline_id": sold.id}
        found = self.forged(program, sold.product_id, -4, self.bob, **named)
        self.assertEqual(found, sold.product_id)

    def test_a_free_product(self):
        """Core gives it as a line of the reward's product, below zero."""
        program = self.program(
            reward_ids=[
                Command.create(
                    {
                        "reward_type": "product",
                        "reward_product_id": self.book.id,
                        "required_points": 1,
                    }
                )
            ],
        )
        product = program.reward_ids.discount_line_product_id
        self.assertFalse(self.forged(program, product, -40))

    def test_a_class_that_was_right_when_the_order_was_made(self):
        program = self.program()
        self.ann.member_class_id = self.ordinary
        then = fields.Datetime.to_string(fields.Datetime.now() - timedelta(minutes=2))
        order = self.reward_order(self.ann, program, date_order=then)
        self.assertFalse(order.member_price_exception_ids)

    def test_what_a_browser_claims_to_give(self):
        program = self.program("next_order_coupons", applies_on="future")
        order = self.reward_order(self.bob, self.program())
        claim = {
            "-1": {
                "program_id": program.id,
                "points": 1,
                "partner_id": self.bob.id,
                "line_codes": [],
            }
        }
        order.with_user(self.cashier).confirm_coupon_programs(claim)
        self.assertFalse(program.coupon_ids)
        attempt = self.env["member.operator.log"].search(
            [("action", "=", "attempt"), ("partner_id", "=", self.bob.id)], limit=1
        )
        self.assertIn("Gold", attempt.detail)
        order = self.reward_order(self.ann, program)
        claim["-1"]["partner_id"] = self.ann.id
        order.with_user(self.cashier).confirm_coupon_programs(claim)
        self.assertEqual(program.coupon_ids.partner_id, self.ann)

    # === SALE ORDERS === #

    def sale_order(self, partner):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.book.id, "product_uom_qty": 1})
                ],
            }
        )

    def test_a_promotion_on_an_order(self):
        self.program()
        for partner, lines in ((self.ann, 2), (self.bob, 1), (self.stranger, 1)):
            order = self.sale_order(partner)
            order._update_programs_and_rewards()
            for coupon, rewards in order._get_claimable_rewards().items():
                order._apply_program_reward(rewards, coupon)
            self.assertEqual(len(order.order_line), lines, partner.name)

    def test_another_customer_loses_it(self):
        self.program()
        order = self.sale_order(self.ann)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards, coupon)
        order.partner_id = self.stranger
        order._update_programs_and_rewards()
        self.assertEqual(len(order.order_line), 1)

    def test_a_code_on_an_order(self):
        self.program("promo_code")
        self.assertNotIn("error", self.sale_order(self.ann)._try_apply_code(CODE))
        for partner in (self.bob, self.stranger):
            result = self.sale_order(partner)._try_apply_code(CODE)
            self.assertIn("Gold", result["error"])
            self.assertNotIn("not_found", result)

    def test_a_coupon_on_an_order(self):
        coupon = self.coupon(self.program("coupons"))
        self.assertIn(
            "Gold", self.sale_order(self.bob)._try_apply_code(coupon.code)["error"]
        )
        self.assertNotIn(
            "error", self.sale_order(self.ann)._try_apply_code(coupon.code)
        )

    def test_a_code_that_does_not_exist(self):
        result = self.sale_order(self.bob)._try_apply_code("NOTHING")
        self.assertTrue(result["not_found"])

    # === PERSONAL COUPONS === #

    def test_coupons_for_the_members_of_a_class(self):
        program = self.program("coupons")
        wizards = self.env["loyalty.generate.wizard"].with_context(
            default_program_id=program.id, allowed_company_ids=self.company.ids
        )
        wizard = wizards.create({"description": "For you"})
        self.assertEqual(wizard.mode, "selected")
        self.assertEqual(wizard.member_class_ids, self.gold)
        self.assertEqual(wizard.coupon_qty, 1)
        wizard.generate_coupons()
        self.assertEqual(program.coupon_ids.partner_id, self.ann)
        self.assertEqual(self.ann.member_coupon_count, 1)
        action = self.ann.action_view_member_coupons()
        self.assertEqual(
            self.env["loyalty.card"].search(action["domain"]), program.coupon_ids
        )
        wizard.member_class_ids = False
        self.assertEqual(wizard.coupon_qty, 2)
        wizard.customer_ids = self.bob | self.stranger
        self.assertEqual(wizard._get_partners(), self.bob)
