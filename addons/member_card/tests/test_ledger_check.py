"""The nightly check: what it finds, who is told, what becomes the reference."""

from pathlib import Path

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerCheck(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = cls.member()
        cls.top_up(cls.li, 100)

    def check(self):
        check = self.env["member.ledger.check"]._cron_check()
        if check.exported_to:
            self.addCleanup(Path(check.exported_to).unlink)
        return check

    def test_all_adds_up(self):
        check = self.check()
        self.assertEqual((check.state, check.problem_count), ("ok", 0))
        self.assertTrue(Path(check.exported_to).exists())
        self.assertGreaterEqual(check.entry_count, 1)

    @mute_logger("odoo.addons.member_card.models.member_ledger_check")
    def test_managers_are_told_and_nothing_is_exported(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "ledger-check-manager",
                "group_ids": [(4, self.env.ref("member_card.group_member_manager").id)],
            }
        )
        self.env.cr.execute(
            "UPDATE member_balance SET amount = amount + 1 WHERE id = %s",
            [self.balance(self.li).id],
        )
        check = self.check()
        self.assertEqual((check.state, check.problem_count), ("problems", 2))
        self.assertIn("lots", check.problem_text)
        self.assertFalse(check.exported_to)
        self.assertIn(manager, check.activity_ids.user_id)

    def test_job_recovers_and_expires(self):
        self.hold(self.li, 60, ttl=-1)
        self.env.ref("member_card.ledger_cron_recover").method_direct_trigger()
        self.assertFigures(self.li, 100)
