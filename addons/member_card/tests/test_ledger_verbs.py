"""The rules of the ledger's verbs: each accepted, refused, retried, reversed."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

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


@tagged("post_install", "-at_install")
class TestLedgerHold(MemberCase):
    """Holds: placed, claimed at most once, given back, expired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = cls.member()
        cls.top_up(cls.li, 100)

    def test_hold_capture(self):
        held = self.hold(self.li, "88.40", key="pay")
        self.assertEqual(held.available, Decimal("11.60"))
        self.assertFigures(self.li, 100, held=88.4)
        ledger.capture(self.env, "pay")
        self.post_commit()
        self.assertFigures(self.li, 11.6)

    def test_hold_more_than_available(self):
        self.hold(self.li, 60)
        with self.assertRaises(errors.Insufficient) as caught:
            self.hold(self.li, 41)
        self.assertEqual(caught.exception.available, Decimal(40))
        self.assertFigures(self.li, 100, held=60)

    def test_hold_without_a_balance(self):
        with self.assertRaises(errors.Insufficient) as caught:
            self.hold(self.member("New"), 1)
        self.assertEqual(caught.exception.available, 0)

    def test_hold_of_several_pockets_is_all_or_none(self):
        self.top_up(self.li, 10, asset=self.bonus, kind="bonus")
        lines = [
            (self.li.id, self.bonus.id, 10, "b"),
            (self.li.id, self.principal.id, 101, "p"),
        ]
        with self.assertRaises(errors.Insufficient):
            ledger.hold(self.env, lines, "both")
        self.assertFigures(self.li, 100)
        self.assertFigures(self.li, 10, asset=self.bonus)

    def hold_from(self, amount, key="k"):
        pockets = {self.bonus.id: f"{key}/b", self.principal.id: f"{key}/p"}
        return ledger.hold_from(self.env, self.li.id, pockets, amount, key)

    def test_hold_from_pockets_follows_their_order(self):
        self.top_up(self.li, 10, asset=self.bonus, kind="bonus")
        held = self.hold_from(30)
        self.assertEqual(
            {line.asset_id: line.amount for line in held.lines},
            {self.bonus.id: Decimal(10), self.principal.id: Decimal(20)},
        )
        self.assertEqual(held.available, Decimal(80))
        self.assertFigures(self.li, 100, held=20)

    def test_hold_from_pockets_is_all_or_none(self):
        self.top_up(self.li, 10, asset=self.bonus, kind="bonus")
        with self.assertRaises(errors.Insufficient) as caught:
            self.hold_from("110.01")
        self.assertEqual(caught.exception.available, Decimal(110))
        self.assertFigures(self.li, 100)

    def test_replayed_hold_from_pockets_divides_as_before(self):
        self.top_up(self.li, 10, asset=self.bonus, kind="bonus")
        first = self.hold_from(30)
        self.top_up(self.li, 50, asset=self.bonus, kind="bonus")
        again = self.hold_from(30)
        self.assertEqual(
            [(line.key, line.amount) for line in again.lines],
            [(line.key, line.amount) for line in first.lines],
        )
        self.assertEqual(again.available, Decimal(130))
        with self.assertRaises(errors.KeyReused):
            self.hold_from(31)
        other = self.member("Wang")
        with self.assertRaises(errors.KeyReused):
            ledger.hold_from(self.env, other.id, {self.principal.id: "z"}, 30, "k")

    def test_replayed_hold_holds_once(self):
        first = self.hold(self.li, 60, key="k")
        again = self.hold(self.li, 60, key="k")
        self.assertEqual(first, again)
        self.assertFigures(self.li, 100, held=60)
        with self.assertRaises(errors.KeyReused):
            self.hold(self.li, 61, key="k")

    def test_what_is_refused_within_a_hold_undoes_it(self):
        def refuse(cr):
            cr.execute("SELECT held FROM member_balance WHERE id = %s", [balance.id])
            self.assertEqual(cr.fetchone(), (60,))
            raise errors.Busy("not now")

        balance = self.balance(self.li)
        with self.assertRaises(errors.Busy):
            self.hold(self.li, 60, key="k", within=refuse)
        self.assertFigures(self.li, 100)
        self.assertFalse(self.env["member.hold"].search([("key", "=", "k")]))

    def test_what_stands_within_a_hold_is_done_once(self):
        calls = []
        self.hold(self.li, 60, key="k", within=calls.append)
        self.hold(self.li, 60, key="k", within=calls.append)
        self.assertEqual(len(calls), 1)

    def test_replayed_hold_after_its_capture(self):
        self.hold(self.li, 60, key="k")
        ledger.capture(self.env, "k")
        self.post_commit()
        self.hold(self.li, 60, key="k")
        self.assertFigures(self.li, 40)

    def test_capture_less_frees_the_rest(self):
        self.hold(self.li, 60, key="k")
        ledger.capture(self.env, "k", amount="59.99")
        self.post_commit()
        self.assertFigures(self.li, 40.01)

    def test_capture_more_is_refused(self):
        self.hold(self.li, 60, key="k")
        with self.assertRaises(errors.InvalidAmount):
            ledger.capture(self.env, "k", amount="60.01")

    def test_capture_without_a_hold(self):
        with self.assertRaises(errors.HoldMissing):
            ledger.capture(self.env, "never held")

    def test_capture_twice_for_one_document_takes_once(self):
        self.hold(self.li, 60, key="k")
        order = ledger.Context(res_model="pos.order", res_id=1)
        first = ledger.capture(self.env, "k", context=order)
        self.assertEqual(ledger.capture(self.env, "k", context=order), first)
        self.post_commit()
        self.assertFigures(self.li, 40)

    def test_capture_by_a_second_document(self):
        self.hold(self.li, 60, key="k")
        ledger.capture(
            self.env, "k", context=ledger.Context(res_model="pos.order", res_id=1)
        )
        with self.assertRaises(errors.KeyReused):
            ledger.capture(
                self.env, "k", context=ledger.Context(res_model="pos.order", res_id=2)
            )

    def test_release_frees_and_ends_the_hold(self):
        self.hold(self.li, 60, key="k")
        self.assertEqual(ledger.release(self.env, ["k"]), ["k"])
        self.assertEqual(ledger.release(self.env, ["k"]), [])
        self.assertFigures(self.li, 100)
        with self.assertRaises(errors.HoldReleased):
            ledger.capture(self.env, "k")
        with self.assertRaises(errors.HoldReleased):
            self.hold(self.li, 60, key="k")

    def test_release_loses_against_a_document(self):
        self.hold(self.li, 60, key="k")
        ledger.capture(self.env, "k")
        self.assertEqual(ledger.release(self.env, ["k"]), [])
        self.post_commit()
        self.assertFigures(self.li, 40)

    def test_expired_hold(self):
        self.hold(self.li, 60, key="k", ttl=-1)
        self.assertEqual(ledger.expire(self.env), 1)
        self.assertFigures(self.li, 100)
        with self.assertRaises(errors.HoldExpired):
            ledger.capture(self.env, "k")

    def test_document_wins_over_expiry(self):
        self.hold(self.li, 60, key="k", ttl=-1)
        ledger.capture(self.env, "k")
        self.assertEqual(ledger.expire(self.env), 0)
        self.post_commit()
        self.assertFigures(self.li, 40)

    def test_due_hold_gives_way_to_the_next(self):
        self.hold(self.li, 100, ttl=-1)
        self.hold(self.li, 100)
        self.assertFigures(self.li, 100, held=100)

    def test_room_is_reserved_under_the_cap(self):
        """A cap holds whatever number of top-ups are under way (D3)."""
        room = {"direction": "in", "cap": Decimal(250)}
        self.hold(self.li, 100, key="a", **room)
        with self.assertRaises(errors.OverCap) as caught:
            self.hold(self.li, 51, key="b", **room)
        self.assertEqual(caught.exception.room, Decimal(50))
        with self.assertRaises(errors.HoldMissing):
            ledger.capture(self.env, "a")  # room for money is no money
        ledger.capture(self.env, "a", direction="in", kind="topup")
        self.post_commit()
        self.assertFigures(self.li, 200)
        self.hold(self.li, 50, key="b", **room)
        self.assertFigures(self.li, 200, incoming=50)
        ledger.release(self.env, ["b"])
        self.assertFigures(self.li, 200)

    def test_frozen_member_cannot_spend_but_is_refunded(self):
        paid = self.spend(self.li, 60)
        self.li.sudo().member_state = "frozen"
        self.env.flush_all()
        with self.assertRaises(errors.Frozen):
            self.hold(self.li, 1)
        ledger.reverse(self.env, paid, amount=60, request_key="back")
        self.post_commit()
        self.assertFigures(self.li, 100)

    def test_frozen_balance_cannot_spend_but_is_refunded(self):
        paid = self.spend(self.li, 60)
        ledger.freeze(self.env, self.balance(self.li), True)
        with self.assertRaises(errors.Frozen):
            self.hold(self.li, 1)
        ledger.reverse(self.env, paid, amount=60, request_key="back")
        self.post_commit()
        ledger.freeze(self.env, self.balance(self.li), False)
        self.hold(self.li, 100)
        self.assertFigures(self.li, 100, held=100)


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
        self.assertAlmostEqual(
            lot.expires_at, self.now + timedelta(days=30), delta=timedelta(minutes=1)
        )

    def test_asset_rule_gives_the_expiry(self):
        self.bonus.expiry_months = 6
        self.top_up(self.li, 5, asset=self.bonus, kind="bonus")
        lot = self.balance(self.li, self.bonus).lot_ids
        self.assertGreater(lot.expires_at, self.now + timedelta(days=180))


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
