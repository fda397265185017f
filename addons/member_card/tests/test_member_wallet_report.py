from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.member_wallet_report import MEASURES
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestMemberWalletReport(BooksCase):
    """A7, D12: top-ups and spending of any period, the same figures everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["member.store"].create(
            {"name": "Shop", "code": "SHOP", "company_id": cls.company.id}
        )
        cls.till.sudo().member_store_id = cls.shop
        cls.supervisor = cls.person("report_supervisor", "supervisor")
        cls.accountant = cls.person("report_accountant", "accountant")

    @classmethod
    def person(cls, login, role, **values):
        return new_test_user(
            cls.env,
            login,
            groups=f"member_card.group_member_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    def trade(self):
        """Top up 500 at the till, give 50 bonus, spend 40 + 90, refund 40."""
        self.top_up(self.ann, 500)
        self.credit(self.bob, bonus=50)
        order = self.sell(self.ann, 40)
        self.sell(self.ann, 90)
        self.refund(order, [(self.wallet, -40, None)])

    def wizard(self, user=None, **values):
        wizards = self.env["member.period.report"].with_user(user or self.accountant)
        today = fields.Date.today()
        if "period" not in values:
            values = {
                "period": "other",
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
                **values,
            }
        return wizards.with_context(allowed_company_ids=self.company.ids).create(values)

    def workbook(self, wizard):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(wizard.env.user)
            .with_context(allowed_company_ids=self.company.ids)
            ._render("member_card.member_period_report_xlsx", wizard.ids)
        )
        self.assertEqual(kind, "xlsx")
        return load_workbook(BytesIO(content))

    # === THE REPORT === #

    def test_each_way_money_moves_has_its_column(self):
        self.trade()
        [amounts] = (
            self.env["member.wallet.report"]
            .with_user(self.supervisor)
            .with_context(allowed_company_ids=self.company.ids)
            ._read_group([], [], [f"{name}:sum" for name in MEASURES])
        )
        self.assertEqual(
            dict(zip(MEASURES, amounts, strict=True)),
            {
                "topup_amount": 500,
                "bonus_amount": 50,
                "spent_amount": 130,
                "refunded_amount": 40,
                "paid_out_amount": 0,
                "other_amount": 0,
                "amount": 460,
            },
        )

    def test_by_class_as_it_was(self):
        """A member who moves up later spent as what they were."""
        self.top_up(self.ann, 500)
        before = self.ann.member_class_id
        self.ann.member_class_id = self.env.ref("member_card.member_class_discount")
        lines = self.env["member.wallet.report"].search(
            [("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(len(lines), 1)
        # the history is younger than this transaction, whose entry is as old as it
        self.assertEqual(lines.class_id, self.ann.member_class_id)
        history = self.ann.member_class_history_ids.sorted("id")
        history[0].sudo().date_from = fields.Datetime.now() - timedelta(days=1)
        history[0].sudo().date_to = history[1].sudo().date_from = (
            fields.Datetime.now() + timedelta(days=1)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lines.class_id, before)

    def test_companies_and_stores(self):
        self.trade()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "report_stranger",
            groups="member_card.group_member_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        report = self.env["member.wallet.report"]
        self.assertFalse(report.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            report.with_user(self.cashier).search([])
        elsewhere = self.env["member.store"].create(
            {"name": "Bar", "code": "BAR", "company_id": self.company.id}
        )
        barkeeper = self.person(
            "report_bar", "supervisor", member_store_ids=[Command.set(elsewhere.ids)]
        )
        seen = report.with_user(barkeeper).search(
            [("company_id", "=", self.company.id)]
        )
        # the bonus was given in no store
        self.assertEqual(seen.mapped("kind"), ["bonus"])

    # === THE PERIOD === #

    def test_figures_tie_to_the_general_ledger(self):
        self.trade()
        wizard = self.wizard()
        self.assertTrue(wizard.is_whole)
        self.assertEqual(
            (wizard.opening, wizard.closing, wizard.books, wizard.open),
            (0, 410, 0, 410),
        )
        self.assertEqual(wizard.difference, 0)
        self.close_session()
        wizard = self.wizard()
        self.assertEqual(
            (wizard.closing, wizard.books, wizard.open, wizard.difference),
            (410, 410, 0, 0),
        )
        debit, credit = wizard._account_moves(self.deposits)
        self.assertEqual(credit - debit, 410)
        self.assertEqual(wizard._totals()["principal"]["amount"], 410)

    def test_reconciling_opens_the_last_day(self):
        self.trade()
        wizard = self.wizard()
        action = wizard.action_reconcile()
        opened = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(opened.date, wizard.date_to)
        self.assertEqual(opened.ledger, wizard.closing)
        self.assertTrue(opened.line_ids)

    def test_days_are_the_companys(self):
        """A top-up at 23:30 UTC is tomorrow's in Shanghai."""
        self.trade()
        self.company.partner_id.tz = "Pacific/Kiritimati"
        wizard = self.wizard(period="today")
        begin, end = wizard._bounds()
        self.assertEqual((end - begin), timedelta(days=1))
        self.assertEqual(begin.hour, 10)  # UTC+14
        self.assertTrue(begin <= fields.Datetime.now() < end)
        self.assertEqual(wizard.topup_amount, 500)

    def test_a_period_without_anything(self):
        self.trade()
        past = fields.Date.today() - timedelta(days=400)
        wizard = self.wizard(date_from=past, date_to=past)
        self.assertEqual((wizard.topup_amount, wizard.closing), (0, 0))
        self.assertEqual(wizard._lines(), [])
        self.workbook(wizard)

    def test_a_store_sees_its_own_and_no_books(self):
        self.trade()
        bound = self.person(
            "report_bound", "supervisor", member_store_ids=[Command.set(self.shop.ids)]
        )
        wizard = self.wizard(bound)
        self.assertFalse(wizard.is_whole)
        self.assertEqual((wizard.topup_amount, wizard.closing), (500, 0))
        whole = self.wizard(store_ids=[Command.set(self.shop.ids)])
        self.assertEqual((whole.bonus_amount, whole.topup_amount), (0, 500))
        self.assertFalse(whole.is_whole)

    def test_the_wrong_way_round(self):
        today = fields.Date.today()
        with self.assertRaisesRegex(UserError, "Swap"):
            self.wizard(date_from=today, date_to=today - timedelta(days=3))

    def test_form_follows_the_period(self):
        wizards = self.env["member.period.report"].with_user(self.supervisor)
        with Form(wizards.with_context(allowed_company_ids=self.company.ids)) as form:
            form.period = "yesterday"
            self.assertEqual(form.date_from, form.date_to)
            form.period = "year"
            self.assertEqual((form.date_from.month, form.date_to.month), (1, 12))

    # === THE WORKBOOK === #

    def test_workbook_has_the_same_figures(self):
        """A4: finance totals top-ups and ties them to the accounts."""
        self.trade()
        self.close_session()
        wizard = self.wizard(group_by="store")
        book = self.workbook(wizard)
        summary = {
            row[0]: list(row[1:])
            for row in book["Summary"].iter_rows(values_only=True)
            if row[0]
        }
        self.assertEqual(summary["Principal"][:7], [500, 0, 130, 40, 0, 0, 410])
        self.assertEqual(summary["Bonus"][:7], [0, 50, 0, 0, 0, 0, 50])
        self.assertEqual(summary["On the cards after"][0], 410)
        self.assertEqual(summary[f"{self.deposits.display_name} after"][0], 410)
        self.assertEqual(summary["Difference"][0], 0)
        lines = list(book["Store"].iter_rows(values_only=True))
        self.assertEqual(lines[1][:2], ("Shop", 500))
        self.assertEqual(lines[-1][:2], ("Total", f"=SUM(B2:B{len(lines) - 1})"))
        entries = list(book["Entries"].iter_rows(min_row=2, values_only=True))
        self.assertEqual(sum(row[-1] for row in entries), 460)

    def test_workbook_is_exported_by_right_and_noted(self):
        self.trade()
        with self.assertRaisesRegex(AccessError, "export"):
            self.wizard(self.supervisor).action_xlsx()
        with self.assertRaises(AccessError):
            self.workbook(self.wizard(self.supervisor))
        self.workbook(self.wizard())
        line = self.env["member.operator.log"].search(
            [("user_id", "=", self.accountant.id), ("action", "=", "export")]
        )
        self.assertEqual(len(line), 1)

    def test_by_salesperson(self):
        """D13: who stood at the till, whoever was logged in there."""
        employees = self.env["hr.employee"].sudo()
        cai, deng = (employees.create({"name": name}) for name in ("Cai", "Deng"))
        self.credit(self.ann, money=500)
        self.sell(self.ann, 40, employee_id=cai.id)
        self.sell(self.ann, 90, employee_id=deng.id)
        self.sell(self.ann, 10, employee_id=cai.id)
        lines = dict(self.wizard(group_by="salesperson")._lines())
        spent = [lines[name]["spent_amount"] for name in ("Cai", "Deng")]
        self.assertEqual(spent, [50, 90])

    def test_every_grouping(self):
        self.trade()
        for group in (
            "day",
            "month",
            "year",
            "till",
            "operator",
            "salesperson",
            "class",
        ):
            with self.subTest(group=group):
                lines = self.wizard(group_by=group)._lines()
                self.assertEqual(sum(each["amount"] for _name, each in lines), 460)
