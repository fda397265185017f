from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class MemberTicketPortal(CustomerPortal):
    """The tickets of whoever is signed in: theirs alone, with the code to enter by."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "member_ticket_count" in counters:
            registrations = request.env["event.registration"]
            values["member_ticket_count"] = len(registrations._member_own_tickets())
        return values

    @route("/my/tickets", type="http", auth="user", website=True, readonly=True)
    def portal_my_tickets(self, when="coming", **_kwargs):
        """List the performances that the user has tickets for, the next one first."""
        registrations = request.env["event.registration"]
        when = when if when == "past" else "coming"
        tickets_sudo = registrations._member_own_tickets(past=when == "past")
        return request.render(
            "member_ticketing.portal_my_tickets",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "member_tickets",
                "performances": tickets_sudo._member_by_performance(),
                "when": when,
            },
        )

    @route(
        "/my/tickets/<int:registration_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_ticket(self, registration_id, **_kwargs):
        """Show the codes of one performance: those of the ticket and its neighbours."""
        registrations = request.env["event.registration"]
        tickets_sudo = registrations._member_own_tickets()
        tickets_sudo |= registrations._member_own_tickets(past=True)
        ticket_sudo = tickets_sudo.filtered(lambda each: each.id == registration_id)
        if not ticket_sudo:
            raise NotFound()
        [(performance, tickets_sudo)] = tickets_sudo.filtered(
            lambda each: (
                each.event_id == ticket_sudo.event_id
                and each.event_slot_id == ticket_sudo.event_slot_id
            )
        )._member_by_performance()
        return request.render(
            "member_ticketing.portal_my_ticket",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "member_tickets",
                "performance": performance,
                "tickets": tickets_sudo,
                "when": "coming"
                if performance.date_end >= fields.Datetime.now()
                else "past",
            },
        )
