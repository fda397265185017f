from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import ledger

from .. import redemption_outcome, redemptions
from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosRedemption(RewardCase):
    def test_offers(self):
        offers = self.offers(total=50)
        gift, money_off = offers[self.gift], offers[self.money_off]
        self.assertEqual((gift["points"], gift["left"], gift["value"]), (300, 2, 25))
        self.assertFalse(gift["reason_not"])
        self.assertEqual(
            (money_off["min_points"], money_off["max_points"], money_off["value"]),
            (100, 1000, 10),
        )

    def test_money_off_is_offered_up_to_the_total(self):
        offer = self.offers(total=4.5)[self.money_off]
        self.assertEqual((offer["max_points"], offer["value"]), (450, 4.5))
        self.assertTrue(self.offers(total=0.5)[self.money_off]["reason_not"])

    def test_what_cannot_be_had_comes_last_with_the_reason(self):
        dear = self.make_reward(
            name="TV", product_id=self.mug.id, points_cost=9000, sequence=1
        )
        offers = self.offers()
        self.assertEqual(list(offers)[-1], dear)
        self.assertIn("8,000", offers[dear]["reason_not"])

    def test_gift_is_reserved_then_captured(self):
        key = self.reserved(self.gift)
        self.assertEqual(self.free_points(), 700)
        self.assertEqual((self.gift.held, self.gift.taken), (1, 0))
        order = self.pay([(self.book, 1, 40, {}), self.gift_line(key)])
        self.assertEqual(order.state, "paid")
        redemption = self.redemption(key)
        self.assertEqual((redemption.state, redemption.res_id), ("done", order.id))
        self.assertEqual((self.gift.held, self.gift.taken), (0, 1))
        self.assertEqual(self.free_points(), 700)
        entry = redemption.posting_id.entry_ids
        self.assertEqual((entry.kind, entry.amount), ("redeem", -300))
        self.assertEqual(ledger.verify(self.env), [])

    def test_the_same_request_reserves_once(self):
        key = str(uuid4())
        first = self.redeem(self.gift, key=key)
        self.assertEqual(self.redeem(self.gift, key=key), first)
        self.assertEqual((self.gift.held, self.free_points()), (1, 700))
        other = self.make_reward(name="B", product_id=self.mug.id, points_cost=300)
        self.assertEqual(self.redeem(other, key=key)["status"], "key_reused")

    def test_cancelling_gives_points_and_gift_back(self):
        key = self.reserved(self.gift)
        self.assertEqual(self.at_till().member_redeem_cancel(key), {"status": "ok"})
        self.assertEqual(self.redemption(key).state, "released")
        self.assertEqual((self.gift.held, self.free_points()), (0, 1000))
        # twice, and one that never was
        self.assertEqual(self.at_till().member_redeem_cancel(key), {"status": "ok"})
        again = self.at_till().member_redeem_cancel(str(uuid4()))
        self.assertEqual(again, {"status": "ok"})

    def test_what_was_spent_is_not_cancelled(self):
        key = self.reserved(self.gift)
        self.pay([self.gift_line(key)])
        answer = self.at_till().member_redeem_cancel(key)
        self.assertEqual(answer["status"], "claimed")

    def test_last_gift_and_the_loser_keeps_the_points(self):
        self.gift.total_quantity = 1
        self.give_points(self.bob, 500)
        self.reserved(self.gift)
        answer = self.redeem(self.gift, partner=self.bob)
        self.assertEqual(answer["status"], "sold_out")
        self.assertEqual(self.free_points(self.bob), 500)

    def test_too_few_points_take_no_gift(self):
        self.give_points(self.bob, 299)
        answer = self.redeem(self.gift, partner=self.bob)
        self.assertEqual(answer["status"], "insufficient")
        self.assertEqual(self.gift.held, 0)

    def test_money_off_lowers_the_order(self):
        key = self.reserved(self.money_off, 500)
        order = self.pay([(self.book, 1, 40, {}), self.money_off_line(key, 5)])
        self.assertEqual(order.amount_total, 35)
        self.assertEqual(self.free_points(), 500)
        move = self.close_session()
        discount = move.line_ids.filtered(
            lambda item: item.account_id == self.discounts
        )
        self.assertEqual(discount.balance, 5)

    def test_pin_from_so_many_points(self):
        self.company.member_points_pin_from = 300
        self.env["member.pin"].sudo()._set(self.ann, "4718")
        answer = self.redeem(self.gift)
        self.assertEqual(answer["status"], "pin_needed")
        self.assertEqual(self.redeem(self.gift, pin="1111")["status"], "wrong_pin")
        self.assertEqual(self.redeem(self.gift, pin="4718")["status"], "ok")
        self.assertEqual(self.redeem(self.money_off, 200)["status"], "ok")

    def test_bonus_money_is_given_at_once(self):
        reward = self.make_reward(
            name="Bonus", kind="bonus", points_cost=400, bonus_amount=5
        )
        key = str(uuid4())
        answer = self.redeem(reward, key=key)
        self.assertTrue(answer["is_done"])
        self.assertEqual(self.redeem(reward, key=key)["status"], "ok")
        self.post_commit()
        self.assertEqual(self.available(self.ann, self.bonus), 5)
        self.assertEqual(self.free_points(), 600)
        self.assertEqual(self.redemption(key).state, "done")

    def test_coupon_is_made_at_once(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [(0, 0, {"discount": 10, "required_points": 1})],
            }
        )
        reward = self.make_reward(
            name="Coupon", kind="coupon", points_cost=100, program_id=program.id
        )
        answer = self.redeem(reward, points=200)
        self.assertEqual(len(answer["coupons"]), 2, answer)
        cards = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(cards.partner_id, self.ann)
        self.assertEqual(cards.mapped("points"), [1, 1])
        self.post_commit()
        self.assertEqual(self.free_points(), 800)

    # === WHAT AN ORDER MAY NOT DO === #

    def refuse(self, lines, words, **values):
        with (
            mute_logger("odoo.addons.point_of_sale.models.pos_order"),
            self.assertRaisesRegex(UserError, words),
        ):
            self.pay(lines, **values)
        self.env.invalidate_all()

    def test_forged_lines_are_refused(self):
        key = self.reserved(self.gift)
        self.refuse([self.gift_line(str(uuid4()))], "was not reserved")
        self.refuse([self.gift_line(key, quantity=2)], "is not what was reserved")
        self.refuse([self.gift_line(key, self.book)], "is not what was reserved")
        self.refuse([self.gift_line(key, price=-5), (self.book, 1, 40, {})], "is not")
        self.refuse([self.gift_line(key)], "Choose this member", partner=self.bob)
        self.assertEqual(self.redemption(key).state, "held")

    def test_forged_money_off_is_refused(self):
        key = self.reserved(self.money_off, 500)
        book = (self.book, 1, 40, {})
        self.refuse([book, self.money_off_line(key, 6)], "is not what was reserved")
        self.refuse([book, self.money_off_line(False, 5)], "was not reserved")
        self.refuse([(self.book, 1, 4, {}), self.money_off_line(key, 5)], "more than")
        logged = self.env["member.operator.log"].search([("action", "=", "attempt")])
        self.assertTrue(logged)

    def test_sale_that_names_a_gift_is_no_gift(self):
        """Only what comes back is what it names; all else is sold, or claimed."""
        gift = self.pay([self.gift_line(self.reserved(self.gift))]).lines
        named = {"refunded_orderline_id": gift.id}
        for product, price in ((self.book, 1), (self.mug, 1)):
            order = self.pay([(product, 1, price, named)])
            self.assertEqual(len(order.member_price_exception_ids), 1)
        self.assertEqual(self.free_points(), 700)
        forged = {**named, "member_redemption_key": str(uuid4())}
        self.refuse([(self.mug, 1, 0, forged)], "was not reserved")
        product, *off, values = self.money_off_line(False, 5)
        line = (product, *off, {**values, **named})
        self.refuse([(self.book, 1, 40, {}), line], "was not reserved")

    def test_other_goods_do_not_come_back_for_a_gift(self):
        """Their price is that of a return, not of the gift that they name."""
        gift = self.pay([self.gift_line(self.reserved(self.gift))]).lines
        back = (self.book, -1, 1, {"refunded_orderline_id": gift.id})
        order = self.pay([(self.book, 2, 40, {}), back])
        self.assertIn(back[0], order.member_price_exception_ids.product_id)

    def test_points_of_another_legal_entity_do_not_pay(self):
        """Their money is another company's, and may be in another currency."""
        other = self.env["res.company"].create({"name": "Other Theatre"})
        other._member_setup()
        asset = other._member_asset("points")
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.ann.id,
                    asset_id=asset.id,
                    amount=1000,
                    kind="award",
                    request_key="elsewhere",
                )
            ],
        )
        self.post_commit()
        reward = self.make_reward(
            name="Money off elsewhere",
            kind="discount",
            points_per_unit=1,
            min_points=1,
            company_id=other.id,
        )
        wanted = reward._wanted(
            self.ann,
            reward._quote(10),
            str(uuid4()),
            warehouse=self.env["stock.warehouse"],
            context=ledger.Context(),
        )
        # nothing of a member is held for another company, so she is theirs meanwhile
        home = self.ann.member_company_id
        self.ann.sudo().member_company_id = other
        redemptions.reserve(self.env, wanted)
        self.ann.sudo().member_company_id = home
        lines = [(self.book, 1, 40, {}), self.money_off_line(wanted.key, 10)]
        self.refuse(lines, "was not reserved")
        self.assertEqual(ledger.available(self.env, self.ann.id, asset.id), 990)

    def test_a_key_pays_once(self):
        key = self.reserved(self.gift)
        self.pay([self.gift_line(key)])
        self.refuse([self.gift_line(key)], "recorded before")

    def test_given_up_points_do_not_pay(self):
        key = self.reserved(self.gift)
        self.at_till().member_redeem_cancel(key)
        self.refuse([self.gift_line(key)], "given back")

    def test_late_order_reserves_again(self):
        key = self.reserved(self.gift)
        ledger.lapse(self.env, [key])
        redemption_outcome.follow(self.env)
        self.assertEqual(self.redemption(key).state, "expired")
        self.assertEqual((self.gift.held, self.free_points()), (0, 1000))
        self.pay([self.gift_line(key)])
        self.assertEqual(self.redemption(key).state, "done")
        self.assertEqual((self.gift.taken, self.free_points()), (1, 700))

    def test_late_order_needs_no_expiring_points_any_more(self):
        """The member had them, and has the gift: lasting points pay for it, too."""
        self.gift.expiring_within_days = 30
        self.give_points(self.ann, 300, fields.Datetime.now() + timedelta(days=1))
        key = self.reserved(self.gift)
        ledger.lapse(self.env, [key])
        self.hold(self.ann, 300, self.points)
        order = self.pay([self.gift_line(key)])
        self.assertFalse(order.member_exception_ids)
        self.assertEqual(self.redemption(key).state, "done")
        self.assertEqual(self.free_points(), 700)

    def test_late_order_for_a_gift_that_is_gone_is_listed(self):
        self.gift.total_quantity = 1
        self.give_points(self.bob, 500)
        key = self.reserved(self.gift)
        ledger.lapse(self.env, [key])
        self.reserved(self.gift, partner=self.bob)
        order = self.pay([self.gift_line(key)])
        self.assertEqual(order.state, "paid")
        exception = order.member_exception_ids
        self.assertEqual((exception.reason, exception.partner_id), ("points", self.ann))
        self.assertEqual(self.free_points(), 1000)

    def test_paid_line_is_not_changed(self):
        key = self.reserved(self.gift)
        order = self.pay([self.gift_line(key)])
        with self.assertRaisesRegex(UserError, "Points have paid"):
            order.with_user(self.cashier).lines.qty = 5

    def test_paid_line_does_not_become_a_gift(self):
        """Whoever refunded it then would get points that another line has cost."""
        key = self.reserved(self.gift)
        order = self.pay([(self.book, 1, 40, {}), self.gift_line(key)])
        book, mug = order.with_user(self.cashier).lines.sorted("id")
        for vals in (
            {"member_redemption_key": key},
            {"refunded_orderline_id": mug.id},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "Points have paid"),
                self.env.cr.savepoint(),
            ):
                book.write(vals)

    # === WHO AND WHERE === #

    def test_without_the_right_nothing_is_redeemed(self):
        group = self.env.ref("member_loyalty.group_member_redeem")
        self.env.ref("member_card.group_member_cashier").implied_ids -= group
        self.assertEqual(self.redeem(self.gift)["status"], "forbidden")

    def test_frozen_member_redeems_nothing(self):
        self.ann.sudo().member_state = "frozen"
        self.env.flush_all()
        self.assertEqual(self.redeem(self.gift)["status"], "frozen")

    # === BOOKS === #

    def test_money_off_is_booked_by_tax_to_the_discounts(self):
        key = self.reserved(self.money_off, 575)
        self.pay([(self.tea, 1, 100, {}), self.money_off_line(key, 5.75, self.tax)])
        move = self.close_session()
        booked = {line.account_id: line.balance for line in move.line_ids}
        self.assertAlmostEqual(booked[self.discounts], 5)  # 15 % tax
        self.assertAlmostEqual(booked[self.sales], -100)

    def test_money_off_on_an_invoice(self):
        key = self.reserved(self.money_off, 500)
        order = self.pay(
            [(self.book, 1, 40, {}), self.money_off_line(key, 5)], to_invoice=True
        )
        items = order.account_move.invoice_line_ids
        discount = items.filtered(lambda item: item.account_id == self.discounts)
        self.assertEqual(
            (discount.price_total, order.account_move.amount_total), (-5, 35)
        )

    def test_without_an_account_no_money_is_taken_off(self):
        self.company.member_discount_account_id = False
        self.assertIn("No account", self.offers()[self.money_off]["reason_not"])
        self.assertEqual(self.redeem(self.money_off, 500)["status"], "not_now")

    def test_money_off_taxed_otherwise_than_the_goods_is_refused(self):
        key = self.reserved(self.money_off, 500)
        self.refuse(
            [(self.tea, 1, 100, {}), self.money_off_line(key, 5)],
            "is not what was reserved",
        )

    def test_money_off_leaves_a_tax_per_piece(self):
        """A deposit of 2 on each stays as it is; the rest is taxed as the goods are."""
        deposit = self.tax.copy(
            {"name": "Deposit", "amount_type": "fixed", "amount": 2, "sequence": 9}
        )
        self.tea.taxes_id = self.tax | deposit
        key = self.reserved(self.money_off, 575)
        taxes = {"tax_ids": [Command.set((self.tax | deposit).ids)]}
        off = self.money_off_line(key, 5.75, self.tax)
        order = self.pay([(self.tea, 1, 100, taxes), off])
        self.assertEqual(order.state, "paid")

    def test_receipt_tells_the_points(self):
        key = self.reserved(self.gift)
        order = self.pay([(self.book, 1, 40, {}), self.gift_line(key)])
        self.assertEqual(order.member_points_spent, 300)
        self.assertEqual(order.member_points_after, 700 + order.member_points_earned)
