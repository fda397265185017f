from odoo.tests import tagged

from .common_refund import RefundCase


@tagged("post_install", "-at_install")
class TestPosRefundBooks(RefundCase):
    """Every journal item of split orders, refunds and exchanges (A4, D8)."""

    def setUp(self):
        super().setUp()
        # all that these members have comes over the till, so that the books know it
        self.dan, self.eve = self.make_member("Dan"), self.make_member("Eve")
        self.top_up(self.dan, 100)
        self.top_up(self.eve, 100)
        self.close_session()
        self.second = self.open_session(self.till)

    def split(self, **values):
        """Sell for 100: Dan 50, Eve 30, cash 20."""
        return self.sale(
            [
                ((self.dan, self.principal), 50),
                ((self.eve, self.principal), 30),
                (self.cash, 20),
            ],
            lines=((40, 1), (60, 1)),
            partner=self.dan,
            session=self.second,
            **values,
        )

    def cash_items(self, session):
        return self.items(session.statement_line_ids.move_id)

    def assert_reconciled(self):
        """Wallets and books agree, and every entry has its journal item."""
        found = self.company._member_reconcile()
        mine = (self.dan | self.eve).ids
        for member in found["members"]:
            if member["partner_id"] in mine:
                self.assertEqual(member["difference"], 0, member)
                self.assertEqual(member["open"], 0, member)
        entries = self.env["member.entry"].search(
            [
                ("balance_id.partner_id", "in", mine),
                ("balance_id.asset_id", "in", self.company._member_pockets().ids),
            ]
        )
        self.assertTrue(entries)
        self.assertFalse(entries.filtered(lambda entry: not entry.link_ids))

    def test_split_sale_and_partial_refund_in_a_later_session(self):
        order = self.split()
        move = self.close_session(self.second)
        self.assert_items(
            move,
            [
                (self.sales, "", -100.0),
                (self.deposits, "Dan", 50.0),
                (self.deposits, "Eve", 30.0),
                (self.receivable, "", 20.0),
            ],
        )
        third = self.open_session(self.till)
        self.back(
            [(order.lines[0], 1)],
            [
                ((self.dan, self.principal), 20),
                ((self.eve, self.principal), 12),
                (self.cash, 8),
            ],
            session=third,
        )
        move = self.close_session(third)
        self.assert_items(
            move,
            [
                (self.sales, "", 40.0),
                (self.deposits, "Dan", -20.0),
                (self.deposits, "Eve", -12.0),
                (self.receivable, "", -8.0),
            ],
        )
        self.assertEqual(
            self.cash_items(third),
            sorted(
                [
                    (self.cash.journal_id.default_account_id.name, "", -8.0),
                    (self.receivable.name, "", 8.0),
                ]
            ),
        )
        self.assertEqual((self.available(self.dan), self.available(self.eve)), (70, 82))
        self.assert_reconciled()

    def test_refund_of_an_invoiced_order(self):
        """A credit note, settled by what goes back to the wallets and in cash."""
        order = self.split(to_invoice=True)
        self.assertEqual(order.account_move.payment_state, "paid")
        self.close_session(self.second)
        third = self.open_session(self.till)
        refund = self.back(
            [(line, 1) for line in order.lines],
            [
                ((self.dan, self.principal), 50),
                ((self.eve, self.principal), 30),
                (self.cash, 20),
            ],
            session=third,
            to_invoice=True,
        )
        note = refund.account_move
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 100))
        self.assertEqual(note.amount_residual, 0)
        self.assertEqual(note.reversed_entry_id, order.account_move)
        move = self.close_session(third)
        self.assert_items(
            move,
            [
                # what settles the credit note, and what left the drawer
                (self.receivable, "", 80.0),
                (self.receivable, "", 20.0),
                (self.receivable, "", -20.0),
                (self.deposits, "Dan", -50.0),
                (self.deposits, "Eve", -30.0),
            ],
        )
        self.assertEqual(
            (self.available(self.dan), self.available(self.eve)), (100,) * 2
        )
        self.assert_reconciled()

    def test_exchange_in_a_later_session(self):
        """40 back, 25 sold: 7.50 to Dan, 4.50 to Eve, 3 in cash."""
        order = self.split()
        self.close_session(self.second)
        third = self.open_session(self.till)
        self.back(
            [(order.lines[0], 1)],
            [
                ((self.dan, self.principal), 7.5),
                ((self.eve, self.principal), 4.5),
                (self.cash, 3),
            ],
            sold=[(self.book, 1, 25)],
            session=third,
        )
        move = self.close_session(third)
        self.assert_items(
            move,
            [
                (self.sales, "", 40.0),
                (self.sales, "", -25.0),
                (self.deposits, "Dan", -7.5),
                (self.deposits, "Eve", -4.5),
                (self.receivable, "", -3.0),
            ],
        )
        self.assert_reconciled()

    def test_exchange_that_is_invoiced(self):
        """Something dearer: one invoice with a line each way, paid by the rest."""
        order = self.split()
        line = order.lines[0]
        key = self.hold(self.eve, 25)
        exchange = self.send(
            self.order_data(
                [
                    (self.book, -1, 40, {"refunded_orderline_id": line.id}),
                    (self.book, 1, 65, {}),
                ],
                [(self.wallet, 25, key)],
                self.dan,
                self.second,
                to_invoice=True,
            )
        )
        invoice = exchange.account_move
        self.assertEqual((invoice.move_type, invoice.amount_total), ("out_invoice", 25))
        self.assertEqual(invoice.payment_state, "paid")
        self.close_session(self.second)
        self.assertEqual((self.available(self.dan), self.available(self.eve)), (50, 45))
        self.assert_reconciled()
