from datetime import datetime, timedelta
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.member_card import errors, ledger

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerLots(MemberCase):
    """Value that expires: soonest first, never under a hold, alive again by refund."""

    def setUp(self):
        super().setUp()
        self.li = self.member()
        self.now = datetime.now().replace(microsecond=0)

    def grant(self, amount, days):
        return self.top_up(
            self.li,
            amount,
            asset=self.bonus,
            kind="bonus",
            expires_at=self.now + timedelta(days=days),
        )

    def pass_days(self, days):
        """Let the lots age, as the calendar would."""
        self.env.cr.execute(
            """UPDATE member_lot SET expires_at = expires_at - %(d)s * interval '1 day'
                WHERE balance_id = %(b)s""",
            {"d": days, "b": self.balance(self.li, self.bonus).id},
        )
        self.env.cr.execute(
            """UPDATE member_balance SET next_expiry_at = next_expiry_at
                      - %(d)s * interval '1 day' WHERE id = %(b)s""",
            {"d": days, "b": self.balance(self.li, self.bonus).id},
        )
        self.env.cr.execute(
            """UPDATE member_hold SET placed_at = placed_at - %(d)s * interval '1 day'
                WHERE balance_id = %(b)s""",
            {"d": days, "b": self.balance(self.li, self.bonus).id},
        )
        self.env.invalidate_all()

    def remaining(self):
        self.env.invalidate_all()
        lots = self.balance(self.li, self.bonus).lot_ids
        return lots.sorted("id").mapped("remaining")

    def test_soonest_expiry_is_spent_first(self):
        self.grant(10, days=30)
        self.grant(20, days=10)
        self.spend(self.li, 25, asset=self.bonus)
        self.assertEqual(self.remaining(), [5, 0])

    def test_due_lots_expire(self):
        self.grant(10, days=30)
        self.grant(20, days=10)
        self.pass_days(11)
        self.assertEqual(ledger.expire(self.env), 1)
        self.assertEqual(ledger.expire(self.env), 0)
        self.assertEqual(self.remaining(), [10, 0])
        self.assertFigures(self.li, 10, asset=self.bonus)

    def test_hold_never_uses_a_due_lot(self):
        self.grant(10, days=30)
        self.grant(20, days=10)
        self.pass_days(11)
        with self.assertRaises(errors.Insufficient) as caught:
            self.hold(self.li, 11, asset=self.bonus)
        self.assertEqual(caught.exception.available, Decimal(10))
        self.hold(self.li, 10, asset=self.bonus)

    def test_expiry_never_takes_a_held_lot(self):
        self.grant(10, days=30)
        self.grant(20, days=10)
        held = self.hold(self.li, 15, asset=self.bonus)
        self.pass_days(11)
        ledger.expire(self.env)
        self.assertEqual(self.remaining(), [10, 15])
        ledger.capture(self.env, held.key)
        self.post_commit()
        self.assertEqual(self.remaining(), [10, 0])

    def test_what_a_released_hold_kept_alive_expires(self):
        self.grant(10, days=30)
        self.grant(20, days=10)
        held = self.hold(self.li, 15, asset=self.bonus)
        self.pass_days(11)
        ledger.expire(self.env)
        later = self.hold(self.li, 10, asset=self.bonus)
        ledger.release(self.env, [held.key])
        self.assertEqual(ledger.expire(self.env), 1)
        self.assertFigures(self.li, 10, held=10, asset=self.bonus)
        ledger.release(self.env, [later.key])

    def test_refund_to_an_expired_lot_lives_again_for_30_days(self):
        self.grant(20, days=10)
        paid = self.spend(self.li, 20, asset=self.bonus)
        self.pass_days(11)
        ledger.reverse(self.env, paid, amount=8, request_key="back")
        self.post_commit()
        self.assertFigures(self.li, 8, asset=self.bonus)
        lot = self.balance(self.li, self.bonus).lot_ids
        # the ledger's clock is the transaction's, which began with the test class
        began = self.env.cr.now().replace(microsecond=0)
        self.assertEqual(lot.expires_at, began + timedelta(days=30))

    def test_asset_rule_gives_the_expiry(self):
        self.bonus.expiry_months = 6
        self.top_up(self.li, 5, asset=self.bonus, kind="bonus")
        lot = self.balance(self.li, self.bonus).lot_ids
        self.assertGreater(lot.expires_at, self.now + timedelta(days=180))
