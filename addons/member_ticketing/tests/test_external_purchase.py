from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.member_loyalty.tests.common_pos_points import PosPointsCase


class ExternalCase(PosPointsCase):
    """A clerk who enters what members bought from another seller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "external_clerk",
            groups="member_ticketing.group_member_clerk",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.purchases = (
            cls.env["member.external.purchase"]
            .with_user(cls.clerk)
            .with_context(allowed_company_ids=cls.company.ids)
        )
        cls.seller = cls.env["member.external.seller"].create(
            {"name": "Damai", "company_id": cls.company.id}
        )

    def purchase(self, reference="D1", amount=200, record=True, **vals):
        purchase = self.purchases.create(
            {
                "partner_id": self.ann.id,
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "reference": reference,
                "performance": "Giselle",
                "seats": 2,
                "amount": amount,
                **vals,
            }
        )
        if record:
            purchase.action_record()
            self.post_commit()
        return purchase

    def external_rule(self, **vals):
        return self.rule("Elsewhere", earn_on="external", **vals)

    def cancel(self, purchase, reason="Returned"):
        action = purchase.action_cancel()
        wizard = purchase.env["member.external.cancel"].with_context(
            **action["context"]
        )
        wizard.create({"reason": reason}).action_confirm()
        self.post_commit()


@tagged("post_install", "-at_install")
class TestExternalPurchase(ExternalCase):
    """A9: purchases made elsewhere earn by rule, once; cancelling mirrors it."""

    def test_earns_by_its_own_rules_only(self):
        self.rule("Sales", rate_points=10)
        self.external_rule(rate_points=1, rate_amount=2)
        draft = self.purchase(record=False)
        self.assertEqual(draft.points, 100)
        self.assert_points(0)
        draft.action_record()
        self.post_commit()
        self.assert_points(100)
        self.assertEqual((draft.state, draft.points), ("done", 100))
        draft.action_record()
        self.post_commit()
        self.assert_points(100)
        log = self.env["member.operator.log"].search(
            [("action", "=", "external_purchase")]
        )
        self.assertEqual((log.partner_id, log.user_id), (self.ann, self.clerk))

    def test_a_sale_here_earns_nothing_by_them(self):
        self.external_rule()
        self.cash_sale([40])
        self.assert_points(0)

    def test_cancelling_takes_the_points_back(self):
        """Once; the number can be entered again afterwards."""
        self.external_rule()
        purchase = self.purchase()
        self.assert_points(200)
        self.cancel(purchase)
        self.assert_points(0)
        self.assertEqual((purchase.state, purchase.points), ("cancelled", 0))
        self.cancel(purchase)
        self.assert_points(0)
        with self.assertRaisesRegex(UserError, "Enter it again"):
            purchase.action_record()
        self.purchase()
        self.assert_points(200)

    def test_the_same_number_of_a_seller_counts_once(self):
        self.purchase("D1")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.purchase(" d1 ", record=False)
            self.env.flush_all()
        other = self.env["member.external.seller"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        self.assertTrue(self.purchase("D1", seller_id=other.id))

    def test_rules_by_seat_purchase_and_class(self):
        self.external_rule(mode="unit", rate_points=5)
        self.external_rule(mode="order", rate_points=7)
        self.external_rule(
            class_ids=self.env.ref("member_card.member_class_points").ids
        )
        self.purchase(seats=3)
        self.assert_points(22)

    def test_rules_say_what_they_are_about(self):
        rule = self.external_rule()
        self.assertIn("purchases made elsewhere", rule.summary)
        rule.mode = "unit"
        self.assertIn("each seat bought elsewhere", rule.summary)
        rule.mode = "order"
        self.assertIn("each purchase made elsewhere", rule.summary)
        rule.effect = "multiplier"
        self.assertIn("purchases made elsewhere", rule.summary)

    def test_the_day_of_the_purchase_counts(self):
        today = fields.Date.context_today(self.purchases)
        self.external_rule(date_from=today)
        self.purchase("D1", date=today - timedelta(days=1))
        self.assert_points(0)
        self.purchase("D2", date=today)
        self.assert_points(200)

    def test_a_recorded_purchase_stays(self):
        purchase = self.purchase()
        for vals in (
            {"amount": 1},
            {"partner_id": self.bob.id},
            {"date": "2020-01-01"},
        ):
            with self.assertRaisesRegex(UserError, "not changed"):
                purchase.write(vals)
        with self.assertRaises(UserError):
            purchase.unlink()
        purchase.note = "The ticket was shown"
        self.purchase("D2", record=False).unlink()

    def test_nobody_sets_the_state_by_hand(self):
        purchase = self.purchase(record=False)
        with self.assertRaises(UserError):
            purchase.state = "done"
        with self.assertRaises(UserError):
            self.purchase("D2", record=False, state="done")

    def test_refuses_what_cannot_be(self):
        today = fields.Date.context_today(self.purchases)
        plain = self.env["res.partner"].create({"name": "No member"})
        for vals in (
            {"date": today + timedelta(days=1)},
            {"partner_id": plain.id},
            {"reference": "  "},
            {"amount": 10**13},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.purchase(record=False, **vals)
        for vals in ({"seats": 0}, {"seats": 1001}, {"amount": -1}):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.purchase(record=False, **vals)
                self.env.flush_all()

    def test_today_is_the_companys_and_the_users(self):
        """25 hours apart: at any hour the two have different days."""
        ahead, behind = "Pacific/Kiritimati", "Pacific/Niue"
        latest = datetime.now(ZoneInfo(ahead)).date()
        for number, zones in enumerate(((ahead, behind), (behind, ahead))):
            self.company.partner_id.tz = zones[0]
            self.purchases = self.purchases.with_context(tz=zones[1])
            with self.subTest(zones=zones):
                purchase = self.purchase(f"A{number}", record=False, date=latest)
                self.assertEqual(purchase.date, latest)
                with self.assertRaisesRegex(ValidationError, "future"):
                    purchase.date = latest + timedelta(days=1)
                self.purchase(f"B{number}", record=False)

    def test_members_who_earn_nothing(self):
        """Frozen or of a class without points: recorded, and it says so before."""
        self.external_rule()
        self.ann.with_user(self.supervisor).action_member_freeze()
        draft = self.purchase(record=False)
        self.assertEqual(draft.points, 0)
        draft.action_record()
        self.post_commit()
        self.assert_points(0)
        self.cancel(draft)

    def test_form_says_the_points_first(self):
        self.external_rule()
        form = Form(self.purchases)
        form.partner_id = self.ann
        form.seller_id = self.seller
        form.reference = "D9"
        form.performance = "Giselle"
        form.amount = 50
        self.assertEqual(form.points, 50)
        form.save().action_record()

    def test_needs_the_right(self):
        purchase = self.purchase(record=False)
        reader = new_test_user(
            self.env,
            "external_reader",
            groups="member_card.group_member_reports",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        theirs = purchase.with_user(reader)
        self.assertEqual(theirs.reference, "D1")
        for act in (theirs.action_record, theirs.action_cancel):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.purchases.with_user(self.cashier).browse(purchase.id).read(["amount"])

    def test_not_the_own_purchase_where_the_company_says_so(self):
        self.company.member_refuse_own_card = True
        self.clerk.partner_id = self.ann
        with self.assertRaisesRegex(UserError, "your own"):
            self.purchase()
