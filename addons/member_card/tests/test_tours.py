from odoo import Command
from odoo.tests import HttpCase, tagged

from .common_books import BooksCase

PIN = "2580"
ANN_CARD = "8800000000000013"
BOB_CARD = "8800000000000021"


@tagged("post_install", "-at_install")
class TestTours(BooksCase, HttpCase):
    """The till's screens, in a real browser.

    A tour shares the test's cursor and drops what a commit would do: money is proved in
    tests/e2e. Here Ann starts with 100 and a bonus of 20, Bob with nothing.
    """

    registry_test_mode = False  # BooksCase does it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # HttpCase keeps the browser's session under this name
        cls.pos_session, cls.session = cls.session, None
        # the accounting tests archive all pricelists
        cls.ann.member_class_id.with_company(
            cls.company
        ).pricelist_id.action_unarchive()
        cls.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_customer_count", "1"
        )
        cls.env["member.pin"]._set(cls.ann, PIN)
        cls.env["member.card"]._issue(cls.ann, ANN_CARD)
        cls.env["member.card"]._issue(cls.bob, BOB_CARD)
        cls.make_member("Chen Wei", phone="+8613812345678")
        cls.make_member("Chen Wei", phone="+8613812340000")
        cls.make_product("Pen", 10)
        cls.make_product("Coat", 200)
        cls.credit(cls.ann, money=100, bonus=20)
        cls.till.auto_validate_terminal_payment = False

    def tour(self, name, **kwargs):
        self.start_tour(f"/pos/ui/{self.till.id}", name, login="till_cashier", **kwargs)

    def holds(self):
        holds = self.env["member.hold"].search([("partner_id", "=", self.ann.id)])
        return sorted(zip(holds.mapped("amount"), holds.mapped("state"), strict=True))

    def wallet_payments(self):
        payments = self.pos_session.order_ids.payment_ids
        wallet = payments.filtered("payment_method_id.member_asset_id")
        return {(payment.payment_method_id.name, payment.amount) for payment in wallet}

    def test_member_is_found_by_scan_or_one_field(self):
        """A11: card, namesakes, mistyped; the price of the class; while paying."""
        self.tour("MemberLookup")

    def test_member_price_survives_a_preset(self):
        """A10, D5: a preset's pricelist does not replace the member's."""
        half = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        presets = self.env["pos.preset"].create(
            [{"name": "Eat in"}, {"name": "Half price", "pricelist_id": half.id}]
        )
        self.till.write(
            {
                "use_presets": True,
                "default_preset_id": presets[0].id,
                "available_preset_ids": [Command.set(presets.ids)],
            }
        )
        self.tour("MemberPreset")

    def test_member_on_a_small_screen(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.tour("MemberSmallScreen")

    def test_wallet_pays_with_the_pin(self):
        """A12, D2, D9, D11: hold, reload, reverse, pay, receipt."""
        self.tour("MemberWallet")
        self.assertEqual(
            self.wallet_payments(), {("Member bonus", 20.0), ("Member wallet", 14.0)}
        )
        states = [state for _amount, state in self.holds()]
        self.assertEqual(states.count("released"), 2)

    def test_wallet_pays_all_with_one_tap_and_the_pin(self):
        self.till.auto_validate_terminal_payment = True
        self.tour("MemberWalletAutoValidate")
        self.assertEqual(self.pos_session.order_ids.state, "paid")

    def test_wallet_too_short_pays_what_is_there(self):
        """A12, D8: told before the debit; the rest in cash."""
        self.tour("MemberWalletShort")
        self.assertEqual(
            self.wallet_payments(), {("Member bonus", 20.0), ("Member wallet", 100.0)}
        )

    def test_wallet_gives_no_change(self):
        self.tour("MemberWalletShrink")
        self.assertFalse(self.wallet_payments())

    def test_wallet_without_money_asks_for_no_pin(self):
        self.tour("MemberWalletEmpty")

    def test_wallet_is_never_offline(self):
        """A lost answer is asked for again; nothing is held twice."""
        self.tour("MemberWalletOffline")
        self.assertEqual(self.holds(), [(14.0, "released"), (20.0, "released")])

    def test_wallet_gets_a_refund(self):
        self.tour("MemberWalletRefund")
        self.assertEqual(
            self.wallet_payments(),
            {
                ("Member bonus", 20.0),
                ("Member wallet", 14.0),
                ("Member bonus", -20.0),
                ("Member wallet", -14.0),
            },
        )

    def test_deleting_an_order_releases_its_hold(self):
        self.tour("MemberDeleteOrder")
        self.assertEqual(self.holds(), [(14.0, "released"), (20.0, "released")])

    def test_wallet_is_no_fast_payment(self):
        """Data that came in behind the constraint is no way round the PIN."""
        self.till.write(
            {
                "use_fast_payment": True,
                "fast_payment_method_ids": [Command.set(self.bank.ids)],
            }
        )
        self.env.cr.execute(
            "INSERT INTO pos_payment_method_config_fast_validation_relation"
            " (pos_config_id, pos_payment_method_id) VALUES (%s, %s)",
            [self.till.id, self.wallet.id],
        )
        self.till.invalidate_recordset()
        self.tour("MemberFastPayment")

    def test_top_up_keeps_the_sale(self):
        """C2, D3: an order of its own, under the cap, paid with new money."""
        self.company.member_cap_named = 500
        pay_later = self.env["pos.payment.method"].create(
            {"name": "Customer Account", "company_id": self.company.id}
        )
        self.env.cr.execute(
            "INSERT INTO pos_config_pos_payment_method_rel VALUES (%s, %s)",
            [self.till.id, pay_later.id],
        )
        self.till.invalidate_recordset()
        self.tour("MemberTopUp")
        order = self.pos_session.order_ids
        self.assertTrue(order.is_member_topup)
        self.assertEqual(order.member_topup_amount, 399.5)
