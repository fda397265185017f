from odoo.tests import tagged

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosPointsReceipt(RewardCase):
    """D11: the receipt tells what was earned, what was spent, and what there is."""

    def figures(self, order):
        return (
            order.member_points_earned,
            order.member_points_spent,
            order.member_points_after,
        )

    def test_gift_and_money_off(self):
        """Of 1,000 points: a mug for 300, ¥2 off for 200; 38 earned for the rest."""
        self.env["member.point.rule"].create(
            {"name": "Sales", "company_id": self.company.id}
        )
        gift = self.reserved(self.gift)
        money_off = self.reserved(self.money_off, 200)
        order = self.pay(
            [
                (self.book, 1, 40, {}),
                self.gift_line(gift),
                self.money_off_line(money_off, 2),
            ]
        )
        self.assertEqual(self.figures(order), (38, 500, 538))
        self.assertEqual(self.free_points(), 538)

    def test_nothing_but_a_gift(self):
        order = self.pay([self.gift_line(self.reserved(self.gift))])
        self.assertEqual(self.figures(order), (0, 300, 700))
        self.assertFalse(order.member_point_earning_ids)
