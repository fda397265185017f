from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.member_card import errors, ledger

from .common import MemberCase


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

    def hold_from(self, amount, key="k", **options):
        pockets = {self.bonus.id: f"{key}/b", self.principal.id: f"{key}/p"}
        return ledger.hold_from(self.env, self.li.id, pockets, amount, key, **options)

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

    def test_what_stands_within_a_hold_from_pockets_is_done_once(self):
        calls = []
        for _asked_again in range(2):
            self.hold_from(30, within=calls.append)
        self.assertEqual(len(calls), 1)
        with self.assertRaises(errors.Insufficient):
            self.hold_from(90, key="more", within=calls.append)
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
