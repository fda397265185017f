from odoo import fields, models
from odoo.tools import format_date, format_datetime


class MemberPointsProvisionXlsx(models.AbstractModel):
    """The workbook of the provision: how it is reckoned, and what it consists of.

    The provision and each line are formulas over points, value and redemption, so that
    an auditor can try other ones.
    """

    _name = "report.member_loyalty.member_points_provision_xlsx"
    _description = "Workbook: Provision for Points"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, wizards):
        """Write one sheet; refused without the rights to read and to export."""
        for wizard in wizards:
            wizard._check_right()
            self.env["member.operator.log"]._log_export(wizard)
            style = self._styles(workbook, wizard)
            sheet = workbook.add_worksheet(self.env._("Provision"))
            sheet.set_column(0, 0, 34)
            sheet.set_column(1, 2, 18)
            row = self._summary(sheet, style, wizard)
            for dimension, label in wizard.line_ids._fields[
                "dimension"
            ]._description_selection(self.env):
                lines = wizard.line_ids.filtered(
                    lambda line, dimension=dimension: line.dimension == dimension
                )
                row = self._lines(sheet, style, row + 1, label, lines)

    def _styles(self, workbook, wizard):
        money = self._report_xlsx_currency_format(wizard.currency_id)
        places = wizard.company_id._member_asset("points").decimal_places
        points = "#,##0" + (f".{'0' * places}" if places else "")
        return {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "head": workbook.add_format({"bold": True, "bottom": 1}),
            "bold": workbook.add_format({"bold": True}),
            "points": workbook.add_format({"num_format": points}),
            "money": workbook.add_format({"num_format": money}),
            "total": workbook.add_format({"num_format": money, "bold": True, "top": 1}),
            "value": workbook.add_format({"num_format": "0.0000"}),
            "rate": workbook.add_format({"num_format": "0.00%"}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }

    def _summary(self, sheet, style, wizard):
        """Write how the provision is reckoned; return the row after it."""
        made = format_datetime(self.env, fields.Datetime.now())
        sheet.write(0, 0, self.env._("Provision for Points"), style["title"])
        for row, (label, value) in enumerate(
            (
                (self.env._("Company"), wizard.company_id.name),
                (self.env._("At the end of"), format_date(self.env, wizard.date)),
                (self.env._("Made"), f"{made}, {self.env.user.name}"),
            ),
            1,
        ):
            sheet.write(row, 0, label)
            sheet.write(row, 1, value)
        for row, (label, number, kind) in enumerate(
            (
                (self.env._("Points in the ledger"), wizard.ledger_points, "points"),
                (self.env._("Expired by then"), wizard.lapsed_points, "points"),
                (self.env._("Outstanding points"), wizard.points, "points"),
                (self.env._("Value of a point"), wizard.point_value, "value"),
                (
                    self.env._("Expected redemption"),
                    wizard.redemption_rate / 100,
                    "rate",
                ),
            ),
            5,
        ):
            sheet.write(row, 0, label)
            sheet.write_number(row, 1, number, style[kind])
        sheet.write_formula("B8", "=B6-B7", style["points"], wizard.points)
        sheet.write(10, 0, self.env._("Provision"), style["bold"])
        sheet.write_formula("B11", "=B8*B9*B10", style["total"], wizard.amount)
        sheet.write(
            11,
            0,
            self.env._(
                "Points × value × expected redemption: IFRS 15 B39–B43; CAS 14, "
                "article 35."
            ),
        )
        return 12

    def _lines(self, sheet, style, row, label, lines):
        """Write the provision by class, store or year; return the row after it."""
        sheet.write_row(
            row,
            0,
            [label, self.env._("Points"), self.env._("Provision")],
            style["head"],
        )
        for line in lines:
            row += 1
            sheet.write(row, 0, line.name)
            sheet.write_number(row, 1, line.points, style["points"])
            sheet.write_formula(
                row, 2, f"=B{row + 1}*$B$9*$B$10", style["money"], line.amount
            )
        return row + 1
