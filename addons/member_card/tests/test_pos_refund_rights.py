from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_refund import RefundCase


@tagged("post_install", "-at_install")
class TestPosRefundRights(RefundCase):
    """What a cashier gives back alone: up to a limit, and with the receipt (A1)."""

    def returned(self, payments, quantity=-1, price=40, partner=None, more=None):
        """Return an order that takes goods back which no sale is named for."""
        return self.order_data(
            [(self.book, quantity, price, more or {})], payments, partner or self.ann
        )

    def assert_not_sent(self, sentence, data, user=None):
        before = self.figures()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.send(data, user)
        self.env.invalidate_all()
        self.assertEqual(self.figures(), before)

    def logged(self, action):
        lines = self.env["member.operator.log"].search([("action", "=", action)])
        return [(line.user_id, line.partner_id, line.detail) for line in lines]

    # === LIMIT === #

    def test_no_limit_by_default(self):
        order = self.sale([(self.cash, 400)], lines=((400, 1),))
        self.back([(order.lines, 1)], [(self.cash, 400)])

    def test_over_the_limit(self):
        """Cash, wallets and split sales alike; just the limit is no more than it."""
        self.company.member_refund_limit = 50
        order = self.sale([(self.cash, 100.01)], lines=((50, 1), (50.01, 1)))
        within, over = order.lines
        self.back([(within, 1)], [(self.cash, 50)])
        self.assert_refused("More than .*50.00", [(over, 1)], [(self.cash, 50.01)])
        uuid = str(uuid4())
        self.approve("refund_limit", 50.01, uuid, [(within, 1)])
        self.assert_refused(
            "More than .*50.00", [(over, 1)], [(self.cash, 50.01)], uuid=uuid
        )
        self.approve("refund_limit", 50.01, uuid, [(over, 1)])
        refund = self.back([(over, 1)], [(self.cash, 50.01)], uuid=uuid)
        self.assertEqual(refund.state, "paid")
        self.assertIn("50.01", self.logged("refund_changed")[0][2])

    def test_one_approval_covers_both_the_limit_and_another_way(self):
        self.company.member_refund_limit = 10
        order = self.sale([((self.ann, self.principal), 40)])
        uuid = str(uuid4())
        self.approve("refund_limit", 40, uuid, [(order.lines, 1)])
        self.back([(order.lines, 1)], [(self.cash, 40)], uuid=uuid)

    def test_supervisor_gives_back_more(self):
        self.company.member_refund_limit = 10
        order = self.sale([((self.ann, self.principal), 40)])
        self.back(
            [(order.lines, 1)], [((self.ann, self.principal), 40)], self.supervisor
        )
        self.assertEqual(self.available(self.ann), 100)

    # === WITHOUT RECEIPT === #

    def test_cash_is_allowed_and_noted(self):
        """As core has it, until the company says otherwise."""
        self.send(self.returned([(self.cash, -40, None)]))
        [(user, partner, detail)] = self.logged("refund_no_receipt")
        self.assertEqual((user, partner), (self.cashier, self.ann))
        self.assertIn("40.00", detail)

    def test_cash_by_right_where_the_company_says_so(self):
        self.company.member_refund_needs_right = True
        data = self.returned([(self.cash, -40, None)])
        self.assert_not_sent("without a receipt", data)
        self.approve("refund_no_receipt", 40, data["uuid"], data)
        self.assertEqual(self.send(data).state, "paid")
        self.send(self.returned([(self.cash, -40, None)]), self.supervisor)
        self.assertEqual(len(self.logged("refund_no_receipt")), 2)

    def test_hidden_in_a_sale(self):
        """An exchange without a receipt is one, too, though something is paid."""
        self.company.member_refund_needs_right = True
        data = self.order_data(
            [(self.book, 1, 60, {}), (self.book, -1, 40, {})],
            [(self.cash, 20, None)],
            self.ann,
        )
        self.assert_not_sent("without a receipt", data)

    def test_disguised_as_a_refund(self):
        """The lines of a refund come without their sign; they name a sale, though."""
        self.company.member_refund_needs_right = True
        data = self.returned([(self.cash, -40, None)])
        data["lines"][0][2].update(price_subtotal=40, price_subtotal_incl=40)
        self.assert_not_sent("without a receipt", data)

    def test_discount_is_no_refund(self):
        self.company.member_refund_needs_right = True
        data = self.order_data(
            [(self.book, 1, 60, {}), (self.book, 1, -5, {})], [(self.cash, 55, None)]
        )
        self.assertEqual(self.send(data).state, "paid")
        self.assertEqual(self.logged("refund_no_receipt"), [])

    def test_price_below_zero(self):
        """Dishonest: what gives money back is no discount, whatever its sign."""
        self.send(self.returned([(self.cash, -40, None)], 1, -40))
        self.assertIn("40.00", self.logged("refund_no_receipt")[0][2])
        self.company.member_refund_needs_right = True
        data = self.returned([(self.cash, -40, None)], 1, -40)
        self.assert_not_sent("without a receipt", data)
        self.approve("refund_no_receipt", 40, data["uuid"], data)
        self.assertEqual(self.send(data).state, "paid")

    def test_receipt_is_good_once(self):
        """Dishonest: the same sale is paid out in cash every day."""
        order = self.sale([(self.cash, 80)], lines=((40, 2),))
        self.back([(order.lines, 2)], [(self.cash, 80)])
        self.assertEqual(self.logged("refund_no_receipt"), [])
        self.back([(order.lines, 1)], [(self.cash, 40)])
        self.assertEqual(len(self.logged("refund_no_receipt")), 1)
        self.company.member_refund_needs_right = True
        self.assert_refused("without a receipt", [(order.lines, 1)], [(self.cash, 40)])

    def test_receipt_of_something_else(self):
        """Dishonest: of another product, of a sale that is not paid, or cheaper."""
        self.company.member_refund_needs_right = True
        other = self.sale([(self.cash, 60)], lines=((60, 1),))
        other.lines.product_id = self.tea
        cheap = self.sale([(self.cash, 5)], lines=((5, 1),))
        unpaid = self.order_data([(self.book, 1, 40, {})], [], self.ann)
        draft = self.send({**unpaid, "state": "draft"})
        for order in (other, cheap, draft):
            origin = {"refunded_orderline_id": order.lines.id}
            data = self.returned([(self.cash, -40, None)], more=origin)
            self.assert_not_sent("without a receipt", data)

    def test_refund_with_its_receipt_is_silent(self):
        """In parts, with a discount and in an exchange: no right, nothing noted."""
        self.company.member_refund_needs_right = True
        order = self.sale([(self.cash, 120)], lines=((40, 3),))
        for _each in range(2):
            self.back([(order.lines, 1)], [(self.cash, 40)])
        self.back([(order.lines, 1)], [(self.cash, 30)], sold=[(self.book, 1, 10)])
        self.assertEqual(self.logged("refund_no_receipt"), [])

    def test_approved_for_less_than_is_credited(self):
        """Dishonest: 1.00 is approved, 1,000.00 would be credited."""
        data = self.returned([(self.wallet, -1000, None)], price=1)
        data["amount_total"] = -1000
        self.approve("refund_no_receipt", 1, data["uuid"], data)
        self.assert_not_sent("without a receipt", data)
        self.approve("refund_no_receipt", 1000, data["uuid"], data)
        self.assert_not_sent("The lines come to", data)

    def test_approved_by_what_the_lines_say_of_themselves(self):
        """Dishonest: the lines come to 1,000.00 and are sent as 1.00."""
        data = self.returned([(self.wallet, -1000, None)], price=1000)
        data["lines"][0][2].update(price_subtotal=-1, price_subtotal_incl=-1)
        self.approve("refund_no_receipt", 1, data["uuid"], data)
        self.assert_not_sent("without a receipt", data)
        self.send(data, self.supervisor)
        self.assertIn("1,000.00", self.logged("refund_no_receipt")[0][2])

    def test_into_a_wallet_always_by_right(self):
        """Value without a payment behind it: principal of the order's customer."""
        data = self.returned([(self.wallet, -40, None)])
        self.assert_not_sent("without a receipt", data)
        self.approve("refund_no_receipt", 40, data["uuid"], data, self.bob)
        self.assert_not_sent("without a receipt", data)
        self.approve("refund_no_receipt", 40, data["uuid"], data)
        order = self.send({**data})
        self.assertEqual(self.send({**data}), order)
        self.assertEqual(self.figures(), (140, 20, 100))
        self.assertEqual(
            (order.payment_ids.member_id, order.member_available_after),
            (self.ann, 160),
        )
        entry = self.env["member.entry"].search(
            [
                ("balance_id.partner_id", "=", self.ann.id),
                ("balance_id.asset_id", "=", self.principal.id),
            ],
            order="id desc",
            limit=1,
        )
        self.assertEqual((entry.kind, entry.amount), ("refund", 40))

    def test_not_into_a_bonus(self):
        data = self.returned([(self.wallet_bonus, -40, None)])
        self.assert_not_sent("nobody knows that a bonus", data, self.supervisor)

    def test_not_to_a_stranger(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for partner in (stranger, self.env["res.partner"]):
            data = self.returned([(self.wallet, -40, None)])
            data["partner_id"] = partner.id
            self.assert_not_sent("Choose the member", data, self.supervisor)

    def test_wallet_gets_no_more_than_the_goods(self):
        data = self.returned([(self.wallet, -50, None), (self.cash, 10, None)])
        self.assert_not_sent("no change", data, self.supervisor)

    def test_not_beside_a_refund_with_receipt(self):
        order = self.sale([((self.ann, self.principal), 40)])
        data = self.order_data(
            [
                (self.book, -1, 40, {"refunded_orderline_id": order.lines.id}),
                (self.book, -1, 30, {}),
            ],
            [(self.wallet, -70, None)],
            self.ann,
        )
        self.assert_not_sent("is left to be given back", data, self.supervisor)
        sold_for_cash = self.sale([(self.cash, 40)])
        data["lines"][0][2]["refunded_orderline_id"] = sold_for_cash.lines.id
        self.assert_not_sent("an order of their own", data, self.supervisor)

    def test_frozen_member_is_credited(self):
        self.ann.action_member_freeze()
        self.send(self.returned([(self.wallet, -40, None)]), self.supervisor)
        self.assertEqual(self.available(self.ann), 140)

    def test_books(self):
        """Dr sales, Cr the member's deposit: as any refund to a wallet."""
        self.send(self.returned([(self.wallet, -40, None)]), self.supervisor)
        move = self.close_session()
        self.assert_items(move, [(self.sales, "", 40.0), (self.deposits, "Ann", -40.0)])
        entry = self.env["member.entry"].search(
            [("balance_id.partner_id", "=", self.ann.id), ("kind", "=", "refund")]
        )
        self.assertEqual(entry.link_ids.move_line_id.balance, -40)
