from ast import literal_eval
from datetime import date, datetime

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import ledger

from .common_member_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointExpiry(PointsCase):
    """When points expire, whom it is told, and which lots pay (B3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.ann = cls.member("Ann", email="ann@example.com")
        cls.bob = cls.member("Bob", email="bob@example.com")

    def give(self, member, points, **vals):
        return self.top_up(member, points, self.points, kind="award", **vals)

    def give_until(self, member, points, days):
        """Give points that expire within so many days from now."""
        moment = fields.Datetime.add(fields.Datetime.now(), days=days)
        return self.give(member, points, expires_at=moment)

    # === POLICY === #

    def test_months(self):
        """To the end of the day, at the company's own midnight."""
        self.points.expiry_months = 12
        with freeze_time("2026-03-10 15:59:00"):  # 23:59 in Shanghai
            self.assertEqual(self.points._expiry(), datetime(2027, 3, 10, 16))
        with freeze_time("2026-03-10 16:00:00"):
            self.assertEqual(self.points._expiry(), datetime(2027, 3, 11, 16))

    def test_months_end_in_a_shorter_month(self):
        self.points.expiry_months = 1
        with freeze_time("2027-01-31 04:00:00"):
            self.assertEqual(self.points._expiry(), datetime(2027, 2, 28, 16))

    def test_never(self):
        self.assertIsNone(self.points._expiry())

    def test_end_of_year(self):
        self.points.expiry_policy = "year_end"
        with freeze_time("2026-12-31 15:59:00"):
            self.assertEqual(self.points._expiry(), datetime(2026, 12, 31, 16))
        with freeze_time("2026-12-31 16:00:00"):  # the new year has begun in Shanghai
            self.assertEqual(self.points._expiry(), datetime(2027, 12, 31, 16))
        self.points.expiry_years = 1
        with freeze_time("2026-05-01"):
            self.assertEqual(self.points._expiry(), datetime(2027, 12, 31, 16))

    def test_policy_is_for_what_comes_in(self):
        self.give(self.ann, 100)
        self.points.expiry_months = 12
        self.give(self.ann, 50)
        self.assertEqual(self.lots(self.ann).mapped("remaining"), [50, 100])
        self.assertFalse(self.lots(self.ann)[1].expires_at)

    def test_policy_is_not_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.points.expiry_months = -1
            self.env.flush_all()

    def test_last_day_as_people_say_it(self):
        midnight = self.points._end_of_day(date(2026, 12, 31))
        self.assertEqual(self.points._last_day_before(midnight), date(2026, 12, 31))

    # === EXPIRY ACROSS LOTS === #

    def test_soonest_expiry_is_spent_first(self):
        """100 that expire in 10 days, 100 in 90: of 130, the first go wholly."""
        self.give_until(self.ann, 100, 90)
        self.give_until(self.ann, 100, 10)
        self.spend(self.ann, 130, asset=self.points)
        self.assertEqual(self.lots(self.ann).remaining, 70)
        later = fields.Datetime.add(fields.Datetime.now(), days=20)
        with freeze_time(later):
            ledger.expire(self.env)
        self.assertFigures(self.ann, 70, asset=self.points)

    # === TELLING === #

    def told(self):
        return self.env["member.point.warning"].search(
            [("partner_id", "in", (self.ann | self.bob).ids)], order="id"
        )

    def warn(self):
        """Tell everybody who is due, as the daily job does."""
        while self.env["member.point.warning"]._warn_batch(self.company):
            pass

    def test_told_once(self):
        self.company.member_points_warning_days = 30
        self.give_until(self.ann, 100, 20)
        self.give_until(self.ann, 40, 25)
        self.give_until(self.ann, 1000, 60)
        self.give_until(self.bob, 100, 60)
        self.warn()
        warning = self.told()
        self.assertEqual((warning.partner_id, warning.points), (self.ann, 140))
        self.assertEqual(len(warning.detail.splitlines()), 2)
        mail = self.env["mail.mail"].search(
            [("model", "=", warning._name), ("res_id", "=", warning.id)]
        )
        self.assertEqual(mail.recipient_ids, self.ann)
        self.assertIn("100", mail.body_html)
        self.warn()
        self.assertEqual(self.told(), warning)

    def test_told_of_new_points_after_a_week(self):
        self.company.member_points_warning_days = 30
        self.give_until(self.ann, 100, 20)
        self.warn()
        self.give_until(self.ann, 40, 20)
        self.warn()
        self.assertEqual(len(self.told()), 1)
        self.told()._write(
            {"create_date": fields.Datetime.subtract(fields.Datetime.now(), days=8)}
        )
        self.env.flush_all()
        self.warn()
        self.assertEqual(self.told().mapped("points"), [100, 140])

    def test_not_told(self):
        """Without an address, after the end, when spent or where nobody wants it."""
        self.give_until(self.ann, 100, 20)
        self.warn()
        self.assertFalse(self.told(), "0 days mean that nobody is told")
        self.company.member_points_warning_days = 30
        self.spend(self.ann, 100, asset=self.points)
        self.bob.email = False
        self.give_until(self.bob, 100, 20)
        self.warn()
        self.assertFalse(self.told())

    def test_list_of_who_was_not_told(self):
        """Whom no mail reaches is on a list, with the phone number."""
        self.company.member_points_warning_days = 30
        self.bob.write({"email": False, "phone": "+49 30 123456"})
        self.give_until(self.ann, 100, 20)
        self.give_until(self.bob, 100, 10)
        reader = new_test_user(
            self.env, "told_reader", groups="member_card.group_member_read_ledger"
        )
        lots = self.env["member.lot"].with_user(reader)
        search = etree.fromstring(
            lots.get_view(
                self.env.ref("member_loyalty.member_lot_view_expiring_search").id,
                "search",
            )["arch"]
        )

        def listed(name):
            [node] = search.xpath(f"//filter[@name='{name}']")
            return lots.search(
                [
                    *literal_eval(node.get("domain")),
                    ("partner_id", "in", (self.ann | self.bob).ids),
                ]
            )

        self.assertEqual(listed("not_told").partner_id, self.ann | self.bob)
        self.warn()
        self.env.invalidate_all()
        left = listed("not_told")
        self.assertEqual(left.partner_id, self.bob)
        self.assertEqual((left.partner_phone, left.told_at), ("+49 30 123456", False))
        self.assertEqual(listed("no_email"), left)
        told = lots.search([("partner_id", "=", self.ann.id)])
        self.assertEqual(told.told_at, self.told().create_date)

    def test_list_of_what_expires(self):
        """A reader of the ledger finds the lots by member, in the order of expiry."""
        self.give_until(self.ann, 100, 20)
        self.give_until(self.bob, 100, 10)
        reader = new_test_user(
            self.env, "points_reader", groups="member_card.group_member_read_ledger"
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_lot_expiring_action"
        )
        domain = [
            *literal_eval(action["domain"]),
            ("partner_id", "in", (self.ann | self.bob).ids),
        ]
        lots = self.env["member.lot"].with_user(reader)
        found = lots.search(domain, order="expires_at")
        self.assertEqual(found.partner_id, self.bob | self.ann)
        groups = lots._read_group(domain, ["partner_id"], ["remaining:sum"])
        self.assertEqual(dict(groups), {self.ann: 100, self.bob: 100})
