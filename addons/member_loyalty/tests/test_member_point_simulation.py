from datetime import datetime

from odoo.tests import Form, new_test_user, tagged

from .common_point_rule import PointRuleCase


@tagged("post_install", "-at_install")
class TestMemberPointSimulation(PointRuleCase):
    """The simulator, as a manager fills it in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "boss",
            "member_card.group_member_manager,base.group_multi_company",
            tz="Europe/Berlin",
        )
        cls.tester.member_class_id.with_company(cls.company).pricelist_id = False

    def simulate(self, *amounts, **vals):
        form = Form(self.env["member.point.simulation"].with_user(self.manager))
        for name, value in vals.items():
            setattr(form, name, value)
        for amount in amounts:
            with form.line_ids.new() as line:
                line.product_id = self.goods
                line.price = amount
        return form

    def test_what_counts_and_what_does_not(self):
        self.company.partner_id.tz = "UTC"
        self.rule(name="Sales")
        self.rule(name="Large orders", minimum_amount=500)
        self.rule(name="Night", effect="multiplier", hour_from=22, hour_to=6)
        form = self.simulate(100, 20.5, partner_id=self.tester)
        form.date = datetime(2026, 5, 13, 12)
        self.assertEqual((form.total, form.points, form.multiplier), (120.5, 120, 1))
        amount = self.company.currency_id.format
        for text in ("Sales", amount(120.5), f"Only from {amount(500)} on", "Night"):
            self.assertIn(text, form.result)
        form.date = datetime(2026, 5, 13, 23)
        self.assertEqual((form.points, form.multiplier), (241, 2))

    def test_the_stores_clock_counts(self):
        self.rule(hour_from=12, hour_to=13)
        form = self.simulate(100, store_id=self.store)
        form.date = datetime(2026, 5, 13, 4, 30)
        self.assertEqual(form.points, 100)
        self.assertTrue(form.local_time.endswith("12:30"))

    def test_another_class_than_the_members(self):
        """What this member would earn in a better class."""
        self.rule(birthday="no")
        gold = self.env["member.class"].create(
            {"name": "Gold", "code": "gold", "point_multiplier": 2}
        )
        form = self.simulate(100, partner_id=self.tester)
        self.assertEqual(form.class_id, self.tester.member_class_id)
        self.assertEqual(form.points, 100)
        form.class_id = gold
        self.assertEqual(form.points, 200)
        self.assertIn("Class Gold: all points ×2", form.result)

    def test_a_class_without_points(self):
        self.rule()
        ordinary = self.env.ref("member_card.member_class_ordinary")
        form = self.simulate(100, class_id=ordinary)
        self.assertEqual(form.points, 0)
        self.assertIn("Ordinary", form.warning)

    def test_a_top_up(self):
        self.rule(earn_on="topup", rate_amount=10)
        form = self.simulate(earn_on="topup", topup_amount=500)
        self.assertEqual(form.points, 50)

    def test_a_part_by_wallet(self):
        self.rule(paid_part="wallet")
        self.assertEqual(self.simulate(100, paid_wallet=40).points, 40)

    def test_a_rule_that_is_switched_off_can_be_tried(self):
        self.rules.with_context(active_test=False).search([]).unlink()
        self.rule(active=False)
        form = self.simulate(100)
        self.assertEqual(form.points, 0)
        form.has_inactive = True
        self.assertEqual(form.points, 100)

    def test_the_price_of_the_members_class(self):
        member_class = self.tester.member_class_id
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 50,
                        },
                    )
                ],
            }
        )
        member_class.with_company(self.company).pricelist_id = pricelist
        form = self.simulate(partner_id=self.tester)
        with form.line_ids.new() as line:
            line.product_id = self.goods
            self.assertEqual(line.price, 15)

    def test_nothing_is_counted(self):
        self.rule(cap_day=50)
        self.assertEqual(self.simulate(100, partner_id=self.tester).points, 50)
        self.assertFalse(self.env["member.point.cap"].search_count([]))

    def test_a_supervisor_may_simulate(self):
        self.rule()
        self.manager = new_test_user(
            self.env, "supervisor", "member_card.group_member_supervisor"
        )
        self.assertEqual(self.simulate(100, partner_id=self.tester).points, 100)
