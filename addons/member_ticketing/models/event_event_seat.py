from odoo import api, models

from .. import seats
from ..seats import Want


class EventEvent(models.Model):
    """Seats that others have set aside are not on offer, in any channel.

    A caller's own holds (`member_seat_keys` in the context) do not count against it.
    """

    _name = "event.event"
    _inherit = ["event.event", "member.seat.counted.mixin"]

    @api.depends_context("member_seat_keys")
    def _compute_seats(self):
        result = super()._compute_seats()
        events = self.filtered("seats_max")._origin.filtered("id")
        wants = {
            event.id: [
                Want(event.id, slot_id, 0, 0, 0)
                for slot_id in (
                    event.event_slot_ids.ids if event.is_multi_slots else [0]
                )
            ]
            for event in events
        }
        left = seats.left_of(self.env, [w for each in wants.values() for w in each])
        for event in self:
            figures = [left[want].event for want in wants.get(event._origin.id, ())]
            if figures and None not in figures:
                event.seats_available = max(min(event.seats_available, sum(figures)), 0)
        return result

    def _get_seats_availability(self, slot_tickets):
        """Count for each slot and ticket what is held there, and never below zero."""
        wants = [
            Want(self.id, slot.id if slot else 0, ticket.id if ticket else 0, 0, 0)
            for slot, ticket in slot_tickets
        ]
        available = super()._get_seats_availability(slot_tickets)
        left = seats.left_of(self.env, wants)
        return [
            None if seen is None else max(seats.least(seen, left[want].seats), 0)
            for seen, want in zip(available, wants, strict=True)
        ]

    def _member_seat_event_ids(self):
        return self.ids
