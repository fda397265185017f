from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.member_card.tests.common_tours import ToursCase

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestToursPoints(ToursCase, RewardCase):
    """Points and gifts on the till's screens; Ann has 1,000 points."""

    def test_points_at_the_till(self):
        """C5, D11: money off and a gift, taken off again, paid, on the receipt."""
        self.tour("MemberPoints")
        lines = self.pos_session.order_ids.lines
        redeemed = lines.filtered("member_redemption_key")
        self.assertEqual(sorted(redeemed.mapped("price_subtotal_incl")), [-5.0, 0.0])
        self.assertEqual(
            redeemed.product_id - lines.product_id.browse(self.mug.id),
            self.env.ref("member_loyalty.product_points_discount"),
        )
        states = self.env["member.redemption"].search([]).mapped("state")
        self.assertIn("released", states)

    def test_many_points_need_the_pin(self):
        """The customer agrees by typing it; a wrong one takes nothing."""
        self.company.member_points_pin_from = 500
        self.tour("MemberPointsPin")
        redemption = self.env["member.redemption"].search([])
        self.assertEqual((redemption.points, redemption.kind), (1000, "discount"))

    def test_points_on_the_chip_and_among_the_last_entries(self):
        """D11: also of a member whose class has points and no money."""
        self.bob.member_class_id = self.env.ref("member_card.member_class_points")
        self.give_points(self.bob, 120, fields.Datetime.now() + timedelta(days=9))
        self.give_points(self.bob, 380)
        program = self.env["loyalty.program"].create(
            {
                "name": "Birthday",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        program.coupon_ids = [Command.create({"partner_id": self.bob.id, "points": 1})]
        self.tour("MemberPointsHistory")

    def test_bonus_money_is_there_at_once(self):
        """No order is needed; the slip says what it was for."""
        self.make_reward(
            name="Ten more", kind="bonus", bonus_amount=10, points_cost=400
        )
        self.tour("MemberPointsBonus")
        redemption = self.env["member.redemption"].search([])
        self.assertEqual((redemption.points, redemption.kind), (400, "bonus"))
        self.assertFalse(self.pos_session.order_ids)
