from decimal import Decimal
from uuid import uuid4

from odoo.tests import tagged

from odoo.addons.member_card import errors, ledger

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerReverse(MemberCase):
    """Reversals name what they undo, and never exceed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = cls.member()
        cls.topped_up = cls.top_up(cls.li, 100)
        cls.paid = cls.spend(cls.li, 60)

    def back(self, amount, key=None, **kwargs):
        posting = ledger.reverse(
            self.env,
            kwargs.pop("posting", self.paid),
            amount=amount,
            request_key=key or str(uuid4()),
            **kwargs,
        )
        self.post_commit()
        return posting

    def test_reverse_names_its_entry(self):
        posting = self.back(25)
        self.assertEqual(posting.entry_ids.reverses_id, self.paid.entry_ids)
        self.assertFigures(self.li, 65)

    def test_reversals_never_exceed(self):
        self.back(35)
        with self.assertRaises(errors.ReversalTooLarge) as caught:
            self.back("25.01")
        self.assertEqual(caught.exception.remaining, Decimal(25))
        self.back(25)
        self.assertFigures(self.li, 100)

    def test_replayed_reversal_reverses_once(self):
        first = self.back(60, key="r")
        self.assertEqual(self.back(60, key="r"), first)
        self.assertFigures(self.li, 100)
        with self.assertRaises(errors.KeyReused):
            self.back(59, key="r")

    def test_reverse_goes_back_to_the_same_lots(self):
        wang = self.member("Wang Fang")
        self.top_up(wang, 10)
        self.top_up(wang, 20)
        paid = self.spend(wang, 25)
        first, second = self.balance(wang).lot_ids.sorted("id")
        self.assertEqual((first.remaining, second.remaining), (0, 5))
        self.back(18, posting=paid)
        self.env.invalidate_all()
        self.assertEqual((first.remaining, second.remaining), (3, 20))
        self.back(7, posting=paid)
        self.env.invalidate_all()
        self.assertEqual((first.remaining, second.remaining), (10, 20))
        self.assertFigures(wang, 30)

    def test_reversing_a_credit_needs_a_hold(self):
        with self.assertRaises(errors.InvalidAmount):
            self.back(40, posting=self.topped_up)
        held = self.hold(self.li, 40, key="undo")
        self.back(40, posting=self.topped_up, kind="cashout", hold_key=held.key)
        self.assertFigures(self.li, 0)

    def test_reversing_a_credit_takes_its_own_lot_first(self):
        wang = self.member("Wang Fang")
        self.top_up(wang, 10)
        second_topup = self.top_up(wang, 20)
        held = self.hold(wang, 15)
        self.back(15, posting=second_topup, kind="cashout", hold_key=held.key)
        first, second = self.balance(wang).lot_ids.sorted("id")
        self.assertEqual((first.remaining, second.remaining), (10, 5))

    def test_bounced_topup_takes_what_is_free(self):
        self.back(100, posting=self.topped_up, kind="clawback", allow_owed=True)
        self.assertFigures(self.li, 0, owed=60)
