from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.member_card import ledger

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestRedemption(RewardCase):
    """Rewards that are given and taken back in the office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "clerk",
            groups="member_loyalty.group_member_redeem,member_card.group_member_register",
            company_id=cls.company.id,
            company_ids=[fields.Command.set(cls.company.ids)],
        )
        cls.supervisor = new_test_user(
            cls.env,
            "gift_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[fields.Command.set(cls.company.ids)],
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.umbrella = cls.env["product.product"].create(
            {"name": "Umbrella", "type": "consu", "is_storable": True, "list_price": 60}
        )
        cls.stored = cls.make_reward(
            name="An umbrella", product_id=cls.umbrella.id, points_cost=500
        )

    @classmethod
    def stock(cls, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            cls.umbrella, cls.warehouse.lot_stock_id, quantity
        )
        cls.env.flush_all()

    def in_stock(self):
        quants = self.env["stock.quant"]
        return quants._get_available_quantity(
            self.umbrella, self.warehouse.lot_stock_id
        )

    def wizard(self, reward, user=None, **vals):
        wizards = self.env["member.redeem"].with_user(user or self.clerk)
        wizards = wizards.with_company(self.company)
        vals = {"partner_id": self.ann.id, "reward_id": reward.id, **vals}
        return wizards.create({"company_id": self.company.id, **vals})

    def redeem_at_desk(self, reward, user=None, **vals):
        wizard = self.wizard(reward, user, **vals)
        wizard.action_confirm()
        self.post_commit()
        return self.redemption(wizard.request_key)

    def take_back(self, redemption, user=None, **vals):
        wizards = self.env["member.redemption.return"]
        wizards = wizards.with_user(user or self.supervisor).with_company(self.company)
        wizards.create(
            {"redemption_id": redemption.id, "reason": "changed mind", **vals}
        ).action_confirm()
        self.post_commit()

    def test_gift_leaves_the_stock(self):
        self.stock(3)
        redemption = self.redeem_at_desk(self.stored)
        self.assertEqual((redemption.state, redemption.value), ("done", 60))
        self.assertEqual(self.in_stock(), 2)
        self.assertEqual((self.stored.taken, self.free_points()), (1, 500))
        picking = self.env["stock.picking"].search(
            [("member_redemption_key", "=", redemption.key)]
        )
        self.assertEqual((picking.state, picking.partner_id), ("done", self.ann))
        entry = redemption.posting_id.entry_ids
        self.assertEqual((entry.kind, entry.reference), ("redeem", "An umbrella"))
        log = self.env["member.operator.log"].search([("action", "=", "redeem")])
        self.assertEqual((log.user_id, log.partner_id), (self.clerk, self.ann))

    def test_confirming_twice_gives_once(self):
        self.stock(3)
        wizard = self.wizard(self.stored)
        wizard.action_confirm()
        wizard.action_confirm()
        self.post_commit()
        self.assertEqual((self.in_stock(), self.free_points()), (2, 500))

    def test_out_of_stock_is_not_offered(self):
        wizard = self.wizard(self.stored)
        self.assertNotIn(self.stored, wizard.offered_ids)
        self.assertIn("Not in stock", wizard.objection)
        with self.assertRaisesRegex(UserError, "not in stock"):
            wizard.action_confirm()

    def test_what_is_promised_is_not_in_stock(self):
        self.stock(1)
        self.give_points(self.bob, 1000)
        self.reserved(self.stored)
        answer = self.redeem(self.stored, partner=self.bob)
        self.assertEqual(answer["status"], "out_of_stock")
        self.assertEqual(self.free_points(self.bob), 1000)

    def test_the_lock_counts_what_another_gift_promised(self):
        """Two rewards of one product: the reservation looks at both."""
        self.stock(1)
        other = self.make_reward(
            name="Rain set", product_id=self.umbrella.id, points_cost=100
        )
        taker = self.till._member_taker(self.ann, other)
        self.reserved(self.stored)
        self.assertEqual(taker.stock[self.umbrella.id], 1)  # what was seen before
        self.assertEqual(self.redeem(other)["status"], "out_of_stock")

    def test_sold_at_a_till_that_books_stock_when_it_closes(self):
        self.company.point_of_sale_update_stock_quantities = "closing"
        self.stock(1)
        key = self.reserved(self.stored)
        self.pay([self.gift_line(key, self.umbrella)])
        self.give_points(self.bob, 1000)
        answer = self.redeem(self.stored, partner=self.bob)
        self.assertEqual(answer["status"], "out_of_stock")

    def test_the_form_offers_what_the_member_may_have(self):
        form = Form(self.env["member.redeem"].with_user(self.clerk))
        form.partner_id = self.ann
        form.reward_id = self.gift
        self.assertEqual((form.points_before, form.points_after), (1000, 700))
        self.assertNotIn(self.money_off, form.offered_ids[:])
        form.quantity = 4
        self.assertIn("more are needed", form.objection)

    def test_gift_comes_back(self):
        self.stock(3)
        redemption = self.redeem_at_desk(self.stored)
        self.take_back(redemption)
        self.assertEqual(redemption.state, "returned")
        self.assertEqual((self.in_stock(), self.free_points()), (3, 1000))
        self.assertEqual(self.stored.taken, 0)
        with self.assertRaisesRegex(UserError, "already"):
            self.take_back(redemption)
        log = self.env["member.operator.log"].search([("action", "=", "redeem_return")])
        self.assertIn("changed mind", log.detail)

    def test_broken_gift_does_not_go_back_into_stock(self):
        self.stock(3)
        redemption = self.redeem_at_desk(self.stored)
        self.take_back(redemption, is_stock_returned=False)
        self.assertEqual((self.in_stock(), self.free_points()), (2, 1000))

    def test_bonus_goes_out_of_the_wallet_again(self):
        reward = self.make_reward(
            name="Bonus", kind="bonus", points_cost=400, bonus_amount=5
        )
        redemption = self.redeem_at_desk(reward, quantity=2)
        self.assertEqual(self.available(self.ann, self.bonus), 10)
        self.take_back(redemption)
        self.assertEqual(self.available(self.ann, self.bonus), 0)
        self.assertEqual(self.free_points(), 1000)
        self.assertEqual(ledger.verify(self.env), [])

    def test_coupon_is_withdrawn(self):
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
        redemption = self.redeem_at_desk(reward)
        coupon = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual((coupon.partner_id, coupon.points), (self.ann, 1))
        self.take_back(redemption)
        self.assertFalse(coupon.active)

    def test_reservation_is_given_up(self):
        redemption = self.redemption(self.reserved(self.gift))
        self.take_back(redemption)
        self.assertEqual(redemption.state, "released")
        self.assertEqual((self.gift.held, self.free_points()), (0, 1000))

    def test_what_an_order_used_comes_back_with_the_order(self):
        key = self.reserved(self.gift)
        self.pay([self.gift_line(key)])
        with self.assertRaisesRegex(UserError, "refund it at the till"):
            self.take_back(self.redemption(key))

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.wizard(self.gift, user=self.accountant())
        redemption = self.redeem_at_desk(self.gift)
        with self.assertRaises(AccessError):
            self.take_back(redemption, user=self.clerk)
        with self.assertRaises(AccessError):
            redemption.with_user(self.supervisor).write({"state": "released"})

    def accountant(self):
        return new_test_user(
            self.env,
            "gift_accountant",
            groups="member_card.group_member_accountant",
            company_id=self.company.id,
            company_ids=[fields.Command.set(self.company.ids)],
        )
