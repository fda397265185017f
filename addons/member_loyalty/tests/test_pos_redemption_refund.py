from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import ledger

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosRedemptionRefund(RewardCase):
    """What points paid for comes back: points, lots and the gift's number with it."""

    def give_back(self, line, quantity=-1, **more):
        """Return the line of a refund for `line`."""
        return (
            line.product_id,
            quantity,
            line.price_unit,
            {"refunded_orderline_id": line.id, **more},
        )

    def sold(self, *lines):
        """Sell for points; return the lines in that order."""
        return self.pay(list(lines)).lines.sorted("id")

    def refuse(self, lines, words, **values):
        with (
            mute_logger("odoo.addons.point_of_sale.models.pos_order"),
            self.assertRaisesRegex(UserError, words),
            self.env.cr.savepoint(),
        ):
            self.pay(lines, **values)
        self.env.invalidate_all()

    def test_returned_gift_gives_back_points_and_number(self):
        key = self.reserved(self.gift)
        _book, mug = self.sold((self.book, 1, 40, {}), self.gift_line(key))
        refund = self.pay([self.give_back(mug)])
        redemption = self.redemption(key)
        self.assertEqual(
            (redemption.state, redemption.returned_points), ("returned", 300)
        )
        self.assertEqual((self.gift.taken, self.gift.left), (0, 2))
        entry = redemption.posting_id.entry_ids
        (back,) = self.env["member.entry"].search([("reverses_id", "=", entry.id)])
        self.assertEqual(
            (back.kind, back.amount, back.res_id), ("refund", 300, refund.id)
        )
        self.assertEqual(ledger.verify(self.env), [])

    def test_points_go_back_to_their_lots(self):
        lots = self.env["member.lot"].search([("asset_id", "=", self.points.id)])
        key = self.reserved(self.gift)
        (mug,) = self.sold(self.gift_line(key))
        self.assertEqual(lots.remaining, 700)
        self.pay([self.give_back(mug)])
        self.assertEqual(lots.remaining, 1000)

    def test_some_of_several_gifts_come_back(self):
        key = self.reserved(self.gift, points=600)
        (mugs,) = self.sold(self.gift_line(key, quantity=2))
        self.assertEqual(self.gift.left, 0)
        self.pay([self.give_back(mugs)])
        redemption = self.redemption(key)
        self.assertEqual(
            (redemption.state, redemption.returned_quantity, self.gift.left),
            ("done", 1, 1),
        )
        self.assertEqual(redemption.returned_points, 300)
        self.pay([self.give_back(mugs)])
        self.assertEqual((redemption.state, self.gift.left), ("returned", 2))

    def test_gift_comes_back_once(self):
        key = self.reserved(self.gift)
        (mug,) = self.sold(self.gift_line(key))
        self.pay([self.give_back(mug)])
        self.refuse([self.give_back(mug)], "given back already")

    def test_no_money_goes_back_for_a_gift(self):
        """Whoever is named, or nobody: its points are all that it cost."""
        key = self.reserved(self.gift)
        (mug,) = self.sold(self.gift_line(key))
        product, quantity, _price, named = self.give_back(mug)
        back = (product, quantity, 25, named)
        self.refuse([back], "and no money")
        self.refuse([back], "and no money", partner_id=False)
        self.assertEqual(self.redemption(key).state, "done")

    def test_other_goods_bring_no_points_back(self):
        """Their money goes back: the points stay with the gift that was kept."""
        key = self.reserved(self.gift)
        (mug,) = self.sold(self.gift_line(key))
        self.pay([(self.book, -1, 40, {"refunded_orderline_id": mug.id})])
        self.assertEqual(
            (self.redemption(key).state, self.free_points()), ("done", 700)
        )
        self.pay([self.give_back(mug)])
        self.assertEqual(self.redemption(key).state, "returned")

    def test_money_off_comes_back_in_proportion(self):
        """In thirds: the points that come back add up to those that were spent."""
        key = self.reserved(self.money_off, 1000)
        goods, off = self.sold((self.book, 3, 40, {}), self.money_off_line(key, 10))
        redemption = self.redemption(key)
        for part, points in ((-0.33, 330), (-0.33, 660), (-0.34, 1000)):
            refund = self.pay([self.give_back(goods), self.give_back(off, part)])
            self.assertLess(refund.amount_total, -36)
            self.assertEqual(redemption.returned_points, points)
        self.assertEqual(redemption.state, "returned")
        self.assertEqual(ledger.verify(self.env), [])

    def test_parts_of_money_off_are_rounded_to_cents(self):
        """Thirds of 4.99 come to 5.00: the last is not refused for a cent."""
        key = self.reserved(self.money_off, 499)
        goods, off = self.sold((self.book, 3, 40, {}), self.money_off_line(key, 4.99))
        for part in (-0.33, -0.33, -0.34):
            self.pay([self.give_back(goods), self.give_back(off, part)])
        self.assertEqual(self.redemption(key).returned_points, 499)

    def test_goods_alone_do_not_come_back_at_their_full_price(self):
        key = self.reserved(self.money_off, 1000)
        goods, off = self.sold((self.book, 2, 40, {}), self.money_off_line(key, 10))
        self.refuse([self.give_back(goods)], "Points took")
        self.pay([self.give_back(goods), self.give_back(off, -0.5)])
        self.assertEqual(self.redemption(key).returned_points, 500)

    def test_goods_that_name_the_money_off_are_none(self):
        key = self.reserved(self.money_off, 1000)
        goods, off = self.sold((self.book, 2, 40, {}), self.money_off_line(key, 10))
        named = (self.mug, -1, 10, {"refunded_orderline_id": off.id})
        self.refuse([self.give_back(goods, -2), named], "Points took")
        self.assertEqual(self.redemption(key).state, "done")

    def test_money_off_does_not_come_back_as_money(self):
        """A price without its sign would give money beside the points."""
        key = self.reserved(self.money_off, 1000)
        goods, off = self.sold((self.book, 2, 40, {}), self.money_off_line(key, 10))
        turned = (off.product_id, -1, 10, {"refunded_orderline_id": off.id})
        self.refuse([turned], "and no money")
        self.refuse([self.give_back(goods, -2), turned], "and no money")
        self.assertEqual(self.redemption(key).state, "done")

    def test_more_money_off_than_there_was_is_refused(self):
        key = self.reserved(self.money_off, 1000)
        goods, off = self.sold((self.book, 2, 40, {}), self.money_off_line(key, 10))
        self.refuse(
            [self.give_back(goods, -2), self.give_back(off, -1.5)], "given back already"
        )

    def test_what_a_crash_left_uncounted_is_counted(self):
        """The refund is committed and nobody has looked what it gave back."""
        key = self.reserved(self.gift)
        (mug,) = self.sold(self.gift_line(key))
        self.send(self.cash_order([self.give_back(mug)]), commit=False)
        self.env.flush_all()
        self.env.cr.postcommit.clear()
        redemption = self.redemption(key)
        self.assertEqual((redemption.state, self.gift.taken), ("done", 1))
        self.env["member.redemption"]._cron_follow_returned()
        self.assertEqual((redemption.state, self.gift.taken), ("returned", 0))
