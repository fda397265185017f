from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import ledger
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestPosTopup(BooksCase):
    """A top-up is new money for one member, and an order of its own (A4, D3)."""

    def assert_refused(self, data, sentence):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.send(data)
        self.env.invalidate_all()
        self.assertEqual(self.available(self.ann), 0)

    def topup(self, amount=100, payments=None, partner=None, more=None, **values):
        product = self.company.member_topup_product_id
        return self.order_data(
            [(product, 1, amount, more or {})],
            payments or [(self.cash, amount, None)],
            partner or self.ann,
            **values,
        )

    def test_paid_top_up_is_credited_once(self):
        data = self.topup(500)
        order = self.send({**data})
        self.assertEqual(self.send({**data}), order)
        self.assertEqual(self.available(self.ann), 500)
        self.assertEqual(
            (order.member_topup_amount, order.member_available_after, order.member_id),
            (500, 500, self.ann),
        )

    def test_draft_and_cancelled_top_ups_credit_nothing(self):
        order = self.send({**self.topup(500), "state": "draft", "payment_ids": []})
        self.assertEqual(self.available(self.ann), 0)
        order.action_pos_order_cancel()
        self.post_commit()
        self.assertEqual(self.available(self.ann), 0)

    def test_not_with_other_products(self):
        product = self.company.member_topup_product_id
        self.assert_refused(
            self.order_data(
                [(product, 1, 100, {}), (self.book, 1, 40, {})],
                [(self.cash, 140, None)],
                self.ann,
            ),
            "order of its own",
        )

    def test_not_paid_by_a_wallet(self):
        self.credit(self.bob, money=100)
        key = self.hold(self.bob, 100)
        self.assert_refused(
            self.topup(payments=[(self.wallet, 100, key)]), "not with Member wallet"
        )

    def test_not_paid_later(self):
        self.close_session()
        later = self.env["pos.payment.method"].create(
            {"name": "On account", "split_transactions": True}
        )
        self.till.payment_method_ids |= later
        session = self.open_session(self.till)
        self.assert_refused(
            self.topup(payments=[(later, 100, None)], session=session),
            "not with On account",
        )

    def test_not_discounted(self):
        self.assert_refused(
            self.topup(payments=[(self.cash, 10, None)], more={"discount": 90}),
            "no discount",
        )

    def test_not_another_total(self):
        """The lines say 100, the order 1, and 1 is paid."""
        data = self.topup(payments=[(self.cash, 1, None)])
        data["amount_total"] = 1
        self.assert_refused(data, "come to")

    def test_not_another_subtotal(self):
        data = self.topup(payments=[(self.cash, 1, None)])
        data["amount_total"] = 1
        data["lines"][0][2].update(price_subtotal=1, price_subtotal_incl=1)
        self.assert_refused(data, "no other price")

    def test_not_negative(self):
        self.assert_refused(
            self.order_data(
                [(self.company.member_topup_product_id, -1, 100, {})],
                [(self.cash, -100, None)],
                self.ann,
            ),
            "undone from its own order",
        )

    def test_not_invoiced(self):
        self.assert_refused(self.topup(to_invoice=True), "has no invoice")
        order = self.send(self.topup())
        with self.assertRaisesRegex(UserError, "has no invoice"):
            order.action_pos_order_invoice()

    def test_needs_a_member(self):
        data = self.topup()
        data["partner_id"] = False
        self.assert_refused(data, "Choose the member")
        data = self.topup()
        data["partner_id"] = self.env["res.partner"].create({"name": "Passer-by"}).id
        self.assert_refused(data, "Choose the member")

    def test_paid_line_is_fixed(self):
        order = self.send(self.topup())
        line = order.lines.with_user(self.cashier)
        with self.assertRaisesRegex(UserError, "was paid"):
            line.write({"price_unit": 1})
        with self.assertRaisesRegex(UserError, "was paid"):
            self.env["pos.order.line"].with_user(self.cashier).create(
                {
                    "order_id": order.id,
                    "product_id": self.company.member_topup_product_id.id,
                    "price_unit": 500,
                    "price_subtotal": 500,
                    "price_subtotal_incl": 500,
                }
            )

    def test_top_up_made_paid_by_rpc(self):
        data = self.topup(payments=[(self.cash, 100, None)])
        for name in ("access_token", "is_refund"):
            data.pop(name)
        order = self.env["pos.order"].with_user(self.cashier).create(data)
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "Pay it at the till"):
            order.write({"state": "paid"})

    def test_reserved_room_is_used(self):
        """Two tills cannot pass the cap together: the room was reserved."""
        self.company.member_cap_named = 150
        data = self.topup(100)
        key = data["lines"][0][2]["uuid"]
        self.hold(self.ann, 100, key=key, direction="in", cap=150)
        order = self.send(data)
        self.assertEqual(self.available(self.ann), 100)
        self.assertFalse(order.member_exception_ids)
        balance = self.ann.member_balance_ids.filtered(
            lambda balance: balance.asset_id == self.principal
        )
        self.assertEqual(balance.incoming, 0)

    def test_room_is_reserved_late(self):
        self.company.member_cap_named = 150
        order = self.send(self.topup(100))
        self.assertEqual(self.available(self.ann), 100)
        self.assertFalse(order.member_exception_ids)

    def test_paid_over_the_cap_is_credited_and_listed(self):
        """The money is in the drawer: it belongs to the member, and somebody looks."""
        self.company.member_cap_named = 150
        self.send(self.topup(100))
        order = self.send(self.topup(100))
        self.assertEqual(self.available(self.ann), 200)
        self.assertEqual(
            (order.member_exception_ids.reason, order.member_exception_ids.amount),
            ("over_cap", 100),
        )

    def test_class_cap_goes_before_the_companys(self):
        self.company.member_cap_named = 1000
        self.ann.member_class_id.topup_cap = 50
        order = self.send(self.topup(100))
        self.assertEqual(order.member_exception_ids.reason, "over_cap")

    def test_expired_room_is_reserved_again(self):
        self.company.member_cap_named = 150
        data = self.topup(100)
        key = data["lines"][0][2]["uuid"]
        self.hold(self.ann, 100, key=key, direction="in", cap=150, ttl=-1)
        ledger.expire(self.env)
        order = self.send(data)
        self.assertEqual(self.available(self.ann), 100)
        self.assertFalse(order.member_exception_ids)

    def test_class_without_money_is_credited_and_listed(self):
        self.ann.member_class_id = self.env.ref("member_card.member_class_ordinary")
        self.ann.member_class_id.can_hold_money = False
        order = self.send(self.topup(100))
        self.assertEqual(self.available(self.ann), 100)
        self.assertEqual(order.member_exception_ids.reason, "not_allowed")
