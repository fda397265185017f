from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import ledger
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestAccountReconcile(BooksCase):
    """Wallets and books are compared, and every planted difference is found (B6)."""

    def compare(self, date=None):
        self.env.invalidate_all()
        return self.company._member_reconcile(date)

    def own(self, result, partner):
        """Return (ledger, books, open, draft, difference) of a member."""
        return next(
            (
                tuple(
                    member[name]
                    for name in ("ledger", "books", "open", "draft", "difference")
                )
                for member in result["members"]
                if member["partner_id"] == partner.id
            ),
            None,
        )

    def kinds(self, result):
        return {each["kind"]: each for each in result["exceptions"]}

    def book_by_hand(self, balance, partner=None, post=True):
        """Book on the deposits account by hand."""
        move = self.env["account.move"].create(
            {
                "journal_id": self.company.member_journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner and partner.id,
                            "balance": amount,
                        }
                    )
                    for account, amount in (
                        (self.deposits, balance),
                        (self.company_data["default_account_expense"], -balance),
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def test_today_is_the_day_of_the_company(self):
        """At any hour one of the two zones has another day than UTC and the user."""
        self.credit(self.ann, money=30)
        Reconciliation = self.env["member.reconciliation"].with_context(
            allowed_company_ids=self.company.ids
        )
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            self.company.partner_id.tz = zone
            result = self.compare()
            today = datetime.now(ZoneInfo(zone)).date()
            self.assertEqual(result["date"], today, zone)
            self.assertEqual(self.own(result, self.ann)[0], 30, zone)
            wizard = Reconciliation.browse(Reconciliation.action_open()["res_id"])
            self.assertEqual((wizard.date, wizard.ledger), (today, 30), zone)
            member = self.make_member(zone)
            self.assertEqual(member.member_since, today, zone)

    def test_open_session_is_not_a_difference(self):
        self.top_up(self.ann, 500)
        self.sell(self.ann, 40)
        result = self.compare()
        self.assertEqual(self.own(result, self.ann), (460, 0, 460, 0, 0))
        self.assertEqual(result["exceptions"], [])

    def test_closed_session_agrees(self):
        self.top_up(self.ann, 500)
        self.top_up(self.bob, 100, method=self.bank)
        order = self.sell(self.ann, 40)
        self.refund(order, [(self.wallet, -40, None)])
        self.sell(self.ann, 70, product=self.tea, to_invoice=True)
        self.close_session()
        result = self.compare()
        self.assertEqual(self.own(result, self.ann), (419.5, 419.5, 0, 0, 0))
        self.assertEqual(self.own(result, self.bob), (100, 100, 0, 0, 0))
        self.assertEqual(result["totals"]["difference"], 0)
        self.assertEqual(result["exceptions"], [])

    def test_session_closed_on_a_later_day_was_open_before(self):
        self.top_up(self.ann, 500)
        move = self.close_session()
        today = fields.Date.context_today(self.company)
        move.button_draft()
        # numbered anew: tomorrow may be in another month
        move.write({"name": False, "date": today + timedelta(days=1)})
        move.action_post()
        self.assertEqual(self.own(self.compare(today), self.ann), (500, 0, 500, 0, 0))
        self.assertEqual(
            self.own(self.compare(today + timedelta(days=1)), self.ann),
            (500, 500, 0, 0, 0),
        )

    def test_nothing_before_the_first_entry(self):
        self.top_up(self.ann, 500)
        before = fields.Date.context_today(self.company) - timedelta(days=2)
        self.assertEqual(self.compare(before)["members"], [])

    def test_manual_journal_item_is_found(self):
        move = self.book_by_hand(-25, self.ann)
        result = self.compare()
        self.assertEqual(self.own(result, self.ann), (0, 25, 0, 0, -25))
        found = self.kinds(result)["manual_item"]
        self.assertEqual(found["records"], move.line_ids[:1])
        self.assertEqual((found["count"], found["amount"]), (1, -25))

    def test_item_without_a_member_is_found(self):
        self.book_by_hand(-25)
        result = self.compare()
        self.assertIn("no_partner", self.kinds(result))
        self.assertEqual(result["totals"]["difference"], -25)

    def test_draft_is_counted_apart(self):
        self.book_by_hand(-25, self.ann, post=False)
        self.assertEqual(self.own(self.compare(), self.ann), (0, 0, 0, 25, -25))

    def test_entry_without_a_journal_item_is_found(self):
        self.credit(self.ann, money=30)
        result = self.compare()
        self.assertEqual(self.own(result, self.ann), (30, 0, 0, 0, 30))
        found = self.kinds(result)["unlinked_entry"]
        self.assertEqual(found["records"].partner_id, self.ann)
        self.assertEqual(found["amount"], 30)

    def test_missing_link_is_found_and_mended(self):
        self.top_up(self.ann, 500)
        self.session.post_closing_cash_details(500)
        self.session.close_session_from_ui()
        self.env.cr.postcommit.clear()  # the process dies before linking
        result = self.compare()
        self.assertEqual(result["totals"]["difference"], 0)
        self.assertEqual(set(self.kinds(result)), {"unlinked_entry", "manual_item"})
        self.assertEqual(self.company._member_relink(), 1)
        self.assertEqual(self.compare()["exceptions"], [])
        self.assertEqual(self.company._member_relink(), 0)

    def test_owed_is_found(self):
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.ann.id,
                    asset_id=self.principal.id,
                    amount="-12",
                    kind="clawback",
                    request_key="bounced",
                    allow_owed=True,
                )
            ],
        )
        self.post_commit()
        found = self.kinds(self.compare())["owed"]
        self.assertEqual((found["amount"], found["records"].partner_id), (12, self.ann))

    def test_pending_posting_is_found(self):
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.ann.id,
                    asset_id=self.principal.id,
                    amount="12",
                    kind="adjust",
                    request_key="left behind",
                )
            ],
        )
        self.env.flush_all()
        self.env.cr.postcommit.clear()  # the process dies before applying
        found = self.kinds(self.compare())["pending_posting"]
        self.assertEqual((found["count"], found["amount"]), (1, 12))

    def test_wallet_exception_is_found_and_the_books_agree(self):
        self.top_up(self.ann, 100)
        key = self.hold(self.ann, 40, ttl=-1)
        ledger.expire(self.env)
        self.sell(self.ann, 90)
        self.send(
            self.order_data(
                [(self.book, 1, 40, {})], [(self.wallet, 40, key)], self.ann
            )
        )
        self.close_session()
        result = self.compare()
        self.assertEqual(self.own(result, self.ann), (10, 10, 0, 0, 0))
        self.assertEqual(set(self.kinds(result)), {"open_exception"})

    # === THE SCREEN === #

    def test_accountant_compares_on_the_screen(self):
        accountant = new_test_user(
            self.env,
            "wallet_accountant",
            groups="member_card.group_member_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.top_up(self.ann, 500)
        self.book_by_hand(-25, self.bob)
        Reconciliation = (
            self.env["member.reconciliation"]
            .with_user(accountant)
            .with_context(allowed_company_ids=self.company.ids)
        )
        action = Reconciliation.action_open()
        wizard = Reconciliation.browse(action["res_id"])
        self.assertEqual(
            (wizard.ledger, wizard.books, wizard.open, wizard.difference),
            (500, 25, 500, -25),
        )
        self.assertFalse(wizard.is_balanced)
        self.assertEqual(wizard.line_ids[0].partner_id, self.bob)
        line = wizard.exception_ids
        self.assertEqual((line.res_model, line.count), ("account.move.line", 1))
        self.assertEqual(
            self.env[line.res_model].search(line.action_view_records()["domain"]),
            self.env["account.move.line"].search(
                [("account_id", "=", self.deposits.id)]
            ),
        )
        explained = wizard.line_ids[0].action_explain()
        reason = self.env[explained["res_model"]].with_user(accountant)
        reason = reason.browse(explained["res_id"])
        self.assertEqual(reason.manual_item_ids.balance, -25)
        self.assertFalse(reason.unlinked_entry_ids)
        wizard.only_differences = True
        wizard.action_compare()
        self.assertEqual(wizard.line_ids.partner_id, self.bob)

    def test_the_other_side_is_explained_too(self):
        """An entry that nothing books: the member's line leads to it, not to others."""
        self.credit(self.ann, money=30)
        self.credit(self.bob, money=5)
        Reconciliation = self.env["member.reconciliation"].with_context(
            allowed_company_ids=self.company.ids
        )
        wizard = Reconciliation.browse(Reconciliation.action_open()["res_id"])
        line = wizard.line_ids.filtered(lambda line: line.partner_id == self.ann)
        self.assertEqual(line.difference, 30)
        self.assertEqual(line.unlinked_entry_ids.amount, 30)
        self.assertEqual(line.unlinked_entry_ids.partner_id, self.ann)

    def test_cashier_does_not_compare(self):
        with self.assertRaises(AccessError):
            self.env["member.reconciliation"].with_user(self.cashier).action_open()
