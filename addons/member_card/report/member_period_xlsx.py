from odoo import fields, models
from odoo.tools import format_date, format_datetime

from ..models.member_wallet_report import MEASURES

ENTRIES_SHOWN = 20_000
"""Lines of the sheet of entries; more belong into the pivot table."""


class MemberPeriodXlsx(models.AbstractModel):
    """The workbook of a period: summary with the books, lines by group, entries.

    Totals are formulas over the lines, with the ledger's figures as their values, so
    that they tie to the general ledger even where nothing recalculates.
    """

    _name = "report.member_card.member_period_xlsx"
    _description = "Workbook: Top-ups and Spending"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, wizards):
        """Write the sheets; refused without the rights to read and to export.

        :param wizards: one `member.period.report`.
        """
        self.env.user._member_require("reports")
        for wizard in wizards:
            self.env["member.operator.log"]._log_export(wizard)
            style = self._styles(workbook, wizard.currency_id)
            self._summary(workbook, style, wizard)
            self._by_group(workbook, style, wizard)
            self._entries(workbook, style, wizard)

    def _styles(self, workbook, currency):
        money = self._report_xlsx_currency_format(currency)
        return {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "head": workbook.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
            "bold": workbook.add_format({"bold": True}),
            "money": workbook.add_format({"num_format": money}),
            "total": workbook.add_format({"num_format": money, "bold": True, "top": 1}),
        }

    def _heads(self):
        """Return the names of the measures in the reader's language."""
        report = self.env["member.wallet.report"]._fields
        return [report[name]._description_string(self.env) for name in MEASURES]

    # === SHEETS === #

    def _summary(self, workbook, style, wizard):
        """Each pocket's changes; for the whole company before, after and the books."""
        sheet = workbook.add_worksheet(self.env._("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(MEASURES), 15)
        sheet.write(0, 0, self.env._("Top-ups and Spending"), style["title"])
        stores = ", ".join(wizard.store_ids.mapped("display_name"))
        made = format_datetime(self.env, fields.Datetime.now())
        for row, (label, value) in enumerate(
            (
                (self.env._("Company"), wizard.company_id.name),
                (self.env._("Stores"), stores or self.env._("All")),
                (self.env._("From"), format_date(self.env, wizard.date_from)),
                (self.env._("Until"), format_date(self.env, wizard.date_to)),
                (self.env._("Made"), f"{made}, {self.env.user.name}"),
            ),
            1,
        ):
            sheet.write(row, 0, label)
            sheet.write(row, 1, value)
        row = 7
        sheet.write_row(row, 0, [self.env._("Pocket"), *self._heads()], style["head"])
        totals = wizard._totals()
        kinds = dict(
            self.env["member.wallet.report"]
            ._fields["asset_kind"]
            ._description_selection(self.env)
        )
        for kind, amounts in totals.items():
            row += 1
            sheet.write(row, 0, kinds[kind])
            sheet.write_row(
                row, 1, [amounts[name] for name in MEASURES], style["money"]
            )
        if wizard.is_whole:
            self._books(sheet, style, wizard, row + 2)

    def _books(self, sheet, style, wizard, row):
        """How the wallets tie to the accounts."""
        books = wizard._books()
        # sudo: names and codes of the two accounts, for who reads the whole report
        company = wizard.company_id.sudo()
        deposits = company.member_deposit_account_id
        discounts = company.member_discount_account_id
        debit, credit = wizard._account_moves(deposits)
        spent = wizard._account_moves(discounts)
        change = wizard._totals()["principal"]["amount"]
        sheet.write(row, 0, self.env._("Principal and the books"), style["bold"])
        for offset, (label, amount, is_total) in enumerate(
            (
                (self.env._("On the cards before"), books["opening"], False),
                (self.env._("Change in the period"), change, False),
                (self.env._("On the cards after"), books["closing"], True),
                (
                    self.env._("%(account)s before", account=deposits.display_name),
                    books["books_before"],
                    False,
                ),
                (self.env._("Credited in the period"), credit, False),
                (self.env._("Debited in the period"), -debit, False),
                (
                    self.env._("%(account)s after", account=deposits.display_name),
                    books["books"],
                    True,
                ),
                (self.env._("Sessions not closed"), books["open"], False),
                (self.env._("Drafts"), books["draft"], False),
                (self.env._("Difference"), books["difference"], True),
                (
                    self.env._(
                        "%(account)s: spent bonus", account=discounts.display_name
                    ),
                    spent[0] - spent[1],
                    False,
                ),
            ),
            1,
        ):
            sheet.write(row + offset, 0, label, style["bold"] if is_total else None)
            sheet.write_number(
                row + offset, 1, amount, style["total" if is_total else "money"]
            )

    def _by_group(self, workbook, style, wizard):
        """A line for each day, store, till, …, and their sums."""
        names = dict(wizard._fields["group_by"]._description_selection(self.env))
        label = names[wizard.group_by]
        sheet = workbook.add_worksheet(label)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(MEASURES), 15)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [label, *self._heads()], style["head"])
        lines = wizard._lines()
        for row, (name, amounts) in enumerate(lines, 1):
            sheet.write(row, 0, name)
            sheet.write_row(
                row, 1, [amounts[each] for each in MEASURES], style["money"]
            )
        last = len(lines)
        sheet.write(last + 1, 0, self.env._("Total"), style["bold"])
        totals = wizard._totals()
        for column, name in enumerate(MEASURES, 1):
            letter = chr(ord("A") + column)
            sheet.write_formula(
                last + 1,
                column,
                f"=SUM({letter}2:{letter}{last + 1})" if last else "=0",
                style["total"],
                wizard.currency_id.round(sum(kind[name] for kind in totals.values())),
            )

    def _entries(self, workbook, style, wizard):
        """Each entry, as the list shows it."""
        columns = (
            *("date", "partner_id", "class_id", "kind", "asset_id", "reference"),
            *("store_id", "pos_config_id", "operator_id", "amount"),
        )
        sheet = workbook.add_worksheet(self.env._("Entries"))
        sheet.set_column(0, len(columns), 18)
        sheet.freeze_panes(1, 0)
        report = wizard._report()
        heads = [report._fields[name]._description_string(self.env) for name in columns]
        sheet.write_row(0, 0, heads, style["head"])
        kinds = dict(report._fields["kind"]._description_selection(self.env))
        entries = report.search_fetch(
            wizard._domain(), columns, order="date, id", limit=ENTRIES_SHOWN + 1
        )
        for row, entry in enumerate(entries[:ENTRIES_SHOWN], 1):
            # sudo: names of members, tills and operators that the list itself shows
            named = entry.sudo()
            moment = fields.Datetime.context_timestamp(report, entry.date)
            values = [
                moment.strftime("%Y-%m-%d %H:%M"),
                *(named[name].display_name or "" for name in columns[1:3]),
                kinds[entry.kind],
                named.asset_id.display_name,
                entry.reference or "",
                *(named[name].display_name or "" for name in columns[6:9]),
            ]
            sheet.write_row(row, 0, values)
            sheet.write_number(row, len(columns) - 1, entry.amount, style["money"])
        if len(entries) > ENTRIES_SHOWN:
            sheet.write(
                ENTRIES_SHOWN + 1,
                0,
                self.env._("There are more entries: choose a shorter period."),
                style["bold"],
            )
