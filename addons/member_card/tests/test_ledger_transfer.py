from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.member_card import errors, ledger

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerTransfer(MemberCase):
    """Between members, and when two contacts turn out to be one."""

    def test_transfer_moves_value_with_its_expiry(self):
        li, wang = self.member(), self.member("Wang Fang")
        expiry = datetime.now().replace(microsecond=0) + timedelta(days=9)
        self.top_up(li, 50, asset=self.bonus, kind="bonus", expires_at=expiry)
        for _replay in range(2):
            ledger.transfer(self.env, li.id, wang.id, self.bonus.id, 20, "gift")
            self.post_commit()
        self.assertFigures(li, 30, asset=self.bonus)
        self.assertFigures(wang, 20, asset=self.bonus)
        self.assertEqual(self.balance(wang, self.bonus).lot_ids.expires_at, expiry)
        with self.assertRaises(errors.Insufficient):
            ledger.transfer(self.env, li.id, wang.id, self.bonus.id, 31, "more")

    def test_merge_moves_value_debt_and_later_refunds(self):
        li, wang = self.member(), self.member("Wang Fang")
        self.top_up(li, 100)
        paid = self.spend(li, 60)
        self.top_up(wang, -7, kind="clawback", allow_owed=True)
        old = self.balance(li)
        ledger.merge(self.env, li.ids, wang.id)
        self.post_commit()
        self.assertEqual((old.amount, old.merged_into_id), (0, self.balance(wang)))
        self.assertFigures(wang, 33)
        # the merge of contacts repoints what is left of the old one
        self.env.cr.execute(
            "UPDATE member_posting SET partner_id = %s WHERE partner_id = %s",
            [wang.id, li.id],
        )
        ledger.reverse(self.env, paid, amount=10, request_key="back")
        self.post_commit()
        self.assertFigures(wang, 43)

    def test_merge_waits_for_payments_in_progress(self):
        li, wang = self.member(), self.member("Wang Fang")
        self.top_up(li, 100)
        held = self.hold(li, 10)
        with self.assertRaises(errors.MergeRefused), self.env.cr.savepoint():
            ledger.merge(self.env, li.ids, wang.id)
        ledger.release(self.env, [held.key])
        ledger.merge(self.env, li.ids, wang.id)
        self.post_commit()
        self.assertFigures(wang, 100)
