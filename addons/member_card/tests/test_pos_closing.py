from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestPosClosing(BooksCase):
    """Every journal item of a closing, for each way a wallet takes part in a sale."""

    def entry_lines(self, partner, asset=None):
        """Return [(amount, journal item)] of a member's entries that are linked."""
        entries = self.env["member.entry"].search(
            [
                ("balance_id.partner_id", "=", partner.id),
                ("balance_id.asset_id", "=", (asset or self.principal).id),
            ],
            order="seq",
        )
        return [(entry.amount, entry.link_ids.move_line_id) for entry in entries]

    def test_uninvoiced_sale_debits_the_members_deposit(self):
        """A12, A4: the sale is booked once, the deposit names the member."""
        self.credit(self.ann, money=500)
        order = self.sell(self.ann, 100, product=self.tea)
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.member_id, self.ann)
        self.assertEqual(self.available(self.ann), 385.0)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -100.0),
                (self.tax_account, "", -15.0),
                (self.deposits, "Ann", 115.0),
            ],
        )
        item = move.line_ids.filtered(lambda line: line.account_id == self.deposits)
        self.assertEqual(self.entry_lines(self.ann)[-1], (-115.0, item))
