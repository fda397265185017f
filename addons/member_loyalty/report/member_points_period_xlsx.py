from odoo import models

from ..models.member_points_report import MEASURES


class MemberPointsPeriodXlsx(models.AbstractModel):
    """The workbook of the points of a period."""

    _name = "report.member_loyalty.member_points_period_xlsx"
    _description = "Workbook: Points of a Period"
    _inherit = "member.period.workbook"

    _report_model = "member.points.report"
    _measures = MEASURES
    _entry_columns = (
        *("date", "partner_id", "class_id", "kind", "rule_id", "reference"),
        *("store_id", "earned_store_id", "pos_config_id", "operator_id", "points"),
    )

    def _title(self):
        return self.env._("Points")

    def _number_format(self, wizard):
        places = wizard.company_id._member_asset("points").decimal_places
        return "#,##0" + (f".{'0' * places}" if places else "")

    def _figures(self, sheet, style, wizard, row):
        """Write the changes and, for the whole company, what was before and after."""
        sums = wizard._sums()
        lines = list(zip(self._heads(), (sums[name] for name in MEASURES), strict=True))
        if wizard.is_whole:
            lines = [
                (self.env._("Before"), wizard.opening),
                *lines,
                (self.env._("After"), wizard.closing),
            ]
        for offset, (label, points) in enumerate(lines):
            sheet.write(row + offset, 0, label)
            sheet.write_number(row + offset, 1, points, style["number"])
