from uuid import uuid4

from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def test_invoiced_sale_debits_the_deposit_and_settles_the_invoice(self):
        """A12: core's payment move and ours meet on the till's receivable."""
        self.credit(self.ann, money=500)
        order = self.sell(self.ann, 100, product=self.tea, to_invoice=True)
        self.assertEqual(order.account_move.payment_state, "paid")
        move = self.close_session()
        self.assert_items(
            move,
            [(self.receivable, "", -115.0), (self.deposits, "Ann", 115.0)],
        )
        self.assert_items(
            order.payment_ids.account_move_id,
            [
                (self.receivable, "", 115.0),
                (self.ann.property_account_receivable_id, "Ann", -115.0),
            ],
        )
        self.assertEqual(
            self.entry_lines(self.ann)[-1],
            (-115.0, move.line_ids.filtered(lambda i: i.account_id == self.deposits)),
        )
        # the till's receivable of the closing is settled by the invoice's payment
        items = move.line_ids.filtered(lambda i: i.account_id == self.receivable)
        self.assertTrue(items.reconciled)

    def test_wallet_and_cash_share_an_order(self):
        """D8: what the wallet does not pay is cash, and booked as cash."""
        self.credit(self.ann, money=30)
        key = self.hold(self.ann, 30)
        self.send(
            self.order_data(
                [(self.book, 1, 40, {})],
                [(self.wallet, 30, key), (self.cash, 10, None)],
                self.ann,
            )
        )
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -40.0),
                (self.receivable, "", 10.0),
                (self.deposits, "Ann", 30.0),
            ],
        )
        self.assertEqual(
            self.items(self.session.statement_line_ids.move_id),
            sorted(
                [
                    (self.cash.journal_id.default_account_id.name, "", 10.0),
                    (self.receivable.name, "", -10.0),
                ]
            ),
        )

    def test_two_members_get_an_item_each_and_repeat_orders_share_it(self):
        """One item per method and member, whatever number of orders."""
        self.credit(self.ann, money=100)
        self.credit(self.bob, money=100)
        self.sell(self.ann, 40)
        self.sell(self.ann, 25)
        self.sell(self.bob, 10)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -75.0),
                (self.deposits, "Ann", 65.0),
                (self.deposits, "Bob", 10.0),
            ],
        )
        item = move.line_ids.filtered(lambda line: line.partner_id == self.ann)
        self.assertEqual(self.entry_lines(self.ann)[1:], [(-40.0, item), (-25.0, item)])

    def test_member_is_kept_not_the_commercial_entity(self):
        """A member who is a company's contact keeps the deposit in their own name."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        clerk = self.make_member("Clerk", parent_id=firm.id)
        self.credit(clerk, money=100)
        self.sell(clerk, 40)
        self.top_up(clerk, 200)
        move = self.close_session()
        deposits = move.line_ids.filtered(lambda line: line.account_id == self.deposits)
        self.assertEqual(deposits.partner_id, clerk)
        self.assertCountEqual(deposits.mapped("balance"), [40.0, -200.0])

    def test_bonus_reduces_the_sales(self):
        """Bonus money is no deposit: Dr member discounts."""
        self.credit(self.ann, money=30, bonus=10)
        keys = self.hold(self.ann, 30), self.hold(self.ann, 10, self.bonus)
        self.send(
            self.order_data(
                [(self.book, 1, 40, {})],
                [(self.wallet, 30, keys[0]), (self.wallet_bonus, 10, keys[1])],
                self.ann,
            )
        )
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -40.0),
                (self.deposits, "Ann", 30.0),
                (self.discounts, "Ann", 10.0),
            ],
        )
        self.assertEqual(self.available(self.ann, self.bonus), 0)
        self.assertEqual(
            self.entry_lines(self.ann, self.bonus)[-1],
            (-10.0, move.line_ids.filtered(lambda i: i.account_id == self.discounts)),
        )

    def test_top_up_credits_the_members_deposit(self):
        """A4: Dr cash, Cr deposits with the member, no tax and no income."""
        order = self.top_up(self.ann, 500)
        self.top_up(self.bob, 100, method=self.bank)
        self.assertTrue(order.is_member_topup)
        self.assertEqual(self.available(self.ann), 500)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.deposits, "Ann", -500.0),
                (self.deposits, "Bob", -100.0),
                (self.receivable, "", 500.0),
                (self.receivable, "", 100.0),
            ],
        )
        item = move.line_ids.filtered(lambda line: line.partner_id == self.ann)
        self.assertEqual(self.entry_lines(self.ann), [(500.0, item)])

    def test_top_up_and_spending_in_one_session(self):
        """The first sale of a new card: topped up, then spent, at one till."""
        self.top_up(self.ann, 500)
        self.sell(self.ann, 88.4)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -88.4),
                (self.deposits, "Ann", -500.0),
                (self.deposits, "Ann", 88.4),
                (self.receivable, "", 500.0),
            ],
        )
        self.assertEqual(self.available(self.ann), 411.6)

    def test_refund_mirrors_the_spending(self):
        """What the wallet paid goes back to it; a net of zero still has its item."""
        self.credit(self.ann, money=100)
        order = self.sell(self.ann, 40)
        refund = self.refund(order, [(self.wallet, -40, None)])
        self.assertEqual(refund.payment_ids.member_id, self.ann)
        self.assertEqual(self.available(self.ann), 100)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -40.0),
                (self.sales, "", 40.0),
                (self.deposits, "Ann", 0.0),
            ],
        )
        item = move.line_ids.filtered(lambda line: line.partner_id == self.ann)
        self.assertEqual(self.entry_lines(self.ann)[1:], [(-40.0, item), (40.0, item)])

    def test_refund_in_a_later_session(self):
        """The mirror of a sale that is closed already."""
        self.credit(self.ann, money=100)
        order = self.sell(self.ann, 40)
        self.close_session()
        session = self.open_session(self.till)
        self.refund(order, [(self.wallet, -40, None)], session=session)
        move = self.close_session(session)
        self.assert_items(move, [(self.sales, "", 40.0), (self.deposits, "Ann", -40.0)])

    def test_invoice_after_closing(self):
        """Invoicing a closed order moves the sale, and leaves the deposit alone."""
        self.credit(self.ann, money=100)
        order = self.sell(self.ann, 40)
        closing = self.close_session()
        order.with_context(generate_pdf=False).action_pos_order_invoice()
        self.assertEqual(order.account_move.payment_state, "paid")
        reversal = order.reversed_move_ids
        self.assert_items(
            reversal, [(self.sales, "Ann", 40.0), (self.receivable, "", -40.0)]
        )
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.deposits.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(items.move_id, closing)
        self.assertEqual(sum(items.mapped("balance")), 40.0)

    def test_branch_books_to_the_head_offices_deposits(self):
        """C4: a branch has its own methods and journal, and the same deposits."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # core loads the chart of a branch on commit
        self.env.user.company_ids |= branch
        self.cashier.company_ids |= branch
        self.cashier.company_id = branch
        till, cash, _bank = self.make_till(branch)
        session = self.open_session(till)
        self.assertEqual(
            till.payment_method_ids.member_asset_id, self.principal | self.bonus
        )
        self.credit(self.ann, money=100)
        method = till.payment_method_ids.filtered(
            lambda method: method.member_asset_id == self.principal
        )
        key = self.hold(self.ann, 40)
        self.send(
            self.order_data(
                [(self.book, 1, 40, {})], [(method, 40, key)], self.ann, session
            )
        )
        self.top_up(self.ann, 70, method=cash, session=session)
        move = self.close_session(session)
        self.assertEqual(move.company_id, branch)
        deposits = move.line_ids.filtered(lambda line: line.account_id == self.deposits)
        self.assertEqual(deposits.partner_id, self.ann)
        self.assertCountEqual(deposits.mapped("balance"), [40.0, -70.0])
        self.assertEqual(self.available(self.ann), 130)

    def test_closing_control_shows_the_wallets(self):
        """The cashier sees how much went through each pocket."""
        self.credit(self.ann, money=100)
        self.sell(self.ann, 40)
        data = self.session.get_closing_control_data()
        shown = {
            method["id"]: (method["type"], method["amount"], method["number"])
            for method in data["non_cash_payment_methods"]
        }
        self.assertEqual(shown[self.wallet.id], ("member_wallet", 40.0, 1))
        self.assertEqual(shown[self.wallet_bonus.id], ("member_wallet", 0, 0))

    def test_closing_gives_back_what_no_order_claimed(self):
        """Open holds and reserved room end with the session; claimed ones stay."""
        self.credit(self.ann, money=100)
        here = self.till.with_user(self.cashier)
        self.env["member.pin"]._set(self.ann, "2580")
        held = here.member_hold(self.ann.id, 30, "2580", str(uuid4()))
        self.assertEqual(held["status"], "ok")
        self.sell(self.ann, 40)
        self.close_session()
        hold = self.env["member.hold"].search([("key", "=", held["lines"][0]["key"])])
        self.assertEqual(hold.state, "expired")
        self.assertEqual(self.available(self.ann), 60)

    def test_an_order_that_comes_after_closing_is_held_again(self):
        """The goods are gone: the order goes into the next session and is paid."""
        self.credit(self.ann, money=100)
        self.env["member.pin"]._set(self.ann, "2580")
        here = self.till.with_user(self.cashier)
        held = here.member_hold(self.ann.id, 30, "2580", str(uuid4()))
        key = held["lines"][0]["key"]
        data = self.order_data(
            [(self.book, 1, 30, {})], [(self.wallet, 30, key)], self.ann
        )
        self.close_session()
        session = self.open_session(self.till)
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            order = self.send(data)
        self.assertEqual(order.session_id, session)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.available(self.ann), 70)

    def test_links_left_out_by_a_crash_are_made_later(self):
        """The links are written after the commit; a crash in between loses none."""
        self.credit(self.ann, money=100)
        self.sell(self.ann, 40)
        self.session.post_closing_cash_details(0)
        self.session.close_session_from_ui()
        self.env.cr.postcommit.clear()  # the process dies here
        self.assertFalse(self.entry_lines(self.ann)[-1][1])
        self.company._member_relink()
        self.assertEqual(self.entry_lines(self.ann)[-1][1].balance, 40.0)
