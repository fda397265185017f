from odoo import api, models
from odoo.tools import format_datetime


class EventEvent(models.Model):
    """Performances of one name told apart by their date, where one is chosen."""

    _inherit = "event.event"

    @api.depends("date_begin", "date_tz")
    @api.depends_context("member_with_date", "formatted_display_name", "lang")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        context = self.env.context
        if context.get("member_with_date") and context.get("formatted_display_name"):
            for event in self.filtered("date_begin"):
                begins = format_datetime(
                    self.env, event.date_begin, tz=event.date_tz, dt_format="short"
                )
                event.display_name = f"{event.name} \t --{begins}--"
        return result
