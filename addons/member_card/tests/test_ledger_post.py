from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import errors, ledger

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerPost(MemberCase):
    """Credits, claw-backs and the key that makes them happen once."""

    def test_credit_is_applied_after_commit_only(self):
        member = self.member()
        intent = ledger.Intent(
            partner_id=member.id,
            asset_id=self.principal.id,
            amount=500,
            kind="topup",
            request_key="credit",
        )
        posting = ledger.post(self.env, [intent])
        self.assertEqual(posting.state, "pending")
        self.assertEqual(
            ledger.available(self.env, member.id, self.principal.id), Decimal(0)
        )
        self.post_commit()
        self.assertEqual(posting.state, "applied")
        self.assertFigures(member, 500)

    def test_same_key_same_content_moves_once(self):
        member = self.member()
        first = self.top_up(member, 500, request_key="k")
        again = self.top_up(member, 500, request_key="k")
        self.assertEqual(first, again)
        self.assertFigures(member, 500)

    def test_same_key_other_content_is_refused(self):
        member = self.member()
        self.top_up(member, 500, request_key="k")
        with self.assertRaises(errors.KeyReused):
            self.top_up(member, 501, request_key="k")
        with self.assertRaises(errors.KeyReused):
            self.top_up(self.member("Wang Fang"), 500, request_key="k")

    def test_amounts_that_are_no_amounts(self):
        member = self.member()
        for amount in (0, "0.00", "abc", "NaN", "Infinity", "0.001", 10**11):
            with self.subTest(amount=amount), self.assertRaises(errors.InvalidAmount):
                self.top_up(member, amount)
        with self.assertRaises(errors.InvalidAmount):
            self.top_up(member, -5)

    def test_float_is_rounded_to_the_unit(self):
        member = self.member()
        self.top_up(member, 0.1 + 0.2)
        self.assertFigures(member, 0.3)

    def test_archived_asset_is_refused(self):
        member = self.member()
        asset = self.principal.copy({"code": "old", "active": False})
        with self.assertRaises(errors.UnknownAsset):
            self.top_up(member, 5, asset=asset)

    def test_clawback_takes_what_is_free_and_owes_the_rest(self):
        member = self.member()
        self.top_up(member, 100)
        self.hold(member, 30)
        self.top_up(member, -90, kind="clawback", allow_owed=True)
        self.assertFigures(member, 30, held=30, owed=20)
        self.top_up(member, 50)
        self.assertFigures(member, 60, held=30)
        kinds = self.balance(member).entry_ids.sorted("seq").mapped("kind")
        self.assertEqual(kinds, ["topup", "clawback", "topup", "settle"])

    def test_clawback_of_an_empty_balance_is_all_owed(self):
        member = self.member()
        self.top_up(member, -7, kind="clawback", allow_owed=True)
        self.assertFigures(member, 0, owed=7)

    def test_recover_applies_what_a_crash_left_behind(self):
        member = self.member()
        intent = ledger.Intent(
            partner_id=member.id,
            asset_id=self.principal.id,
            amount=500,
            kind="topup",
            request_key="crash",
        )
        ledger.post(self.env, [intent])
        self.env.cr.postcommit.clear()
        self.assertEqual(ledger.recover(self.env), 1)
        self.assertEqual(ledger.recover(self.env), 0)
        self.assertFigures(member, 500)

    @mute_logger("odoo.addons.member_card.ledger.apply")
    def test_posting_that_contradicts_its_hold_blocks_nothing_else(self):
        member = self.member()
        self.top_up(member, 100)
        self.hold(member, 60, key="k")
        bad = ledger.capture(self.env, "k")
        self.env.cr.execute("UPDATE member_hold SET state = 'released' WHERE key = 'k'")
        intent = ledger.Intent(
            partner_id=member.id,
            asset_id=self.principal.id,
            amount=5,
            kind="topup",
            request_key="good",
        )
        good = ledger.post(self.env, [intent])
        self.post_commit()
        self.assertEqual((bad.state, good.state), ("failed", "applied"))
        self.assertIn("hold is released", bad.error)
        self.assertEqual(ledger.recover(self.env), 0)

    def test_hold_first_applies_the_members_pending_credits(self):
        member = self.member()
        intent = ledger.Intent(
            partner_id=member.id,
            asset_id=self.principal.id,
            amount=50,
            kind="topup",
            request_key="crash",
        )
        ledger.post(self.env, [intent])
        self.env.cr.postcommit.clear()
        self.hold(member, 50)
        self.assertFigures(member, 50, held=50)

    def test_what_waits_is_applied_together_each_after_what_it_builds_on(self):
        """One run, four balances: lots, debts and reversals follow one another."""
        member, friend = self.member(), self.member("Friend")
        self.top_up(member, 100)
        self.top_up(member, 40, asset=self.bonus)
        self.hold(member, 30, key="paid")
        ledger.capture(self.env, "paid")

        def intent(partner, amount, kind, asset=None, **values):
            return ledger.Intent(
                partner_id=partner.id,
                asset_id=(asset or self.principal).id,
                amount=amount,
                kind=kind,
                request_key=f"together:{kind}:{amount}",
                **values,
            )

        credit, *_others = ledger.post(
            self.env,
            [
                intent(member, 20, "topup"),
                intent(member, -95, "clawback", allow_owed=True),
                intent(member, -50, "clawback", self.bonus, allow_owed=True),
                intent(member, 15, "bonus", self.bonus),
                intent(friend, 7, "topup"),
                intent(friend, 8, "topup"),
            ],
        )
        back = ledger.reverse(
            self.env, credit, amount=5, request_key="back", allow_owed=True
        )
        ledger.reverse(self.env, back, amount=2, request_key="again", kind="topup")
        self.env.cr.postcommit.clear()
        self.assertEqual(ledger.recover(self.env), 9)
        self.env.invalidate_all()
        # 100 - 30 + 20 - 90 free of 95; the 5 owed and 5 back, of which 2 come again
        self.assertFigures(member, 0, owed=8)
        self.assertFigures(member, 5, asset=self.bonus)
        self.assertFigures(friend, 15)
        entries = self.balance(member).entry_ids.sorted("seq")
        self.assertEqual(
            [(each.kind, each.amount, each.owed_change) for each in entries],
            [
                ("topup", 100, 0),
                ("spend", -30, 0),
                ("topup", 20, 0),
                ("clawback", -90, 5),
                ("refund", 0, 5),
                ("topup", 2, 0),
                ("settle", -2, -2),
            ],
        )
        self.assertEqual(
            self.balance(friend).lot_ids.sorted("id").mapped("remaining"), [7, 8]
        )
