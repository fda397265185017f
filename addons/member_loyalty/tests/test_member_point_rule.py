from datetime import date, datetime
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_loyalty.points import WHY_NOT, Rule

from .common_point_rule import PointRuleCase


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
        self.tester.birthdate_date = date(1990, 5, 13)
        noon = datetime(2026, 5, 13, 4)
        self.assertEqual(self.earn(99.9, when=noon).points, 199)

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
        self.tester.birthdate_date = date(1990, 5, 1)
        self.assertEqual(self.earn(when=datetime(2026, 5, 31, 15, 59)).points, 100)
        self.assertEqual(self.earn(when=datetime(2026, 5, 31, 16)).points, 0)

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
