from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_point_rule import PointRuleCase


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
