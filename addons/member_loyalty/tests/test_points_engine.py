"""What earns points, by worked examples."""

from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.member_loyalty.points import Member, compute, kept

from .common_points import (
    BOOKS,
    ORDINARY,
    SHOES,
    TOBACCO,
    basket,
    line,
    multiplier,
    points,
    rule,
    why_not,
)


@tagged("post_install", "-at_install")
class TestRates(BaseCase):
    """How much a rule gives."""

    def test_a_point_for_each_unit_of_money(self):
        self.assertEqual(points([rule()], basket(30, 70.5)), 100)

    def test_a_point_for_ten(self):
        self.assertEqual(points([rule(rate_amount=10)], basket(19.99, 9)), 2)

    def test_a_rate_is_in_proportion_or_for_full_steps_only(self):
        five_per_hundred = {"rate_points": 5, "rate_amount": 100}
        self.assertEqual(points([rule(**five_per_hundred)], basket(190)), 9)
        self.assertEqual(
            points([rule(**five_per_hundred, is_stepwise=True)], basket(190)), 5
        )

    def test_rounding_is_of_the_sum_and_not_of_each_line(self):
        for rounding, expected in (("down", 2), ("half_up", 3), ("up", 3)):
            with self.subTest(rounding):
                self.assertEqual(
                    points(
                        [rule(rounding=rounding)], basket(line(1.25), line(1.25, "b"))
                    ),
                    expected,
                )
        self.assertEqual(points([rule(rounding="half_up")], basket(1.49)), 1)
        self.assertEqual(points([rule(rounding="up")], basket(0.01)), 1)

    def test_points_of_a_finer_unit(self):
        self.assertEqual(points([rule()], basket(1.259, unit=Decimal("0.01"))), 1.25)

    def test_a_third_of_a_point_three_times_is_one(self):
        paid = basket(*(line(1, key) for key in "abc"))
        self.assertEqual(points([rule(rate_amount=3)], paid), 1)

    def test_per_unit(self):
        paid = basket(line(40, quantity=Decimal("2.5")), line(9, quantity=Decimal(2)))
        self.assertEqual(points([rule(mode="unit", rate_points=10)], paid), 45)

    def test_per_order(self):
        once = rule(mode="order", rate_points=50)
        self.assertEqual(points([once], basket(1, 2, 3)), 50)
        self.assertEqual(points([once], basket()), 0)

    def test_rules_add_up_and_tell_what_they_counted(self):
        earned = compute(
            [rule(2, mode="order", rate_points=5), rule(1)], basket(20), ORDINARY
        )
        self.assertEqual(earned.points, 25)
        self.assertEqual(earned.by_rule, {1: 20, 2: 5})
        self.assertEqual([each.base for each in earned.fired], [20, 1])

    def test_what_costs_nothing_or_does_not_earn_gives_nothing(self):
        paid = basket(
            line(0), line(-5), line(50, is_earning=False), line(7, quantity=Decimal(3))
        )
        self.assertEqual(points([rule(mode="unit")], paid), 3)
        self.assertEqual(points([rule()], paid), 7)

    def test_too_little_for_a_point_is_said(self):
        self.assertEqual(
            why_not([rule(rate_amount=100)], basket(99)), {1: "too_little"}
        )

    def test_a_top_up_has_rules_of_its_own(self):
        rules = [rule(1), rule(2, earn_on="topup", rate_amount=10)]
        self.assertEqual(points(rules, basket(500, kind="topup")), 50)
        self.assertEqual(points(rules, basket(500)), 500)


@tagged("post_install", "-at_install")
class TestWhat(BaseCase):
    """Which goods a rule takes."""

    def test_products_categories_and_tags_together(self):
        one = rule(template_ids={5}, category_ids={SHOES}, tag_ids={7})
        paid = basket(
            line(1, template_id=5),
            line(10, category_ids=frozenset({SHOES, 99})),
            line(100, tag_ids=frozenset({7})),
            line(1000, category_ids=frozenset({BOOKS})),
        )
        self.assertEqual(points([one], paid), 111)

    def test_what_is_excluded_never_earns(self):
        one = rule(not_template_ids={5}, not_category_ids={TOBACCO}, not_tag_ids={7})
        paid = basket(
            line(1, template_id=5),
            line(10, category_ids=frozenset({TOBACCO})),
            line(100, tag_ids=frozenset({7})),
            line(1000),
        )
        self.assertEqual(points([one], paid), 1000)

    def test_a_minimum_is_of_the_goods_the_rule_takes(self):
        one = rule(category_ids={SHOES}, minimum=100)
        shoes = line(99, category_ids=frozenset({SHOES}))
        self.assertEqual(why_not([one], basket(shoes, 50)), {1: "minimum"})
        self.assertEqual(points([one], basket(shoes, line(1, "b"), 50)), 0)
        more = line(1, "b", category_ids=frozenset({SHOES}))
        self.assertEqual(points([one], basket(shoes, more, 50)), 100)

    def test_goods_of_an_exclusive_rule_earn_by_no_later_one(self):
        tobacco = line(100, category_ids=frozenset({TOBACCO}))
        rules = [
            rule(1, sequence=20),
            rule(2, sequence=10, category_ids={TOBACCO}, rate_amount=50,
                 stops_others=True),
        ]  # fmt: skip
        self.assertEqual(points(rules, basket(tobacco, 30)), 32)
        self.assertEqual(why_not(rules, basket(tobacco)), {1: "stopped"})

    def test_an_exclusive_rule_stops_others_below_its_minimum_too(self):
        """A part that stays must not earn more than the whole did."""
        rules = [rule(1, rate_amount=100, minimum=100, stops_others=True), rule(2)]
        self.assertEqual(points(rules, basket(100)), 1)
        self.assertEqual(points(rules, basket(99)), 0)

    def test_a_refund_computes_with_rules_that_only_stopped_others(self):
        """Else goods would earn, once others are back, what they did not earn first."""
        rules = [
            rule(1, category_ids={TOBACCO}, minimum=100, stops_others=True),
            rule(2),
            rule(3, minimum=1000),
        ]
        tobacco = line(99, category_ids=frozenset({TOBACCO}))
        needed = kept(rules, compute(rules, basket(tobacco, 30), ORDINARY))
        self.assertEqual([each.id for each in needed], [1, 2])
        self.assertEqual(points(needed, basket(tobacco)), 0)

    def test_goods_that_earn_nothing_at_all(self):
        rules = [
            rule(1, category_ids={TOBACCO}, rate_points=0, stops_others=True),
            rule(2),
        ]
        tobacco = line(100, category_ids=frozenset({TOBACCO}))
        self.assertEqual(points(rules, basket(tobacco, 30)), 30)


@tagged("post_install", "-at_install")
class TestWhom(BaseCase):
    """Whose purchases a rule looks at."""

    def test_class_store_and_tag(self):
        member = Member(class_id=2, tag_ids=frozenset({4, 5}))
        paid = basket(10, store_ids=frozenset({8, 9}))
        self.assertEqual(
            why_not(
                [
                    rule(1, class_ids={3}),
                    rule(2, store_ids={7}),
                    rule(3, partner_tag_ids={6}),
                ],
                paid,
                member,
            ),
            {1: "class", 2: "store", 3: "tag"},
        )
        self.assertEqual(
            points(
                [rule(class_ids={2, 3}, store_ids={9}, partner_tag_ids={5})],
                paid,
                member,
            ),
            10,
        )

    def test_a_sale_without_a_store_is_not_in_one(self):
        self.assertEqual(why_not([rule(store_ids={7})], basket(10)), {1: "store"})


@tagged("post_install", "-at_install")
class TestMultipliers(BaseCase):
    """What makes points count several times."""

    def test_the_class_multiplies_all(self):
        gold = Member(class_multiplier=Decimal("1.5"))
        earned = compute([rule()], basket(101), gold)
        self.assertEqual((earned.points, earned.multiplier), (151, Decimal("1.5")))

    def test_of_several_the_highest_counts(self):
        rules = [rule(1), multiplier(2, 2), multiplier(3, 3)]
        self.assertEqual(points(rules, basket(10)), 30)

    def test_stacking_ones_multiply(self):
        rules = [
            rule(1),
            multiplier(2, 2),
            multiplier(3, 3, is_stacking=True),
            multiplier(4, 1.5, is_stacking=True),
        ]
        gold = Member(class_multiplier=Decimal(2))
        self.assertEqual(points(rules, basket(10), gold), 10 * 2 * 3 * 1.5 * 2)

    def test_only_the_goods_it_names_are_multiplied(self):
        shoes = line(100, category_ids=frozenset({SHOES}))
        earned = compute(
            [rule(1), multiplier(2, 2, category_ids={SHOES})],
            basket(shoes, 100),
            ORDINARY,
        )
        self.assertEqual(earned.points, 300)
        self.assertEqual(earned.multiplier, 2)
        self.assertEqual(
            [(each.rule_id, each.multiplier, each.points) for each in earned.fired],
            [(2, 2, 0), (1, Decimal("1.5"), 300)],
        )

    def test_an_order_bonus_is_multiplied_once(self):
        rules = [rule(1, mode="order", rate_points=50), multiplier(2, 2)]
        self.assertEqual(points(rules, basket(10, 20, 30)), 100)

    def test_rounding_comes_after_multiplying(self):
        rules = [rule(1, rate_amount=10), multiplier(2, 2)]
        self.assertEqual(points(rules, basket(15)), 3)

    def test_a_birthday_on_a_member_day(self):
        rules = [
            rule(1),
            multiplier(2, 2, weekdays={2}),
            multiplier(3, 2, birthday="day", is_stacking=True),
        ]
        born = Member(birthdate=date(1990, 5, 13))
        self.assertEqual(points(rules, basket(10), born), 40)
        self.assertEqual(points(rules, basket(10)), 20)

    def test_what_is_paid_by_wallet_counts_double(self):
        rules = [rule(1), multiplier(2, 2, paid_part="wallet")]
        self.assertEqual(points(rules, basket(100, paid_wallet=Decimal(30))), 130)


@tagged("post_install", "-at_install")
class TestPaidPart(BaseCase):
    """A part of the payment that does not earn."""

    def test_without_what_the_wallet_paid(self):
        one = rule(paid_part="without_wallet")
        self.assertEqual(points([one], basket(100, paid_wallet=Decimal(30))), 70)
        self.assertEqual(
            why_not([one], basket(100, paid_wallet=Decimal(100))), {1: "payment"}
        )

    def test_what_the_wallet_paid_only(self):
        one = rule(paid_part="wallet")
        self.assertEqual(points([one], basket(100, paid_wallet=Decimal(30))), 30)
        self.assertEqual(why_not([one], basket(100)), {1: "payment"})

    def test_what_points_paid_never_earns(self):
        paid = basket(100, paid_wallet=Decimal(30), paid_points=Decimal(20))
        for part, expected in (("all", 80), ("without_wallet", 50), ("wallet", 30)):
            with self.subTest(part):
                self.assertEqual(points([rule(paid_part=part)], paid), expected)

    def test_units_and_orders_count_in_proportion(self):
        paid = basket(line(100, quantity=Decimal(4)), paid_wallet=Decimal(50))
        for mode, expected in (("unit", 20), ("order", 5)):
            one = rule(mode=mode, rate_points=10, paid_part="wallet")
            self.assertEqual(points([one], paid), expected)


@tagged("post_install", "-at_install")
class TestCaps(BaseCase):
    """The most that a rule gives."""

    def test_of_an_order(self):
        earned = compute(
            [rule(1, cap_order=50), multiplier(2, 2)], basket(40), ORDINARY
        )
        self.assertEqual(earned.points, 50)
        self.assertEqual(earned.fired[-1].limited_by, "order")

    def test_of_a_day_and_a_month(self):
        one = rule(cap_day=50, cap_month=200)
        for today, month, expected, why in (
            (0, 0, 50, ""),
            (30, 30, 20, ""),
            (50, 60, 0, "cap_day"),
            (10, 195, 5, ""),
            (0, 200, 0, "cap_month"),
            (70, 270, 0, "cap_day"),
        ):
            member = Member(
                earned_today={1: Decimal(today)}, earned_this_month={1: Decimal(month)}
            )
            with self.subTest(today=today, month=month):
                self.assertEqual(points([one], basket(80), member), expected)
                if why:
                    self.assertEqual(why_not([one], basket(80), member)[1][:3], "cap")

    def test_a_cap_is_of_its_rule_only(self):
        self.assertEqual(points([rule(1, cap_order=5), rule(2)], basket(40)), 45)
