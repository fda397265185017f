from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.member_card import ledger
from odoo.addons.member_card.refusals import MemberRefusal

from .. import redemptions
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

    def test_a_company_without_a_warehouse_gives_no_goods(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        other._member_setup()
        warehouses = self.env["stock.warehouse"]
        warehouses.search([("company_id", "=", other.id)]).active = False
        clerk = new_test_user(
            self.env,
            "other_clerk",
            groups="member_loyalty.group_member_redeem,member_card.group_member_register",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        eve = self.env["res.partner"].create({"name": "Eve"})
        member_class = self.env.ref("member_card.member_class_stored_value")
        eve._member_register(
            {"member_class_id": member_class.id, "member_company_id": other.id}
        )
        points = other._member_asset("points")
        credit = ledger.Intent(
            partner_id=eve.id,
            asset_id=points.id,
            amount=1000,
            kind="award",
            request_key="eve",
        )
        ledger.post(self.env, [credit])
        self.post_commit()
        massage = self.env["product.product"].create(
            {"name": "Massage", "type": "service"}
        )
        gift, service = (
            self.make_reward(
                name=product.name,
                product_id=product.id,
                points_cost=300,
                company_id=other.id,
            )
            for product in (self.umbrella, massage)
        )
        wizards = self.env["member.redeem"].with_user(clerk).with_company(other)
        vals = {"partner_id": eve.id, "company_id": other.id}
        wizard = wizards.create({**vals, "reward_id": gift.id})
        with self.assertRaisesRegex(MemberRefusal, "no warehouse"):
            wizard.action_confirm()
        self.assertEqual(wizard.offered_ids, service)
        self.assertIn("no warehouse", wizard.objection)
        self.assertFalse(self.redemption(wizard.request_key))
        self.assertEqual(ledger.available(self.env, eve.id, points.id), 1000)
        wizards.create({**vals, "reward_id": service.id}).action_confirm()
        self.post_commit()
        self.assertEqual(ledger.available(self.env, eve.id, points.id), 700)

    def test_a_company_without_a_warehouse_gives_a_service(self):
        """Odoo makes a warehouse for the first company only."""
        massage = self.env["product.product"].create(
            {"name": "Massage", "type": "service"}
        )
        reward = self.make_reward(
            name="A massage", product_id=massage.id, points_cost=300
        )
        wanted = reward._wanted(
            self.ann,
            reward._quote(0),
            "massage",
            warehouse=self.env["stock.warehouse"],
            context=ledger.Context(),
        )
        redemptions.reserve(self.env, wanted)
        reward._give(wanted)
        self.post_commit()
        self.assertEqual(self.redemption("massage").state, "done")
        self.assertEqual(self.free_points(), 700)

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

    def test_points_take_money_off_a_sale_order_as_a_coupon(self):
        """C5: redeemed in the office, its code typed on the order, spent once."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [
                    fields.Command.create(
                        {
                            "discount": 10,
                            "discount_mode": "per_order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        reward = self.make_reward(
            name="Coupon", kind="coupon", points_cost=100, program_id=program.id
        )
        self.redeem_at_desk(reward)
        code = program.coupon_ids.code
        self.assertTrue(code)
        salesperson = new_test_user(
            self.env,
            "salesperson",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[fields.Command.set(self.company.ids)],
        )
        orders = self.env["sale.order"].with_user(salesperson)
        order, other = orders.create(
            [
                {
                    "partner_id": self.ann.id,
                    "company_id": self.company.id,
                    "order_line": [
                        fields.Command.create(
                            {"product_id": self.umbrella.id, "tax_ids": False}
                        )
                    ],
                }
            ]
            * 2
        )
        for coupon, rewards in order._try_apply_code(code).items():
            order._apply_program_reward(rewards, coupon)
        self.assertEqual(order.amount_total, 50)
        order.action_confirm()
        self.assertIn("already been used", other._try_apply_code(code)["error"])
        self.assertEqual(self.free_points(), 900)

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

    # === THE MEMBER'S PIN === #

    def ask_for_pin(self, points):
        self.company.member_points_pin_from = points
        self.env["member.pin"].sudo()._set(self.ann, "4718")

    def assertRefused(self, code, act, *args, **kwargs):
        # not assertRaises: its savepoint would undo the count and the log, which have
        # transactions of their own everywhere but in tests
        try:
            act(*args, **kwargs)
        except MemberRefusal as refusal:
            self.assertEqual(refusal.code, code)
            return
        self.fail(f"not refused as {code}")

    def test_many_points_need_the_pin(self):
        """As at the till: from the limit on, and not below it."""
        self.ask_for_pin(300)
        wizard = self.wizard(self.gift)
        self.assertTrue(wizard.is_pin_needed)
        self.assertRefused("pin_needed", wizard.action_confirm)
        self.assertEqual(self.free_points(), 1000)
        wizard.pin = "4718"
        wizard.action_confirm()
        self.post_commit()
        self.assertEqual(self.free_points(), 700)
        few = self.make_reward(name="Badge", product_id=self.mug.id, points_cost=299)
        self.assertFalse(self.wizard(few).is_pin_needed)
        self.redeem_at_desk(few)
        self.assertEqual(self.free_points(), 401)

    def test_wrong_pin_takes_nothing(self):
        self.ask_for_pin(300)
        wizard = self.wizard(self.gift)
        self.assertRefused("wrong_pin", wizard.write, {"pin": "1357"})
        log = self.env["member.operator.log"].search([("action", "=", "attempt")])
        self.assertEqual((log.user_id, log.partner_id), (self.clerk, self.ann))
        self.assertIn("Wrong PIN", log.detail)
        self.assertRefused("pin_needed", wizard.action_confirm)
        self.assertEqual(self.free_points(), 1000)

    def test_no_pin_chosen_yet(self):
        self.company.member_points_pin_from = 300
        self.assertRefused("no_pin", self.wizard, self.gift, pin="4718")

    def test_a_pin_is_for_one_redemption(self):
        """Another member, gift, number or request: the PIN is asked for again."""
        self.ask_for_pin(300)
        self.give_points(self.bob, 1000)
        other = self.make_reward(
            name="A jug", product_id=self.umbrella.id, points_cost=400
        )
        changes = (
            {"partner_id": self.bob.id},
            {"reward_id": other.id},
            {"quantity": 2},
            {"request_key": "another"},
        )
        for change in changes:
            with self.subTest(change=change):
                wizard = self.wizard(self.gift, pin="4718")
                wizard.write(change)
                self.assertRefused("pin_needed", wizard.action_confirm)
        self.assertEqual((self.free_points(), self.free_points(self.bob)), (1000, 1000))

    def test_the_pin_is_not_kept(self):
        self.ask_for_pin(300)
        wizard = self.wizard(self.gift, pin="4718")
        wizard.invalidate_recordset()
        self.assertFalse(wizard.pin)
        with self.assertRaises(AccessError):
            wizard.read(["pin_given_for"])
        with self.assertRaises(AccessError):
            wizard.write({"pin_given_for": "anything"})
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM member_redeem WHERE id = %s", [wizard.id])
        self.assertNotIn("4718", map(str, self.env.cr.fetchone()))

    # === WHERE THE MEMBER STANDS === #

    def far_gift(self):
        """Return a store where the clerk does not work, and a gift given there only."""
        self.clerk.member_store_ids = self.store
        far = self.store.create(
            {"name": "Far", "code": "FAR", "company_id": self.company.id}
        )
        gift = self.make_reward(
            name="Far mug",
            product_id=self.mug.id,
            points_cost=100,
            store_ids=[fields.Command.set(far.ids)],
        )
        return far, gift

    def test_gift_of_a_store_of_others(self):
        """Only where the operator works; saying otherwise takes nothing."""
        far, gift = self.far_gift()
        wizard = self.wizard(gift, store_id=far.id)
        self.assertEqual(wizard.store_choice_ids, self.store)
        self.assertRefused("other_store", wizard.action_confirm)
        for store in (self.store.id, False):
            wizard.store_id = store
            with self.assertRaises(UserError):
                wizard.action_confirm()
        self.assertEqual((self.free_points(), gift.taken), (1000, 0))

    def test_gift_of_the_own_store_and_below(self):
        far, gift = self.far_gift()
        far.parent_id = self.store
        redemption = self.redeem_at_desk(gift, store_id=far.id)
        self.assertEqual((redemption.state, redemption.store_id), ("done", far))

    def test_the_head_office_names_any_store_or_none(self):
        far, gift = self.far_gift()
        self.clerk.member_store_ids = False
        self.assertEqual(self.redeem_at_desk(gift, store_id=far.id).store_id, far)
        self.assertEqual(self.redeem_at_desk(self.gift).state, "done")

    def test_the_form_starts_in_the_own_store(self):
        self.far_gift()
        form = Form(self.env["member.redeem"].with_user(self.clerk))
        self.assertEqual(form.store_id, self.store)
        form.partner_id = self.ann
        form.reward_id = self.gift
        form.store_id = self.env["member.store"]
        with self.assertRaisesRegex(AssertionError, "store_id is a required field"):
            form.save()

    # === RIGHTS === #

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
