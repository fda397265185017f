from datetime import date, datetime
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.member_card.tests.common import MemberCase
from odoo.addons.member_loyalty.points import WHY_NOT, Rule, compute


class PointRuleCase(MemberCase):
    """Only the rules that a test makes; a store far from UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["member.point.rule"]
        cls.rules.search([]).active = False
        cls.store = cls.env["member.store"].create(
            {"name": "Shanghai", "code": "SH", "tz": "Asia/Shanghai"}
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Tea", "list_price": 30, "taxes_id": []}
        )
        cls.tester = cls.member("Wang Fang")

    @classmethod
    def rule(cls, **vals):
        return cls.rules.create({"name": "Rule", **vals})

    def earn(self, amount=100, *, partner=None, store=None, count=False, **vals):
        """Return what the tester earns now for one line of goods."""
        partner = partner or self.tester
        rules = self.rules._active_rules(self.company)
        store = self.store if store is None else store
        basket = self.rules._basket(
            rules,
            self.company,
            store,
            [("a", self.goods, amount, 1.0, True)],
            **{"total": amount, **vals},
        )
        member = self.rules._for_member(partner, rules, basket.when_local)
        earned = compute(rules, basket, member)
        if count:
            self.env["member.point.cap"]._count(
                partner.id, rules, earned.by_rule, basket.when_local.date()
            )
        return earned


@tagged("post_install", "-at_install")
class TestMemberPointRule(PointRuleCase):
    """Rules as the shop keeps them, and as the engine gets them."""

    def test_every_field_reaches_the_engine(self):
        tag = self.env["product.tag"].create({"name": "New"})
        member_tag = self.env["res.partner.category"].create({"name": "VIP"})
        category = self.env["product.category"].create({"name": "Drinks"})
        other = self.env["product.category"].create({"name": "Tobacco"})
        member_class = self.tester.member_class_id
        rule = self.rule(
            sequence=7,
            effect="points",
            product_tmpl_ids=self.goods.product_tmpl_id.ids,
            categ_ids=category.ids,
            product_tag_ids=tag.ids,
            excluded_categ_ids=other.ids,
            minimum_amount=50.5,
            class_ids=member_class.ids,
            store_ids=self.store.ids,
            partner_tag_ids=member_tag.ids,
            date_from="2026-05-01",
            date_to="2026-05-31",
            friday=True,
            sunday=True,
            hour_from=22.5,
            hour_to=2,
            birthday="week",
            rate_points=5,
            rate_amount=10,
            is_stepwise=True,
            multiplier=3,
            paid_part="without_wallet",
            rounding="half_up",
            cap_order=1,
            cap_day=2,
            cap_month=3,
            stops_others=True,
            expiry="date",
            expiry_date="2027-01-31",
        )
        self.assertEqual(
            self.rules._active_rules(self.company),
            (
                Rule(
                    id=rule.id,
                    name="Rule",
                    sequence=7,
                    template_ids=frozenset(self.goods.product_tmpl_id.ids),
                    category_ids=frozenset(category.ids),
                    tag_ids=frozenset(tag.ids),
                    not_category_ids=frozenset(other.ids),
                    minimum=Decimal("50.5"),
                    class_ids=frozenset(member_class.ids),
                    store_ids=frozenset(self.store.ids),
                    partner_tag_ids=frozenset(member_tag.ids),
                    date_from=date(2026, 5, 1),
                    date_to=date(2026, 5, 31),
                    weekdays=frozenset({4, 6}),
                    minute_from=22 * 60 + 30,
                    minute_to=120,
                    birthday="week",
                    rate_points=Decimal(5),
                    rate_amount=Decimal(10),
                    is_stepwise=True,
                    factor=Decimal(3),
                    paid_part="without_wallet",
                    rounding="half_up",
                    cap_order=Decimal(1),
                    cap_day=Decimal(2),
                    cap_month=Decimal(3),
                    stops_others=True,
                    expiry="date",
                    expiry_months=12,
                    expiry_date=date(2027, 1, 31),
                ),
            ),
        )

    def test_a_rule_for_top_ups_forgets_its_goods(self):
        """The form does not show them any more: they must not count unseen."""
        rule = self.rule(
            product_tmpl_ids=self.goods.product_tmpl_id.ids,
            excluded_categ_ids=self.goods.categ_id.ids,
        )
        rule.earn_on = "topup"
        (found,) = self.rules._active_rules(self.company)
        self.assertFalse(found.template_ids | found.not_category_ids)
        self.assertNotIn("Tea", rule.summary)
        rule.earn_on = "sale"
        self.assertIn("Tea", rule.summary)
        self.assertTrue(self.rules._active_rules(self.company)[0].template_ids)

    def test_rules_are_kept_in_memory_until_one_changes(self):
        rule = self.rule()
        self.rules._active_rules(self.company)
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.rules._active_rules(self.company)
        for change, expected in (
            (lambda: rule.write({"rate_points": 2}), 200),
            (lambda: rule.write({"active": False}), 0),
            (lambda: self.rule(rate_points=3), 300),
        ):
            change()
            self.assertEqual(self.earn().points, expected)

    def test_standard_rules(self):
        """One point for one unit of money; a birthday counts double if switched on."""
        sales = self.env.ref("member_loyalty.member_point_rule_sales")
        birthday = self.env.ref("member_loyalty.member_point_rule_birthday")
        (sales | birthday).active = True
        self.assertFalse(sales.company_id | birthday.company_id)
        self.assertEqual(self.earn(99.9).points, 99)
        self.tester.birthdate_date = fields.Date.today().replace(year=1990)
        today = datetime.combine(fields.Date.today(), datetime.min.time())
        self.assertEqual(self.earn(99.9, when=today).points, 199)

    def test_other_companies_rules_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule(company_id=other.id)
        shared = self.rule(company_id=False, rate_points=2)
        own = self.rule(company_id=self.company.id, rate_points=3)
        found = self.rules._active_rules(self.company)
        self.assertEqual([rule.id for rule in found], [shared.id, own.id])

    def test_a_branch_uses_the_rules_of_its_head_office(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.rule()
        self.assertEqual(len(self.rules._active_rules(branch)), 1)
        with self.assertRaises(ValidationError):
            self.rule(company_id=branch.id)

    def test_stores_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.store.company_id = other
        with self.assertRaises(ValidationError):
            self.rule(company_id=self.company.id, store_ids=self.store.ids)

    def test_a_category_below_and_a_store_below_count(self):
        drinks = self.env["product.category"].create({"name": "Drinks"})
        self.goods.categ_id = drinks.create({"name": "Tea", "parent_id": drinks.id})
        region = self.store.create({"name": "East", "code": "E"})
        self.store.parent_id = region
        self.rule(categ_ids=drinks.ids, store_ids=region.ids)
        self.assertEqual(self.earn().points, 100)
        self.store.parent_id = False
        self.assertEqual(self.earn().points, 0)

    def test_tags_of_product_and_variant_count(self):
        tags = self.env["product.tag"].create([{"name": "New"}, {"name": "Red"}])
        self.rule(product_tag_ids=tags[0].ids)
        self.rule(product_tag_ids=tags[1].ids, rate_points=2)
        self.assertEqual(self.earn().points, 0)
        self.goods.product_tmpl_id.product_tag_ids = tags[0]
        self.goods.additional_product_tag_ids = tags[1]
        self.assertEqual(self.earn().points, 300)

    def test_what_a_rule_names_cannot_be_deleted(self):
        """A rule for one product must not become one for everything."""
        self.rule(product_tmpl_ids=self.goods.product_tmpl_id.ids)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.goods.product_tmpl_id.unlink()

    def test_a_sale_at_23_59_is_one_of_the_stores_day(self):
        """15:59 UTC is 23:59 in Shanghai, and still yesterday in Honolulu."""
        self.rule(date_from="2026-05-13", date_to="2026-05-13")
        late = datetime(2026, 5, 13, 15, 59, 59)
        self.assertEqual(self.earn(when=late).points, 100)
        self.assertEqual(self.earn(when=late.replace(hour=16, minute=0)).points, 0)
        self.store.tz = "Pacific/Honolulu"
        self.assertEqual(self.earn(when=datetime(2026, 5, 14, 9, 59)).points, 100)
        self.assertEqual(self.earn(when=datetime(2026, 5, 13, 9, 59)).points, 0)

    def test_without_a_store_the_companys_clock_counts(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.rule(hour_from=23, hour_to=24)
        late = datetime(2026, 5, 13, 15, 59)
        nowhere = self.env["member.store"]
        self.assertEqual(self.earn(when=late, store=nowhere).points, 100)

    def test_the_class_of_the_member_multiplies(self):
        self.rule()
        self.tester.member_class_id.point_multiplier = 1.5
        self.assertEqual(self.earn().points, 150)

    def test_a_member_without_birthdate_has_no_birthday(self):
        self.rule(birthday="month")
        self.assertEqual(self.earn().points, 0)
        self.tester.birthdate_date = date(1990, fields.Date.today().month, 1)
        self.assertEqual(self.earn(when=fields.Datetime.now()).points, 100)

    def test_dust_of_floats_loses_no_point(self):
        self.rule(rate_amount=0.1)
        self.assertEqual(self.earn(0.1 + 0.2 - 0.0000000001).points, 3)

    def test_bad_values_are_refused(self):
        for vals in (
            {"rate_points": -1},
            {"rate_amount": 0},
            {"multiplier": 0},
            {"effect": "multiplier", "multiplier": 0.5, "minimum_amount": 1},
            {"cap_day": -1},
            {"hour_from": 24},
            {"date_from": "2026-05-02", "date_to": "2026-05-01"},
            {"expiry": "months", "expiry_months": 0},
            {"expiry": "date"},
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.rule(**vals)

    # === WORDS === #

    def test_a_rule_reads_as_a_sentence(self):
        member_class = self.tester.member_class_id
        rule = self.rule(
            rate_amount=10,
            product_tmpl_ids=self.goods.product_tmpl_id.ids,
            minimum_amount=100,
            class_ids=member_class.ids,
            friday=True,
            hour_from=22,
            hour_to=2.5,
            cap_day=500,
        )
        ten, hundred = (self.company.currency_id.format(each) for each in (10, 100))
        self.assertEqual(
            rule.summary,
            f"1 point for every {ten} of Tea, from {hundred} on, for members of "
            f"{member_class.name}, on Fri, 22:00 to 02:30, at most 500 points a day",
        )
        rule.write({"effect": "multiplier", "multiplier": 1.5, "friday": False})
        self.assertTrue(rule.summary.startswith("Points ×1.5 for Tea, from"))

    def test_it_says_why_a_rule_does_not_count(self):
        rule = self.rule(minimum_amount=200)
        (skipped,) = self.earn().skipped
        amount = self.company.currency_id.format(200)
        self.assertEqual(rule._say_skipped(skipped.why), f"Only from {amount} on")

    def test_there_are_words_for_all_that_may_happen(self):
        rule = self.rule(expiry="months", cap_order=7)
        for why in WHY_NOT:
            with self.subTest(why):
                self.assertTrue(rule._say_skipped(why))
        (fired,) = self.earn().fired
        self.assertIn("the most for an order, good until", rule._say_fired(fired))


@tagged("post_install", "-at_install")
class TestMemberPointCap(PointRuleCase):
    """What a member may earn by a rule in a day and a month."""

    def earned(self, amount, day):
        return self.earn(amount, count=True, when=datetime(2026, 5, day, 4)).points

    def test_caps_of_a_day_and_a_month(self):
        self.rule(cap_day=100, cap_month=250)
        self.assertEqual(
            [self.earned(*sale) for sale in ((60, 1), (60, 1), (60, 1))], [60, 40, 0]
        )
        self.assertEqual(
            [self.earned(*sale) for sale in ((100, 2), (60, 3), (60, 30))],
            [100, 50, 0],
        )
        self.assertEqual(
            self.earn(count=True, when=datetime(2026, 6, 1, 4)).points, 100
        )

    def test_the_day_is_the_stores(self):
        self.rule(cap_day=100)
        before = datetime(2026, 5, 13, 15, 59)
        self.assertEqual(self.earn(count=True, when=before).points, 100)
        self.assertEqual(self.earn(count=True, when=before).points, 0)
        after = datetime(2026, 5, 13, 16, 0)
        self.assertEqual(self.earn(count=True, when=after).points, 100)

    def test_each_member_has_a_room_of_their_own(self):
        self.rule(cap_day=100)
        self.assertEqual(self.earned(100, 1), 100)
        other = self.earn(partner=self.member("Zhao"), when=datetime(2026, 5, 1, 4))
        self.assertEqual(other.points, 100)

    def test_more_than_the_cap_is_never_counted(self):
        """The last guard: a figure that was read before another order counted."""
        rule = self.rule(cap_day=100)
        caps = self.env["member.point.cap"]
        rules = self.rules._active_rules(self.company)
        day = date(2026, 5, 1)
        caps._count(self.tester.id, rules, {rule.id: Decimal(60)}, day)
        for points in (41, 101):
            with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
                caps._count(self.tester.id, rules, {rule.id: Decimal(points)}, day)
        caps._count(self.tester.id, rules, {rule.id: Decimal(40)}, day)
        self.assertEqual(
            caps._earned(self.tester.id, rules, day)[0], {rule.id: Decimal(100)}
        )

    def test_a_refund_makes_room_again(self):
        rule = self.rule(cap_day=100, cap_month=150)
        self.assertEqual(self.earned(100, 1), 100)
        self.env["member.point.cap"]._give_back(
            self.tester.id, {rule.id: Decimal(30)}, date(2026, 5, 1)
        )
        self.assertEqual(self.earned(100, 1), 30)
        self.assertEqual(self.earned(100, 2), 50)

    def test_a_rule_without_such_a_cap_counts_nothing(self):
        self.rule(cap_order=50)
        self.earn(count=True)
        self.assertFalse(self.env["member.point.cap"].search_count([]))


@tagged("post_install", "-at_install")
class TestMemberPointRuleRights(PointRuleCase):
    """Who sees and who changes what earns points."""

    def test_only_the_right_changes_rules(self):
        rule = self.rule()
        setter = new_test_user(
            self.env, "setter", "member_loyalty.group_member_points_setup"
        )
        rule.with_user(setter).rate_points = 3
        self.assertEqual(self.earn().points, 300)
        for login, group, may_read in (
            ("cashier", "member_card.group_member_cashier", False),
            ("supervisor", "member_card.group_member_supervisor", True),
        ):
            user = new_test_user(self.env, login, group)
            with self.subTest(login):
                self.assertEqual(rule.with_user(user).has_access("read"), may_read)
                with self.assertRaises(AccessError):
                    rule.with_user(user).rate_points = 4

    def test_a_cashier_needs_no_right_for_what_an_order_earns(self):
        self.rule(cap_day=50)
        cashier = new_test_user(self.env, "cashier", "member_card.group_member_cashier")
        self.rules = self.rules.with_user(cashier)
        self.store = self.store.with_user(cashier)
        self.goods = self.goods.with_user(cashier)
        self.assertEqual(self.earn().points, 50)

    def test_nobody_changes_what_was_counted(self):
        manager = new_test_user(self.env, "boss", "member_card.group_member_manager")
        caps = self.env["member.point.cap"].with_user(manager)
        with self.assertRaises(AccessError):
            caps.search([])
