from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.member_card import ledger

from .common_member_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsForm(PointsCase):
    """The member's form tells about points, and keeps them apart from money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.member("Ann")
        cls.top_up(cls.ann, 500)
        cls.top_up(cls.ann, 120, cls.points, kind="earn")
        cls.hold(cls.ann, 20, "form-1", cls.points)
        ledger.capture(cls.env, "form-1", kind="redeem")
        cls.post_commit()

    def seen_by(self, role):
        user = new_test_user(
            self.env,
            f"points_{role}",
            groups=f"member_card.group_member_{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        return self.ann.with_user(user)

    def test_figures(self):
        self.hold(self.ann, 30, "form-2", self.points)
        self.env.invalidate_all()
        ann = self.seen_by("supervisor")
        self.assertEqual((ann.member_points, ann.member_points_held), (70, 30))
        self.assertEqual(ann.member_point_lot_ids.mapped("remaining"), [100])
        self.assertEqual(ann.member_point_entry_ids.mapped("kind"), ["redeem", "earn"])

    def test_owed(self):
        """A claw-back of points that are spent already waits for the next ones."""
        earned = self.env["member.posting"].search(
            [("partner_id", "=", self.ann.id), ("kind", "=", "earn")]
        )
        ledger.reverse(
            self.env,
            earned,
            amount=120,
            request_key="form-3",
            kind="clawback",
            allow_owed=True,
        )
        self.post_commit()
        ann = self.seen_by("supervisor")
        self.assertEqual((ann.member_points, ann.member_points_owed), (0, 20))
        self.assertIn("Owes 20 Points", ann.member_warning)

    def test_money_and_points_are_never_added_up(self):
        ann = self.seen_by("supervisor")
        self.assertEqual(ann.member_available, 500)
        self.assertEqual(ann.member_money_ids.asset_id, self.principal)
        self.assertEqual(ann.member_lot_ids.asset_id, self.principal)
        self.assertEqual(ann.member_last_entry_ids.asset_id, self.principal)

    def test_timeline(self):
        lines = self.seen_by("supervisor").member_timeline_ids
        points = lines.filtered(lambda line: line.category == "points")
        self.assertEqual(sorted(points.mapped("points")), [-20, 120])
        self.assertEqual(points.mapped("amount"), [0, 0])
        self.assertEqual(set(points.mapped("event")), {"entry_earn", "entry_redeem"})
        named = dict(lines._fields["event"]._description_selection(self.env))
        self.assertEqual(named["entry_redeem"], "Redemption")
        # what this add-on writes into the operator log has words too
        self.assertEqual(named["log_points_award"], "Gave or took points")

    def test_the_form_opens_for_everybody_who_may(self):
        view = self.env.ref("member_card.member_view_form")
        for role in ("cashier", "supervisor", "accountant", "manager"):
            with self.subTest(role=role):
                form = Form(self.seen_by(role), view)
                self.assertEqual(form.member_points, 100)

    def test_settings_are_the_head_offices(self):
        """What is set here reaches the points that come in from now on."""
        with Form(self.env["res.config.settings"]) as form:
            form.member_point_value = 0.05
            form.member_points_expiry_policy = "year_end"
            form.member_points_expiry_years = 1
        form.record.execute()
        self.assertEqual(self.company.member_point_value, 0.05)
        self.assertEqual(
            (self.points.expiry_policy, self.points.expiry_years), ("year_end", 1)
        )
        last_day = self.points._last_day_before(self.points._expiry())
        today = self.company._member_today()
        self.assertEqual((last_day.year, last_day.month), (today.year + 1, 12))
