from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.member_card import ledger

from ..models import member_loyalty_import, member_loyalty_import_run
from .common_class import ClassCase


@tagged("post_install", "-at_install")
class TestLoyaltyImport(ClassCase):
    """B3: points of Odoo's loyalty cards become points of members, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["loyalty.program"]
        programs.search([]).active = False
        cls.program = programs.create(
            {
                "name": "Old points",
                "program_type": "loyalty",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
            }
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})
        cls.ann_card = cls.old_card(cls.ann, 120.4)
        cls.setter = new_test_user(
            cls.env,
            "points_setter",
            groups="member_loyalty.group_member_points_setup,"
            "member_card.group_member_register,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.imports = cls.env["member.loyalty.import"].with_user(cls.setter)

    @classmethod
    def old_card(cls, partner, points):
        return cls.env["loyalty.card"].create(
            {
                "program_id": cls.program.id,
                "partner_id": partner and partner.id,
                "points": points,
            }
        )

    def start(self, **vals):
        job = self.imports.create(vals)
        job.action_check()
        return job

    def run_import(self, job):
        job.action_import()
        self.post_commit()

    def run_job(self):
        self.env.flush_all()
        self.env.ref(member_loyalty_import_run.CRON).method_direct_trigger()
        self.env.invalidate_all()
        # what follows a commit is dropped here; the job of the ledger does it, too
        ledger.recover(self.env)

    def reasons(self, job):
        return {line.card_id.id: line.reason for line in job.line_ids}

    def test_points_move_once(self):
        job = self.start()
        self.assertEqual(job.program_ids, self.program)
        self.assertEqual((job.ready_count, job.ready_points), (1, 120))
        self.assertEqual(self.ann_card.points, 120.4)
        self.run_import(job)
        self.assertEqual(self.available(self.ann, self.points), 120)
        self.assertEqual(self.ann_card.points, 0)
        posting = self.ann_card.member_posting_id
        self.assertEqual(
            (posting.kind, posting.request_key, posting.state),
            ("opening", f"loyalty.card:{self.ann_card.id}", "applied"),
        )
        self.assertEqual(self.ann_card.history_ids[:1].used, 120.4)
        self.assertEqual(job.state, "done")
        self.assertEqual((job.done_count, job.done_points), (1, 120))
        self.assertEqual((job.points_before, job.points_after), (0, 120))
        self.assertFalse(self.program.active)
        self.assertTrue(
            self.env["member.operator.log"].search_count(
                [("action", "=", "loyalty_import"), ("user_id", "=", self.setter.id)]
            )
        )

    def test_again_imports_nothing(self):
        self.run_import(self.start(archives=False))
        job = self.start()
        self.assertFalse(job.line_ids)
        self.ann_card.points = 50  # the old program went on earning
        job = self.start()
        self.assertEqual(self.reasons(job), {self.ann_card.id: "before"})
        self.run_import(job)
        self.assertEqual(job.state, "checked")
        self.assertTrue(self.program.active)
        self.assertEqual(self.available(self.ann, self.points), 120)
        self.assertEqual(self.ann_card.points, 50)

    def test_every_card_that_stays_says_why(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        expected = {
            self.ann_card.id: False,
            self.old_card(self.stranger, 10).id: "no_member",
            self.old_card(None, 10).id: "no_customer",
            self.old_card(self.bob, 0.4).id: "too_few",
            self.old_card(self.bob, -5).id: "too_few",
            self.old_card(self.bob, 1e11).id: "too_many",
            self.old_card(theirs, 5).id: "other_company",
        }
        cid = self.make_member("Cid")
        cid.action_member_cancel()
        expected[self.old_card(cid, 10).id] = "cancelled"
        job = self.start()
        self.assertEqual(self.reasons(job), expected)
        self.run_import(job)
        self.assertEqual((job.done_count, job.skipped_count), (1, 7))
        self.assertEqual(job.skipped_points, 1e11 + 30.4)

    def test_customers_become_members(self):
        card = self.old_card(self.stranger, 10)
        job = self.start(registers=True, class_id=self.discount.id)
        self.assertFalse(self.reasons(job)[card.id])
        self.run_import(job)
        self.assertTrue(self.stranger.is_member)
        self.assertEqual(self.stranger.member_class_id, self.discount)
        self.assertEqual(self.available(self.stranger, self.points), 10)

    def test_two_cards_of_one_member(self):
        self.old_card(self.ann, 30)
        self.run_import(self.start())
        self.assertEqual(self.available(self.ann, self.points), 150)

    def test_a_card_that_was_used_since_the_check(self):
        job = self.start()
        self.ann_card.points = 20
        self.run_import(job)
        self.assertEqual(self.available(self.ann, self.points), 20)

    def test_points_that_no_float_shows_exactly(self):
        """Core adds floats: such a card is not listed anew with each batch."""
        self.ann_card.points = 120.1 + 0.3
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(self.ann_card.points, 120.4)
        self.old_card(self.bob, 30)
        job = self.start()
        listed = job.line_ids
        with patch.object(member_loyalty_import, "BATCH", 1):
            job._import_next()
        self.post_commit()
        self.assertEqual(job.line_ids, listed)
        self.assertEqual(listed.mapped("state"), ["done", "ready"])
        self.assertEqual(self.available(self.ann, self.points), 120)

    def test_many_cards_follow_by_themselves(self):
        """B3: one tap imports all cards; the rest goes on in the background."""
        bob_card = self.old_card(self.bob, 30)
        with patch.object(member_loyalty_import, "BATCH", 1):
            job = self.start()
            self.run_import(job)
            self.assertEqual((job.state, job.progress), ("running", 50))
            self.assertTrue(self.program.active)
            for act in (job.action_import, job.action_check):
                with self.assertRaisesRegex(UserError, "being imported"):
                    act()
            bob_card.points = 20
            self.run_job()
        self.assertEqual((job.state, job.progress), ("done", 100))
        self.assertEqual(self.available(self.ann, self.points), 120)
        self.assertEqual(self.available(self.bob, self.points), 20)
        self.assertFalse(self.program.active)
        self.assertEqual(
            self.env["member.operator.log"]
            .search([("action", "=", "loyalty_import")])
            .detail,
            "2",
        )
        self.run_job()
        self.assertEqual(self.available(self.bob, self.points), 20)

    def test_stopping_and_going_on(self):
        self.old_card(self.bob, 30)
        with patch.object(member_loyalty_import, "BATCH", 1):
            job = self.start()
            self.run_import(job)
            with self.assertRaises(AccessError):
                job.with_user(self.cashier).action_stop()
            job.action_stop()
            self.run_job()
            self.assertEqual((job.state, job.done_count), ("checked", 1))
            self.run_import(job)
        self.assertEqual((job.state, job.done_count), ("done", 2))
        self.assertEqual(self.available(self.bob, self.points), 30)

    def test_new_members_need_a_class(self):
        job = self.imports.create({"registers": True, "class_id": False})
        with self.assertRaisesRegex(UserError, "class of the new members"):
            job.action_check()
        job = self.imports.create({"program_ids": False})
        with self.assertRaisesRegex(UserError, "loyalty programs"):
            job.action_check()

    def test_rights(self):
        job = self.start()
        with self.assertRaises(AccessError):
            job.with_user(self.cashier).action_import()
        with self.assertRaises(AccessError):
            self.imports.with_user(self.cashier).create({})
        with self.assertRaises(AccessError):
            job.line_ids.write({"state": "done"})
