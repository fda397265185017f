from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from .common_point_rule import PointRuleCase


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
