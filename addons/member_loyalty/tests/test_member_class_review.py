from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models import member_class_review_run
from .common_class import ClassCase


@tagged("post_install", "-at_install")
class TestMemberClassReview(ClassCase):
    """A6: who would move, moving them, and the job that does it."""

    def preview(self, user=None):
        reviews = self.reviews.with_user(user or self.env.user)
        action = reviews.with_company(self.company).action_preview()
        self.env.invalidate_all()
        return self.reviews.browse(action["res_id"])

    def test_a_preview_changes_nothing(self):
        rule = self.rule(self.gold, 2000, demotes=True)
        self.bob.member_class_id = self.gold
        self.earn(self.ann, 2000)
        rows = len(self.history(self.ann))
        review = self.preview()
        self.assertEqual((review.up_count, review.down_count), (1, 1))
        self.assertEqual(review.state, "draft")
        up = review.line_ids.filtered("is_up")
        self.assertEqual(
            (up.partner_id, up.from_class_id, up.class_id, up.rule_id, up.figure),
            (self.ann, self.ordinary, self.gold, rule, 2000),
        )
        self.assertEqual((review.line_ids - up).partner_id, self.bob)
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.assertEqual(len(self.history(self.ann)), rows)

    def test_carrying_it_out(self):
        self.rule(self.gold, 2000, demotes=True)
        self.bob.member_class_id = self.gold
        self.earn(self.ann, 2000)
        review = self.preview()
        review.action_carry_out()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.gold)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        self.assertEqual((review.state, review.moved_count), ("done", 2))
        last = self.history(self.ann)[0]
        self.assertEqual((last.review_id, last.user_id), (review, self.env.user))
        self.assertTrue(
            self.env["member.operator.log"].search_count(
                [("action", "=", "class_review")]
            )
        )
        with self.assertRaisesRegex(UserError, "carried out already"):
            review.action_carry_out()

    def test_who_changed_meanwhile_stays(self):
        self.rule(self.gold, 2000)
        self.earn(self.ann, 2000)
        self.earn(self.bob, 2000)
        review = self.preview()
        self.ann.member_class_id = self.discount
        # sudo: what the wizard sets
        self.bob.sudo().member_class_locked_until = fields.Date.today()
        review.action_carry_out()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        self.assertEqual((review.moved_count, review.kept_count), (0, 2))

    def test_a_rule_deleted_meanwhile_moves_nobody(self):
        gone = self.rule(self.gold, 2000)
        self.rule(self.discount, 1000)
        self.earn(self.ann, 2000)
        self.earn(self.bob, 1000)
        review = self.preview()
        gone.unlink()
        before = self.history(self.ann)
        review.action_carry_out()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.assertEqual(self.history(self.ann), before)
        self.assertFalse(before[0].date_to)
        self.assertEqual(self.bob.member_class_id, self.discount)
        self.assertEqual((review.moved_count, review.kept_count), (1, 1))

    def test_the_last_rule_deleted_meanwhile(self):
        self.rule(self.gold, 2000)
        self.earn(self.ann, 2000)
        review = self.preview()
        self.rules.with_context(active_test=False).search([]).unlink()
        review.action_carry_out()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.assertEqual((review.state, review.moved_count), ("done", 0))

    def test_a_preview_of_yesterday(self):
        self.rule()
        review = self.preview()
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            with self.assertRaisesRegex(UserError, "new preview"):
                review.action_carry_out()
        with freeze_time(fields.Datetime.now() + timedelta(hours=49)):
            self.reviews._gc_previews()
        self.assertFalse(review.exists())

    def test_discarding(self):
        self.rule(self.gold, 10)
        self.earn(self.ann, 10)
        review, done = self.preview(), self.preview()
        done.action_carry_out()
        (review | done).action_discard()
        self.assertFalse(review.exists())
        self.assertTrue(done.exists())

    def test_without_rules(self):
        with self.assertRaisesRegex(UserError, "no class rule yet"):
            self.preview()

    def test_rights(self):
        """A1: whoever reads reports sees reviews; setting up takes its own right."""
        self.rule(self.gold, 10)
        self.earn(self.ann, 10)
        review = self.preview()
        reader = new_test_user(
            self.env,
            "review_reader",
            groups="member_card.group_member_reports",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        theirs = review.with_user(reader)
        self.assertEqual(theirs.up_count, 1)
        self.assertEqual(len(theirs.line_ids), 1)
        for act in (theirs.action_carry_out, theirs.action_discard):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.preview(user=reader)
        with self.assertRaises(AccessError):
            review.with_user(self.cashier).read(["up_count"])
        with self.assertRaises(AccessError):
            theirs.write({"state": "done"})
        with self.assertRaises(AccessError):
            self.rule().with_user(reader).threshold = 1
        other = self.env["res.company"].create({"name": "Other Theatre"})
        outsider = new_test_user(
            self.env,
            "outsider",
            groups="member_loyalty.group_member_points_setup",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            review.with_user(outsider).action_carry_out()

    # === IN THE BACKGROUND === #

    def run_job(self):
        self.env.flush_all()
        self.env.ref(member_class_review_run.CRON).method_direct_trigger()
        self.env.invalidate_all()

    def triggers(self):
        cron = self.env.ref(member_class_review_run.CRON)
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_many_members_in_the_background(self):
        """A6: nobody waits for a large review; it says how far it is, and ends."""
        self.rule(self.gold, 2000, demotes=True)
        self.bob.member_class_id = self.gold
        self.earn(self.ann, 2000)
        before = self.triggers()
        with patch.object(member_class_review_run, "MANY", 1):
            review = self.preview()
            self.assertEqual(self.preview(), review, "one at a time")
        self.assertEqual((review.state, review.up_count), ("planning", 0))
        self.assertEqual(self.triggers(), before + 1)
        with self.assertRaisesRegex(UserError, "carried out already"):
            review.action_carry_out()
        self.run_job()
        self.assertEqual(review.state, "draft")
        self.assertEqual((review.up_count, review.down_count), (1, 1))
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        with patch.object(member_class_review_run, "BATCH", 1):
            review.action_carry_out()
            self.assertEqual((review.state, review.progress), ("moving", 0))
            self.assertEqual(self.ann.member_class_id, self.ordinary)
            self.assertEqual(self.preview(), review)
            self.run_job()
        self.assertEqual((review.state, review.moved_count), ("done", 2))
        self.assertEqual(review.progress, 100)
        self.assertEqual(self.ann.member_class_id, self.gold)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        last = self.history(self.ann)[0]
        self.assertEqual((last.review_id, last.user_id), (review, self.env.user))
        log = self.env["member.operator.log"].search([("action", "=", "class_review")])
        self.assertEqual(
            (log.reference, log.detail, log.user_id),
            (str(review.id), "2", self.env.user),
        )
        with self.assertRaisesRegex(UserError, "carried out already"):
            review.action_carry_out()

    def test_goes_on_where_it_ended(self):
        """Each batch notes how far it came: the next one takes up from there."""
        self.rule(self.gold, 2000)
        self.earn(self.ann, 2000)
        self.earn(self.bob, 2000)
        with patch.object(member_class_review_run, "BATCH", 1):
            review = self.preview()
            review.action_carry_out()
            self.assertEqual(review._move_batch(), 1)
            self.env.invalidate_all()
            self.assertEqual((review.state, review.progress), ("moving", 50))
            self.assertEqual(review.moved_count, 1)
            self.run_job()
        self.assertEqual((review.state, review.moved_count), ("done", 2))
        self.assertEqual(len(self.history(self.ann)), len(self.history(self.bob)))

    def test_the_last_rule_deleted_while_it_is_carried_out(self):
        self.rule(self.gold, 2000)
        self.earn(self.ann, 2000)
        self.earn(self.bob, 2000)
        with patch.object(member_class_review_run, "BATCH", 1):
            review = self.preview()
            review.action_carry_out()
            review._move_batch()
            self.rules.with_context(active_test=False).search([]).unlink()
            self.run_job()
        self.assertEqual((review.state, review.progress), ("done", 100))
        self.assertEqual((review.moved_count, review.kept_count), (1, 1))

    def test_stopping(self):
        """Who has moved stays; the others are in the next preview."""
        self.rule(self.gold, 2000)
        self.earn(self.ann, 2000)
        self.earn(self.bob, 2000)
        with patch.object(member_class_review_run, "BATCH", 1):
            review = self.preview()
            review.action_carry_out()
            review._move_batch()
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                review.with_user(self.cashier).action_stop()
            review.action_stop()
            self.run_job()
        self.assertEqual(
            (review.state, review.moved_count, review.kept_count), ("done", 1, 1)
        )
        self.assertEqual(self.preview().up_count, 1)

    def test_discarding_before_it_is_worked_out(self):
        self.rule()
        with patch.object(member_class_review_run, "MANY", 1):
            review = self.preview()
        review.action_discard()
        self.run_job()
        self.assertFalse(review.exists())

    # === JOB === #

    def test_the_job_waits_for_its_day(self):
        self.rule(timing="review")
        self.earn(self.ann, 1000)
        today = self.company._member_today()
        self.company.member_class_review_period = "month"
        self.assertEqual(self.company.member_class_next_review.day, 1)
        self.company.member_class_next_review = today + timedelta(days=1)
        self.reviews._review_when_due(self.company)
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.company.member_class_next_review = today
        self.reviews._cron_review()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertGreater(self.company.member_class_next_review, today)
        self.assertEqual(self.reviews.search([], limit=1).state, "done")

    def test_the_job_raises_who_was_missed(self):
        self.rule()
        self.earn(self.ann, 1000)
        self.reviews._cron_review()
        self.env.invalidate_all()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertFalse(self.reviews.search_count([]))

    def test_the_next_day_of_review(self):
        company = self.company
        company.member_class_review_period = "quarter"
        company.member_class_next_review = date(2026, 1, 31)
        for day, following in (
            (date(2026, 1, 31), date(2026, 4, 30)),
            (date(2026, 9, 2), date(2026, 10, 31)),
        ):
            self.assertEqual(company._member_class_review_after(day), following)
        company.member_class_review_period = False
        self.assertFalse(company.member_class_next_review)
        self.assertFalse(company._member_class_review_after(date(2026, 1, 31)))
