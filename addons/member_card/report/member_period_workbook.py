from odoo import fields, models
from odoo.tools import format_date, format_datetime

LINES_SHOWN = 20_000
"""Of the sheet of entries; more belong into the pivot table."""


class MemberPeriodWorkbook(models.AbstractModel):
    """A workbook of a `member.period.mixin`: summary, lines by group, entries.

    Who inherits it names the measures, which are fields of the wizard's `_report()`,
    and writes the figures of the summary.
    """

    _name = "member.period.workbook"
    _description = "Workbook of a Period"
    _inherit = "report.report_xlsx.abstract"

    _report_model = None
    _measures = ()
    _entry_columns = ()
    """Of the sheet of entries: a moment, then words and names, at last an amount."""

    def generate_xlsx_report(self, workbook, data, wizards):
        """Write the sheets; refused without the rights to read and to export."""
        self.env.user._member_require("reports")
        for wizard in wizards:
            self.env["member.operator.log"]._log_export(wizard)
            style = self._styles(workbook, self._number_format(wizard))
            self._summary(workbook, style, wizard)
            self._by_group(workbook, style, wizard)
            self._entries(workbook, style, wizard)

    # === WHAT IT IS OF === #

    def _title(self):
        """Return what stands on top of the summary."""
        raise NotImplementedError

    def _number_format(self, wizard):
        """Return how amounts are written, as Excel says it."""
        raise NotImplementedError

    def _figures(self, sheet, style, wizard, row):
        """Write the figures of the summary from this row on."""
        raise NotImplementedError

    # === SHEETS === #

    def _styles(self, workbook, number):
        return {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "head": workbook.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
            "bold": workbook.add_format({"bold": True}),
            "number": workbook.add_format({"num_format": number}),
            "total": workbook.add_format(
                {"num_format": number, "bold": True, "top": 1}
            ),
        }

    def _heads(self, names=None):
        """Return the names of fields, of the measures by default, for the reader."""
        report = self.env[self._report_model]._fields
        return [
            report[name]._description_string(self.env)
            for name in names or self._measures
        ]

    def _summary(self, workbook, style, wizard):
        sheet = workbook.add_worksheet(self.env._("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(self._measures), 15)
        sheet.write(0, 0, self._title(), style["title"])
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
        self._figures(sheet, style, wizard, 7)

    def _by_group(self, workbook, style, wizard):
        """A line for each day, store, till, …, and their sums."""
        names = dict(wizard._fields["group_by"]._description_selection(self.env))
        label = names[wizard.group_by]
        sheet = workbook.add_worksheet(label)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(self._measures), 15)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [label, *self._heads()], style["head"])
        lines = wizard._lines()
        for row, (name, amounts) in enumerate(lines, 1):
            sheet.write(row, 0, name)
            sheet.write_row(
                row, 1, [amounts[each] for each in self._measures], style["number"]
            )
        last = len(lines)
        sheet.write(last + 1, 0, self.env._("Total"), style["bold"])
        totals = wizard._sums()
        for column, name in enumerate(self._measures, 1):
            letter = chr(ord("A") + column)
            sheet.write_formula(
                last + 1,
                column,
                f"=SUM({letter}2:{letter}{last + 1})" if last else "=0",
                style["total"],
                totals[name],
            )

    def _entries(self, workbook, style, wizard):
        """Each entry, as the list shows it."""
        sheet = workbook.add_worksheet(self.env._("Entries"))
        sheet.set_column(0, len(self._entry_columns), 18)
        sheet.freeze_panes(1, 0)
        report = wizard._report()
        sheet.write_row(0, 0, self._heads(self._entry_columns), style["head"])
        lines = report.search_fetch(
            wizard._domain(),
            self._entry_columns,
            order="date, id",
            limit=LINES_SHOWN + 1,
        )
        *words, amount = self._entry_columns[1:]
        write = [self._word(report, name) for name in words]
        for row, line in enumerate(lines[:LINES_SHOWN], 1):
            moment = fields.Datetime.context_timestamp(report, line.date)
            # sudo: names of members, tills and operators that the list itself shows
            named = line.sudo()
            sheet.write_row(
                row,
                0,
                [moment.strftime("%Y-%m-%d %H:%M"), *(word(named) for word in write)],
            )
            sheet.write_number(row, len(words) + 1, line[amount], style["number"])
        if len(lines) > LINES_SHOWN:
            sheet.write(
                LINES_SHOWN + 1,
                0,
                self.env._("There are more entries: choose a shorter period."),
                style["bold"],
            )

    def _word(self, report, name):
        """Return a function that says a field of a line in the reader's language."""
        field = report._fields[name]
        if field.type == "selection":
            named = dict(field._description_selection(self.env))
            return lambda line: named.get(line[name], "")
        if field.relational:
            return lambda line: line[name].display_name or ""
        return lambda line: line[name] or ""
