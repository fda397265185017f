from odoo import models

from ..models.member_wallet_report import MEASURES


class MemberPeriodXlsx(models.AbstractModel):
    """The workbook of top-ups and spending: beside the pockets, the books.

    Totals are formulas over the lines, with the ledger's figures as their values, so
    that they tie to the general ledger even where nothing recalculates.
    """

    _name = "report.member_card.member_period_xlsx"
    _description = "Workbook: Top-ups and Spending"
    _inherit = "member.period.workbook"

    _report_model = "member.wallet.report"
    _measures = MEASURES
    _entry_columns = (
        *("date", "partner_id", "class_id", "kind", "asset_id", "reference"),
        *("store_id", "pos_config_id", "operator_id", "amount"),
    )

    def _title(self):
        return self.env._("Top-ups and Spending")

    def _number_format(self, wizard):
        return self._report_xlsx_currency_format(wizard.currency_id)

    def _figures(self, sheet, style, wizard, row):
        """Each pocket's changes; for the whole company before, after and the books."""
        sheet.write_row(row, 0, [self.env._("Pocket"), *self._heads()], style["head"])
        kinds = dict(
            self.env[self._report_model]
            ._fields["asset_kind"]
            ._description_selection(self.env)
        )
        for kind, amounts in wizard._totals().items():
            row += 1
            sheet.write(row, 0, kinds[kind])
            sheet.write_row(
                row, 1, [amounts[name] for name in self._measures], style["number"]
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
                row + offset, 1, amount, style["total" if is_total else "number"]
            )
