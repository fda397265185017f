from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import ledger

from .. import redemptions
from ..errors import RewardRefusal
from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestMemberReward(RewardCase):
    """Who may take which reward, where, when and how often."""

    def why_not(self, reward, partner=None):
        return self.offers(partner)[reward]["reason_not"]

    def wanted(self, reward, points=0, partner=None):
        """Return what a till reserves once it has looked whether it may."""
        return reward._wanted(
            partner or self.ann,
            reward._quote(points),
            str(uuid4()),
            warehouse=self.till.picking_type_id.warehouse_id,
            context=ledger.Context(),
        )

    # === WHAT IS COMPLETE === #

    def test_each_kind_needs_its_own(self):
        for vals in (
            {"kind": "gift", "points_cost": 10},
            {"kind": "gift", "product_id": self.mug.id},
            {"kind": "bonus", "points_cost": 10},
            {"kind": "coupon", "points_cost": 10},
            {"kind": "discount", "points_per_unit": 0},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.make_reward(name="Half", **vals)

    def test_points_are_whole(self):
        with self.assertRaisesRegex(ValidationError, "finer"):
            self.gift.points_cost = 10.5

    # === WHO, WHERE, WHEN === #

    def test_class(self):
        gold = self.env["member.class"].create({"name": "Gold", "code": "gold"})
        self.gift.class_ids = gold
        self.assertIn("Gold", self.why_not(self.gift))
        self.assertEqual(self.redeem(self.gift)["status"], "not_for_member")
        self.ann.sudo().member_class_id = gold
        self.assertFalse(self.why_not(self.gift))

    def test_store_and_those_above_it(self):
        stores = self.env["member.store"]
        region = stores.create(
            {"name": "North", "code": "N", "company_id": self.company.id}
        )
        self.gift.store_ids = region
        self.assertIn("North", self.why_not(self.gift))
        self.store.parent_id = region
        self.assertFalse(self.why_not(self.gift))

    def test_campaign(self):
        today = self.company._member_today()
        self.gift.date_from = today + timedelta(days=1)
        self.assertTrue(self.why_not(self.gift))
        self.gift.write({"date_from": False, "date_to": today})
        self.assertFalse(self.why_not(self.gift))
        self.gift.date_to = today - timedelta(days=1)
        self.assertEqual(self.redeem(self.gift)["status"], "not_now")

    def test_archived_is_gone(self):
        self.gift.active = False
        self.assertNotIn(self.gift, self.offers())
        self.assertEqual(self.redeem(self.gift)["status"], "not_found")

    def test_limit_per_member(self):
        self.gift.limit_per_member = 1
        key = self.reserved(self.gift)
        self.assertIn("1 times", self.why_not(self.gift))
        self.assertEqual(self.redeem(self.gift)["status"], "limit_reached")
        self.at_till().member_redeem_cancel(key)
        self.assertFalse(self.why_not(self.gift))

    def test_limit_is_kept_where_the_form_was_passed(self):
        """The reservation counts itself, under the lock of the member's balance."""
        self.gift.limit_per_member = 1
        with self.assertRaisesRegex(RewardRefusal, "for each member"):
            redemptions.reserve(self.env, self.wanted(self.gift, 600))
        self.assertEqual((self.gift.held, self.free_points()), (0, 1000))

    def test_only_points_that_expire_soon(self):
        """A5: above all the points that are about to expire."""
        self.gift.expiring_within_days = 30
        self.assertIn("30 days", self.why_not(self.gift))
        soon = fields.Datetime.now() + timedelta(days=20)
        self.give_points(self.bob, 299, soon)
        self.give_points(self.bob, 500)
        self.assertTrue(self.why_not(self.gift, self.bob))
        self.give_points(self.bob, 1, soon)
        self.assertFalse(self.why_not(self.gift, self.bob))
        self.reserved(self.gift, partner=self.bob)
        # those are held: what is left lasts
        self.assertEqual(
            self.redeem(self.gift, partner=self.bob)["status"], "not_expiring"
        )

    def test_points_expire_soon_by_the_company_s_day(self):
        """The last good day is the company's, wherever its midnight is in UTC."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.gift.expiring_within_days = 30
        limit = self.company._member_today() + timedelta(days=30)
        self.give_points(self.bob, 300, self.points._end_of_day(limit))
        self.assertFalse(self.why_not(self.gift, self.bob))
        self.company.partner_id.tz = "UTC"
        limit = self.company._member_today() + timedelta(days=30)
        self.give_points(self.ann, 300, self.points._end_of_day(limit))
        self.assertFalse(self.why_not(self.gift, self.ann))

    def test_points_that_expire_a_day_too_late(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        self.gift.expiring_within_days = 30
        after = self.company._member_today() + timedelta(days=31)
        self.give_points(self.bob, 300, self.points._end_of_day(after))
        self.assertTrue(self.why_not(self.gift, self.bob))

    def test_points_that_have_expired_do_not_expire_soon(self):
        """Lots that are due stay until the job comes: they pay for nothing."""
        self.gift.expiring_within_days = 30
        self.give_points(self.bob, 500)
        self.give_points(self.bob, 300, fields.Datetime.now() + timedelta(days=1))
        self.assertFalse(self.why_not(self.gift, self.bob))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertIn("30 days", self.why_not(self.gift, self.bob))

    def test_points_that_expire_soon_are_counted_again(self):
        """What another till has held since this one looked pays for nothing more."""
        self.gift.expiring_within_days = 30
        soon = fields.Datetime.now() + timedelta(days=20)
        self.give_points(self.bob, 599, soon)
        self.give_points(self.bob, 500)
        held = redemptions.reserve(self.env, self.wanted(self.gift, partner=self.bob))
        other = self.wanted(self.gift, partner=self.bob)
        with self.assertRaises(RewardRefusal) as refused:
            redemptions.reserve(self.env, other)
        self.assertEqual(refused.exception.code, "not_expiring")
        self.assertEqual(str(refused.exception), self.why_not(self.gift, self.bob))
        self.assertEqual((self.gift.held, self.free_points(self.bob)), (1, 799))
        redemptions.release(self.env, [held.key])
        redemptions.reserve(self.env, other)
        self.assertEqual((self.gift.held, self.free_points(self.bob)), (1, 799))

    # === HOW MANY === #

    def test_the_last_line_of_defence(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE member_reward SET held = 3 WHERE id = %s", [self.gift.id]
            )

    def test_total_cannot_fall_below_what_is_taken(self):
        self.reserved(self.gift)
        self.reserved(self.gift)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "within_total"),
            self.env.cr.savepoint(),
        ):
            self.gift.total_quantity = 1
            self.env.flush_all()

    def test_what_ran_out_is_free_at_the_next_touch(self):
        self.gift.total_quantity = 1
        self.give_points(self.bob, 500)
        key = self.reserved(self.gift)
        self.env.cr.execute(
            "UPDATE member_hold SET expires_at = now() AT TIME ZONE 'utc'"
            " - interval '1 minute' WHERE key = %s",
            [key],
        )
        self.reserved(self.gift, partner=self.bob)
        self.assertEqual(self.redemption(key).state, "expired")

    def test_the_job_frees_what_ran_out(self):
        key = self.reserved(self.gift)
        self.env.cr.execute(
            "UPDATE member_hold SET expires_at = now() AT TIME ZONE 'utc'"
            " - interval '1 minute' WHERE key = %s",
            [key],
        )
        self.env["member.redemption"]._cron_follow()
        self.assertEqual(self.redemption(key).state, "expired")
        self.assertEqual((self.gift.held, self.free_points()), (0, 1000))

    # === MONEY OFF === #

    def test_money_off_is_rounded_down(self):
        self.money_off.points_per_unit = 30
        self.assertEqual(self.money_off._quote(100).value, Decimal("3.33"))
        self.assertEqual(self.redeem(self.money_off, 99)["status"], "bad_points")

    def test_money_off_has_a_most(self):
        self.money_off.max_points = 400
        self.assertEqual(self.offers()[self.money_off]["max_points"], 400)
        self.assertEqual(self.redeem(self.money_off, 401)["status"], "bad_points")

    def test_points_that_take_all_off(self):
        """As much as points can, and never a cent more than there is to pay."""
        self.money_off.min_points = 0
        for each, total, value in (
            (100, "3.33", "3.33"),
            (100, "0.01", "0.01"),
            (30, "3.33", "3.33"),
            (30, "9.99", "9.96"),  # 300 points are worth 10.00
            (30, "0.01", "0"),
            (0.5, "3.33", "2"),
        ):
            with self.subTest(points_per_unit=each, total=total):
                self.money_off.points_per_unit = each
                most = self.money_off._most(Decimal(1000), Decimal(total))
                self.assertEqual(self.money_off._money_off(most), Decimal(value))

    def test_fixed_price_takes_multiples(self):
        self.assertEqual(self.gift._quote(600).quantity, 2)
        for points in (299, 301, 450):
            self.assertEqual(self.redeem(self.gift, points)["status"], "bad_points")
