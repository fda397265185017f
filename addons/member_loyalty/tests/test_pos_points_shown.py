from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.member_card import ledger

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosPointsShown(RewardCase):
    """D5: what a till shows of a member's points and coupons."""

    def info(self, partner=None):
        answer = self.at_till().member_info((partner or self.ann).id)
        self.assertEqual(answer["status"], "ok", answer)
        return answer

    def make_coupon(self, partner=None, **vals):
        program = self.env["loyalty.program"].create(
            {
                "name": "Birthday",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.create({"discount": 10})],
                **vals,
            }
        )
        return self.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": (partner or self.ann).id,
                "points": 1,
            }
        )

    def test_points_that_are_held_cannot_be_spent(self):
        self.assertEqual(self.info()["points"]["available"], 1000)
        self.reserved(self.gift)
        self.assertEqual(self.info()["points"]["available"], 700)

    def test_nobody_without_points_is_refused(self):
        points = self.info(self.bob)["points"]
        self.assertEqual(
            (points["available"], points["owed"], points["expiring"]), (0, 0, [])
        )

    def test_points_that_run_out_are_told_by_day_the_next_first(self):
        """The last day on which they are good, by the head office's clock."""
        self.company.partner_id.tz = "Asia/Shanghai"
        # 16:00 UTC is midnight there
        now = fields.Datetime.now()
        midnight = now.replace(hour=16, minute=0, second=0, microsecond=0)
        for days, points in ((40, 30), (20, 5), (20, 7)):
            self.give_points(self.ann, points, midnight + timedelta(days=days))
        day = fields.Date.to_string
        self.assertEqual(
            self.info()["points"]["expiring"],
            [
                {"points": 12, "date": day(midnight + timedelta(days=20))},
                {"points": 30, "date": day(midnight + timedelta(days=40))},
            ],
        )
        # what is held is taken from what runs out first
        ledger.hold(self.env, [(self.ann.id, self.points.id, 20, "held")], "held")
        self.assertEqual(
            self.info()["points"]["expiring"],
            [{"points": 22, "date": day(midnight + timedelta(days=40))}],
        )

    def test_own_coupons_are_shown_with_their_codes(self):
        coupon = self.make_coupon()
        coupon.expiration_date = fields.Date.today() + timedelta(days=9)
        self.assertEqual(
            self.info()["coupons"],
            [
                {
                    "code": coupon.code,
                    "program": "Birthday",
                    "points": 1,
                    "expiry": fields.Date.to_string(coupon.expiration_date),
                }
            ],
        )
        self.assertEqual(self.info(self.bob)["coupons"], [])

    def test_coupons_that_cannot_be_used_here_are_not_shown(self):
        used, old = self.make_coupon(), self.make_coupon()
        used.points = 0
        old.expiration_date = fields.Date.today() - timedelta(days=2)
        self.make_coupon(pos_ok=False)
        other_till = self.env["pos.config"].create(
            {
                "name": "Other till",
                "company_id": self.company.id,
                "payment_method_ids": [Command.clear()],
            }
        )
        self.make_coupon(pos_config_ids=[Command.set(other_till.ids)])
        self.assertEqual(self.info()["coupons"], [])
