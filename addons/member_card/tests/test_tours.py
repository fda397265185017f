from odoo import Command
from odoo.tests import tagged

from .common_tours import ToursCase


@tagged("post_install", "-at_install")
class TestTours(ToursCase):
    """Look-up, wallet and top-up at the till, on its screens."""

    def test_member_is_found_by_scan_or_one_field(self):
        """A11: card, namesakes, mistyped; the price of the class; while paying."""
        self.tour("MemberLookup")

    def test_member_price_survives_a_preset(self):
        """D5: a preset's pricelist does not replace the member's."""
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
        """D3: an order of its own, under the cap, paid with new money."""
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
