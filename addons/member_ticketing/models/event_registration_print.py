from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models import ir_actions_report

from .event_registration_till import TAKING
from .pos_config_collection import PROCESS

TICKET_REPORT = "event.action_report_event_registration_full_page_ticket"


class EventRegistration(models.Model):
    """Tickets on paper, many at a time, with whichever wkhtmltopdf there is."""

    _inherit = "event.registration"

    def action_member_print_tickets(self):
        """Print these tickets and note that they were issued.

        :raise UserError: none of them is confirmed.
        """
        self.env.user._member_require(PROCESS)
        self.check_access("read")
        # sudo: who processes tickets may only read attendees
        tickets = self.sudo().filtered(lambda each: each.state in TAKING)
        if not tickets:
            raise UserError(
                self.env._("None of these tickets is valid. Choose confirmed ones.")
            )
        tickets._member_issue()
        tickets._member_log_tickets("ticket_issue")
        return tickets._member_print_action()

    def _member_print_action(self):
        """Return the action that downloads these tickets, ready to be printed."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/member_ticketing/tickets/{ids}",
            "target": "download",
            "close": True,
        }

    def _member_tickets_pdf(self):
        """Return (content, "pdf") of all these tickets; in tests it is "html".

        Debian's wkhtmltopdf makes one document at a time, so they are put together.
        `self` in sudo mode.
        """
        reports = self.env["ir.actions.report"]
        # core asks the same, and has no public way to
        if ir_actions_report._wkhtml().is_patched_qt:
            return reports._render_qweb_pdf(TICKET_REPORT, self.ids)
        found = [reports._render_qweb_pdf(TICKET_REPORT, each.ids) for each in self]
        contents, kinds = zip(*found, strict=True)
        if set(kinds) != {"pdf"}:
            return b"\n".join(contents), kinds[0]
        return merge_pdf(contents), "pdf"
