from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_member_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointAward(PointsCase):
    """Points by hand: a right, a reason, and never more taken than there is (B3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.member("Ann")
        cls.bob = cls.member("Bob")
        cls.supervisor = new_test_user(
            cls.env, "points_supervisor", groups="member_card.group_member_supervisor"
        )
        cls.cashier = new_test_user(
            cls.env, "points_cashier", groups="member_card.group_member_cashier"
        )

    def award(self, members, points, *, user=None, confirm=True, **vals):
        wizard = (
            self.env["member.point.award"]
            .with_user(user or self.supervisor)
            .create(
                {
                    "partner_ids": members.ids,
                    "points": points,
                    "reason": "Forgot the card",
                    **vals,
                }
            )
        )
        if confirm:
            wizard.action_confirm()
            self.post_commit()
        return wizard

    def test_give(self):
        wizard = self.award(self.ann, 120)
        self.assertFigures(self.ann, 120, asset=self.points)
        entry = self.env["member.entry"].search(
            [("balance_id", "=", self.balance(self.ann, self.points).id)]
        )
        self.assertEqual(
            (entry.kind, entry.note, entry.operator_id),
            ("award", "Forgot the card", self.supervisor),
        )
        log = self.env["member.operator.log"].search([], limit=1)
        self.assertEqual(
            (log.action, log.partner_id, log.user_id),
            ("points_award", self.ann, self.supervisor),
        )
        self.assertIn("120", log.detail)
        self.assertIn("Forgot the card", log.detail)
        wizard.action_confirm()
        self.post_commit()
        self.assertFigures(self.ann, 120, asset=self.points)
        again = self.env["member.operator.log"].search([], limit=1)
        self.assertEqual(again, log, "what was done before is not logged again")

    def test_give_to_many(self):
        self.award(self.ann | self.bob, 50)
        self.assertFigures(self.ann, 50, asset=self.points)
        self.assertFigures(self.bob, 50, asset=self.points)

    def test_take(self):
        self.award(self.ann, 100)
        self.award(self.ann, 30, operation="take")
        self.assertFigures(self.ann, 70, asset=self.points)

    def test_take_takes_from_all_or_from_none(self):
        self.award(self.ann, 100)
        with self.assertRaises(UserError):
            self.award(self.ann | self.bob, 30, operation="take")
        self.assertFigures(self.ann, 100, asset=self.points)

    def test_take_never_takes_what_is_held(self):
        self.award(self.ann, 100)
        self.hold(self.ann, 80, asset=self.points)
        with self.assertRaises(UserError):
            self.award(self.ann, 30, operation="take")
        self.assertFigures(self.ann, 100, held=80, asset=self.points)

    def test_takes_the_right(self):
        with self.assertRaises(AccessError):
            self.award(self.ann, 10, user=self.cashier)
        wizard = self.award(self.ann, 10, confirm=False)
        with self.assertRaises(AccessError):
            wizard.with_user(self.cashier).action_confirm()

    def test_bad_input_is_refused(self):
        ended = self.member("Ended")
        ended.action_member_cancel()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for members, points, vals in (
            (self.ann, 0, {}),
            (self.ann, -5, {}),
            (self.ann, 0.5, {}),
            (self.ann, 1e12, {}),
            (self.ann, 10, {"reason": "  "}),
            (self.ann, 10, {"expiry_date": "2020-01-01"}),
            (ended, 10, {}),
            (stranger, 10, {}),
            (self.ann.browse(), 10, {}),
        ):
            with self.subTest(points=points, **vals), self.assertRaises(UserError):
                self.award(members, points, **vals)
        self.assertEqual(self.points_of(self.ann), 0)

    def test_class_without_points(self):
        """Losing the ability stops new points, never a correction that takes."""
        self.award(self.ann, 100)
        self.ann.member_class_id.can_earn_points = False
        with self.assertRaises(UserError):
            self.award(self.ann, 10)
        self.award(self.ann, 40, operation="take")
        self.assertFigures(self.ann, 60, asset=self.points)

    def test_own_membership(self):
        self.supervisor.partner_id.with_user(self.env.user)._member_register(
            {"member_class_id": self.ann.member_class_id.id}
        )
        self.award(self.supervisor.partner_id, 10)
        log = self.env["member.operator.log"].search([], limit=1)
        self.assertEqual(log.action, "own_card")
        self.company.member_refuse_own_card = True
        with self.assertRaises(UserError):
            self.award(self.supervisor.partner_id, 10)

    def test_expiry(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.award(self.ann, 10, expiry_date=date(2030, 5, 31))
        self.assertEqual(self.lots(self.ann).expires_at, datetime(2030, 5, 31, 16))

    def test_says_what_will_happen(self):
        self.award(self.ann, 100)
        with Form(
            self.env["member.point.award"]
            .with_user(self.supervisor)
            .with_context(default_partner_ids=[self.ann.id])
        ) as form:
            form.points = 30
            form.reason = "Counted twice"
            self.assertEqual((form.balance_before, form.balance_after), (100, 130))
            form.operation = "take"
            self.assertEqual((form.balance_before, form.balance_after), (100, 70))
            self.assertFalse(form.short_names)
            form.points = 130
            self.assertEqual(form.short_names, "Ann")
            form.partner_ids.add(self.bob)
            self.assertEqual((form.member_count, form.total_points), (2, -260))

    def test_from_the_list(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        chosen = self.ann | stranger | self.bob
        defaults = (
            self.env["member.point.award"]
            .with_context(active_model="res.partner", active_ids=chosen.ids)
            .default_get(["partner_ids"])
        )
        wizard = self.env["member.point.award"].new(defaults)
        self.assertEqual(wizard.partner_ids._origin, self.ann | self.bob)
