from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models


@dataclass(frozen=True)
class Performance:
    """What stands on the tickets of one evening; `event` and `slot` in sudo mode."""

    event: models.BaseModel
    slot: models.BaseModel
    date_begin: datetime
    date_end: datetime

    def when(self):
        """Return day and time of the beginning, as people say it who are let in.

        By the clock of the house, in the order of words of the reader's language.
        """
        return self.event._member_when(self.date_begin)


class EventRegistration(models.Model):
    """The tickets that a signed-in person finds under "My tickets"."""

    _inherit = "event.registration"

    @api.model
    def _member_own_tickets(self, past=False):
        """Return the user's own seats, in sudo mode: coming ones, or those of the past.

        Cancelled and unpaid ones are no tickets. A performance is past when it ended.
        """
        # sudo: portal users may not read registrations; the domain names their own
        tickets = self.sudo().search(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("state", "in", ("open", "done")),
            ]
        )
        now = fields.Datetime.now()
        tickets = tickets.filtered(
            lambda ticket: (ticket.event_end_date < now) == bool(past)
        )
        return tickets.sorted(
            lambda ticket: (
                ticket.event_begin_date,
                ticket.event_id.id,
                ticket.event_slot_id.id,
                ticket.event_ticket_id.sequence,
                ticket.id,
            ),
            reverse=past,
        )

    def _member_by_performance(self):
        """Return `[(Performance, tickets)]` in the order of the tickets."""
        groups = self.grouped(lambda ticket: (ticket.event_id, ticket.event_slot_id))
        return [
            (
                Performance(
                    event=event,
                    slot=slot,
                    date_begin=tickets[0].event_begin_date,
                    date_end=tickets[0].event_end_date,
                ),
                tickets.sorted(
                    lambda ticket: (ticket.event_ticket_id.sequence, ticket.id)
                ),
            )
            for (event, slot), tickets in groups.items()
        ]

    def _member_counts(self):
        """Return `[(ticket's name, how many)]`, for "2 × Stalls"."""
        return [
            (kind.name or self.env._("Registration"), len(tickets))
            for kind, tickets in self.grouped("event_ticket_id").items()
        ]

    def _member_download_url(self):
        """Return where all of these tickets, of one performance, come as one PDF."""
        event = self.event_id
        event.ensure_one()
        return (
            f"/event/{event.id}/my_tickets?registration_ids={self.ids}"
            f"&tickets_hash={event._get_tickets_access_hash(self.ids)}"
        )
