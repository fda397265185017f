from odoo import models

from ..models.member_ticket_report import MEASURES


class MemberTicketPeriodXlsx(models.AbstractModel):
    """The workbook of the tickets of a period."""

    _name = "report.member_ticketing.member_ticket_period_xlsx"
    _description = "Workbook: Tickets of a Period"
    _inherit = "member.period.workbook"

    _report_model = "member.ticket.report"
    _measures = MEASURES
    _entry_columns = (
        *("date", "event_id", "slot_id", "ticket_id", "partner_id", "class_id"),
        *("channel", "policy_id", "reference", "store_id", "operator_id", "tickets"),
        "revenue",
    )

    def _title(self):
        return self.env._("Tickets")

    def _number_format(self, wizard):
        return "#,##0.##"

    def _figures(self, sheet, style, wizard, row):
        """Write the sums of the period."""
        sums = wizard._sums()
        for offset, (label, name) in enumerate(
            zip(self._heads(), MEASURES, strict=True)
        ):
            sheet.write(row + offset, 0, label)
            sheet.write_number(row + offset, 1, sums[name], style["number"])
