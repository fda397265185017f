from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.member_wallet_report import MEASURES

GROUPS = {
    "day": "date:day",
    "month": "date:month",
    "year": "date:year",
    "store": "store_id",
    "till": "pos_config_id",
    "operator": "operator_id",
    "salesperson": "salesperson_id",
    "class": "class_id",
}


class MemberPeriodReport(models.TransientModel):
    """D12: top-ups and spending of any period, tied to the general ledger.

    The figures are those of `member.wallet.report`, in days of the company's time zone.
    What was on the cards before and after, and the books, are the company's: they show
    only where nobody left out a store.
    """

    _name = "member.period.report"
    _description = "Top-ups and Spending of a Period"
    _inherit = ["member.period.mixin"]
    _report_model = "member.wallet.report"
    _report_action = "member_card.member_wallet_report_action"
    _workbook = "member_card.member_period_report_xlsx"
    _measures = MEASURES
    _groups = GROUPS

    group_by = fields.Selection(
        [
            ("day", "Day"),
            ("month", "Month"),
            ("year", "Year"),
            ("store", "Store"),
            ("till", "Till"),
            ("operator", "Operator"),
            ("salesperson", "Salesperson"),
            ("class", "Class"),
        ],
        "Lines By",
        required=True,
        default="day",
    )
    topup_amount = fields.Monetary("Top-ups", compute="_compute_figures")
    bonus_amount = fields.Monetary("Bonus Given", compute="_compute_figures")
    spent_amount = fields.Monetary("Spent", compute="_compute_figures")
    refunded_amount = fields.Monetary("Refunded", compute="_compute_figures")
    paid_out_amount = fields.Monetary("Paid Out", compute="_compute_figures")
    other_amount = fields.Monetary("Other Changes", compute="_compute_figures")
    is_whole = fields.Boolean(compute="_compute_books")
    opening = fields.Monetary("On the Cards Before", compute="_compute_books")
    closing = fields.Monetary("On the Cards After", compute="_compute_books")
    books = fields.Monetary("Deposits Account", compute="_compute_books")
    open = fields.Monetary("Sessions Not Closed", compute="_compute_books")
    draft = fields.Monetary("Drafts", compute="_compute_books")
    difference = fields.Monetary(compute="_compute_books")

    # === COMPUTE === #

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Top-ups and Spending, %(first)s – %(last)s",
                **wizard._days(),
            )

    @api.depends("date_from", "date_to", "store_ids", "company_id")
    @api.depends_context("uid")
    def _compute_books(self):
        for wizard in self:
            wizard.is_whole = wizard._has_period() and wizard._sees_everything()
            books = wizard._books() if wizard.is_whole else {}
            for name in ("opening", "closing", "books", "open", "draft", "difference"):
                wizard[name] = books.get(name, 0)

    # === ACTIONS === #

    def action_reconcile(self):
        """Compare wallets and books at the end of the period, member by member."""
        self.ensure_one()
        wizard = self.env["member.reconciliation"].create({"date": self.date_to})
        wizard.action_compare()
        return wizard._action()

    # === FIGURES === #

    def _totals(self):
        """Return `{pocket kind: {measure: amount}}` of the period."""
        self.ensure_one()
        totals = {kind: dict.fromkeys(MEASURES, 0.0) for kind in ("principal", "bonus")}
        for kind, *amounts in self._report()._read_group(
            self._domain(), ["asset_kind"], [f"{name}:sum" for name in MEASURES]
        ):
            for name, amount in zip(MEASURES, amounts, strict=True):
                totals[kind][name] = self.currency_id.round(amount)
        return totals

    def _sums(self):
        """Return `{measure: amount}` of the period, all pockets together."""
        totals = self._totals().values()
        return {
            name: self.currency_id.round(sum(kind[name] for kind in totals))
            for name in MEASURES
        }

    def _books(self):
        """Return what was on the cards before and after, and what the books say.

        Principal only: a bonus is no liability until it is spent.
        """
        self.ensure_one()
        # sudo: sums over all branches, for who may read the whole company's report
        company = self.company_id.sudo()
        before = company._member_reconcile_totals(self.date_from - timedelta(days=1))
        after = company._member_reconcile_totals(self.date_to)
        return {
            **after,
            "opening": before["ledger"],
            "closing": after["ledger"],
            "books_before": before["books"],
        }

    def _account_moves(self, account):
        """Return (debit, credit) of an account in the period, posted, all branches."""
        # sudo: as above
        rows = self.env.execute_query(
            SQL(
                """SELECT coalesce(sum(debit), 0), coalesce(sum(credit), 0)
                     FROM account_move_line
                    WHERE account_id = %s AND company_id = ANY(%s)
                      AND parent_state = 'posted' AND date BETWEEN %s AND %s""",
                account.id,
                self.sudo().company_id._member_companies().ids,
                self.date_from,
                self.date_to,
            )
        )
        return tuple(float(amount) for amount in rows[0])
