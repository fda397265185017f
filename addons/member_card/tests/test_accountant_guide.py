from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import tagged

from .common_books import BooksCase

GUIDES = Path(__file__).resolve().parents[3] / "docs"
ENGLISH = ("accountant.md", "## A worked month")
CHINESE = ("accountant.zh_CN.md", "## 一个月的例子")


def tables(text):
    """Return the tables of Markdown, each as its rows without the heads."""
    found, rows = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            found.append(rows[2:])
            rows = []
    return found


def worked_month(guide, heading):
    """Return the tables of a guide's worked month."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return tables(text.partition(heading)[2].partition("\n## ")[0])


def number(cell):
    return float(cell.replace(",", ""))


def figures(rows):
    """Return the cells that are amounts, row by row."""
    return [[cell for cell in row if cell.endswith(".00")] for row in rows]


@tagged("post_install", "-at_install")
class TestAccountantGuide(BooksCase):
    """The worked month of docs/accountant.md, played: its tables are what must come."""

    def setUp(self):
        super().setUp()
        if not GUIDES.exists():
            self.skipTest("the guides are not installed with the add-on")
        self.days, self.booked, self.accounts, self.period, self.agreed = worked_month(
            *ENGLISH
        )
        self.moves = {}
        self.bank_journal = self.company_data["default_journal_bank"]
        self.cash_journal = self.company_data["default_journal_cash"]
        self.names = {
            self.deposits: "Member deposits",
            self.discounts: "Member discounts",
            self.sales: "Sales",
            self.tax_account: "Tax",
            self.cash.journal_id.default_account_id: "Cash",
            self.cash_journal.default_account_id: "Cash",
        }

    # === WHAT HAPPENS === #

    def story(self):
        """Return the steps, one for each row of the first table."""
        return (
            self.ann_tops_up,
            self.ann_buys_tea,
            lambda: self.close_register("Closing of the 3rd"),
            self.bob_transfers,
            self.bob_buys_with_bonus,
            self.ann_splits,
            lambda: self.close_register("Closing of the 10th"),
            self.ann_returns_tea,
            lambda: self.close_register("Closing of the 18th"),
            self.ann_pays_at_the_office,
            self.office_takes_back,
        )

    def ann_tops_up(self):
        self.top_up(self.ann, 500)

    def ann_buys_tea(self):
        self.tea_order = self.sell(self.ann, 100, product=self.tea)

    def close_register(self, name):
        session = self.session
        self.close_session(session)
        self.moves[name] = session._get_related_account_moves()
        type(self).session = self.open_session(self.till)

    def office_top_up(self, name, member, amount, journal, bonus=0):
        wizard = (
            self.env["member.topup"]
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "partner_id": member.id,
                    "amount": amount,
                    "bonus_amount": bonus,
                    "journal_id": journal.id,
                    "company_id": self.company.id,
                }
            )
        )
        wizard.action_confirm()
        self.post_commit()
        payment = self.env["account.payment"].search(
            [("member_topup_key", "=", wizard.request_key)]
        )
        self.moves[name] = payment.move_id
        return payment

    def bob_transfers(self):
        payment = self.office_top_up(
            "Bob's transfer", self.bob, 300, self.bank_journal, bonus=30
        )
        self.names[payment.outstanding_account_id] = "Bank"

    def bob_buys_with_bonus(self):
        self.pay(
            self.bob,
            [(self.book, 1, 40, {})],
            [
                (self.wallet_bonus, 30, self.hold(self.bob, 30, self.bonus)),
                (self.wallet, 10, self.hold(self.bob, 10)),
            ],
        )

    def ann_splits(self):
        self.pay(
            self.ann,
            [(self.book, 2, 40, {})],
            [(self.wallet, 50, self.hold(self.ann, 50)), (self.cash, 30, None)],
        )

    def pay(self, member, lines, payments):
        self.send(self.order_data(lines, payments, member))

    def ann_returns_tea(self):
        self.refund(self.tea_order, [(self.wallet, -115, None)])

    def ann_pays_at_the_office(self):
        self.payment = self.office_top_up("Ann's 100", self.ann, 100, self.cash_journal)

    def office_takes_back(self):
        self.payment.action_member_take_back()
        self.post_commit()
        self.moves["Ann's 100 taken back"] = self.env["account.move"].search(
            [("reversed_entry_id", "=", self.payment.move_id.id)]
        )

    # === WHAT THE GUIDE SAYS === #

    def sums(self, moves, with_member):
        """Return [name, member, debit, credit] of the accounts that the guide names."""
        found = defaultdict(lambda: [0.0, 0.0])
        for line in moves.line_ids:
            if name := self.names.get(line.account_id):
                own = name.startswith("Member") and with_member
                key = (name, (own and line.partner_id.name) or "")
                found[key][0] += line.debit
                found[key][1] += line.credit
        return {key: [round(each, 2) for each in pair] for key, pair in found.items()}

    def test_worked_month(self):
        """Each day's balances, each entry, the accounts, the report, the comparison."""
        story = self.story()
        self.assertEqual(len(story), len(self.days))
        for step, (day, what, *balances) in zip(story, self.days, strict=True):
            step()
            with self.subTest(day=day, what=what):
                self.assertEqual(
                    [
                        self.available(self.ann),
                        self.available(self.bob),
                        self.available(self.bob, self.bonus),
                    ],
                    [number(cell) for cell in balances],
                )
        self.check_entries()
        self.check_accounts()
        self.check_report()
        self.check_reconciliation()

    def test_chinese_says_the_same(self):
        """Table by table and row by row the Chinese guide has the same amounts."""
        month = (self.days, self.booked, self.accounts, self.period, self.agreed)
        self.assertEqual(
            [figures(rows) for rows in worked_month(*CHINESE)],
            [figures(rows) for rows in month],
        )
        self.assertEqual(len(figures(self.days)[0]), 3)

    def check_entries(self):
        said = defaultdict(dict)
        for name, account, member, debit, credit in self.booked:
            said[name][account, member] = [number(debit), number(credit)]
        self.assertEqual(set(said), set(self.moves))
        for name, moves in self.moves.items():
            with self.subTest(booked=name):
                self.assertEqual(self.sums(moves, with_member=True), said[name])
                rest = moves.line_ids.filtered(
                    lambda line: line.account_id not in self.names
                )
                self.assertAlmostEqual(sum(rest.mapped("balance")), 0)

    def check_accounts(self):
        every = self.env["account.move"].union(*self.moves.values())
        posted = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        self.assertEqual(posted, every & posted)
        found = {
            name: [debit, credit, round(debit - credit, 2)]
            for (name, _member), (debit, credit) in self.sums(
                every, with_member=False
            ).items()
        }
        said = {
            name: [number(cell) for cell in cells] for name, *cells in self.accounts
        }
        self.assertEqual(found, said)

    def check_report(self):
        # all was done in one transaction: today, or yesterday by now
        today, day = fields.Date.today(), timedelta(days=1)
        report = (
            self.env["member.period.report"]
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {"period": "other", "date_from": today - day, "date_to": today + day}
            )
        )
        [said] = self.period
        self.assertEqual(
            [
                report.topup_amount,
                report.bonus_amount,
                report.spent_amount,
                report.refunded_amount,
                report.paid_out_amount,
                report.closing,
            ],
            [number(cell) for cell in said],
        )

    def check_reconciliation(self):
        result = self.company._member_reconcile()
        [said] = self.agreed
        names = ("ledger", "books", "open", "draft", "difference")
        self.assertEqual(
            [result["totals"][name] for name in names], [number(cell) for cell in said]
        )
        self.assertEqual(result["exceptions"], [])
