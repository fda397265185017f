from odoo import api, models

from .. import seats
from ..seats import Want


class EventEventTicket(models.Model):
    """As for the performance: what others have set aside is not on offer."""

    _name = "event.event.ticket"
    _inherit = ["event.event.ticket", "member.seat.counted.mixin"]

    @api.depends_context("member_seat_keys")
    def _compute_seats(self):
        result = super()._compute_seats()
        # of tickets to several slots each slot has its own number of seats
        wants = {
            ticket.id: Want(ticket.event_id.id, 0, ticket.id, 0, 0)
            for ticket in self._origin
            if ticket.seats_max and not ticket.event_id.is_multi_slots
        }
        left = seats.left_of(self.env, wants.values())
        for ticket in self:
            want = wants.get(ticket._origin.id)
            if want and left[want].ticket is not None:
                ticket.seats_available = max(
                    min(ticket.seats_available, left[want].ticket), 0
                )
        return result

    @api.onchange("seats_max")
    def _onchange_member_seats_max(self):
        """A smaller room is allowed, and takes nothing back; say so."""
        sold = self._origin.seats_taken
        if self.seats_max and sold > self.seats_max:
            return {
                "warning": {
                    "title": self.env._("Fewer Seats Than Sold"),
                    "message": self.env._(
                        "%(sold)s tickets are sold already. They stay valid; no more "
                        "are sold until some come back.",
                        sold=sold,
                    ),
                }
            }
        return None

    def _get_current_limit_per_order(self, event_slot=False, event=False):
        """Allow none where none is left: core takes 0 for no limit."""
        limits = super()._get_current_limit_per_order(event_slot, event)
        for event_of, tickets in self.grouped("event_id").items():
            left = event_of._get_seats_availability(
                [(event_slot, ticket) for ticket in tickets]
            )
            for ticket, seats_left in zip(tickets, left, strict=True):
                if seats_left == 0:
                    limits[ticket.id] = 0
        return limits
