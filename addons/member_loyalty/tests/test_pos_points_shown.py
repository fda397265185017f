from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.member_card import ledger

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosPointsShown(RewardCase):
    """D11, D14: what a till shows of a member's points and coupons."""

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

    def test_how_many_points_expire_soon(self):
        """Within the days of the warning; without one, within a month."""
        now = fields.Datetime.now()
        for days, points in ((9, 30), (20, 50), (60, 7)):
            self.give_points(self.ann, points, now + timedelta(days=days))
        self.assertEqual(self.info()["points"]["expiring_soon"], 80)
        self.company.member_points_warning_days = 14
        self.assertEqual(self.info()["points"]["expiring_soon"], 30)
        # what is held is taken from what runs out first
        ledger.hold(self.env, [(self.ann.id, self.points.id, 20, "held")], "held")
        self.assertEqual(self.info()["points"]["expiring_soon"], 10)
        self.assertEqual(self.info(self.bob)["points"]["expiring_soon"], 0)

    def test_last_entries_show_points_and_money(self):
        """D11: the newest first, each in its own unit."""
        self.credit(self.ann, money=50)
        self.pay([self.gift_line(self.reserved(self.gift))])
        answer = self.at_till().member_history(self.ann.id)
        self.assertEqual(answer["points"]["available"], 700)
        entries = [
            (entry["asset_kind"], entry["amount"], entry["balance_after"])
            for entry in answer["entries"]
        ]
        self.assertEqual(
            entries,
            [("points", -300, 700), ("principal", 50, 50), ("points", 1000, 1000)],
        )
        self.assertEqual(answer["entries"][0]["kind"], "Redemption")
        self.assertEqual(answer["entries"][0]["store"], self.store.name)

    def test_last_entries_of_points_alone(self):
        """A member whose class has points and no money."""
        self.give_points(self.bob, 40)
        answer = self.at_till().member_history(self.bob.id)
        self.assertEqual(len(answer["entries"]), 1)
        self.assertEqual(answer["entries"][0]["amount"], 40)

    def test_points_of_another_company_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        asset = other._member_asset("points")
        if not asset:
            asset = self.points.copy({"company_id": other.id})
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.bob.id,
                    asset_id=asset.id,
                    amount=9,
                    kind="award",
                    request_key="elsewhere",
                )
            ],
        )
        self.post_commit()
        self.assertEqual(self.at_till().member_history(self.bob.id)["entries"], [])

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
