from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from odoo import api, models
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse


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

    def _member_when(self, begins, day="MMMMEEEEd"):
        """Return day and time of a beginning, as people say it.

        By the clock of the house, in the order of words of the reader's language.

        :param begins: in UTC.
        :param day: which parts of the day, as a skeleton of the CLDR.
        """
        self.ensure_one()
        locale = babel_locale_parse(self.env.lang)
        local = begins.replace(tzinfo=ZoneInfo("UTC"))
        local = local.astimezone(ZoneInfo(self.date_tz))
        on = format_skeleton(day, local, locale=locale)
        return f"{on} {format_time(local, format='short', locale=locale)}"
