from odoo import api, models

from .. import seats
from ..seats import Want


class EventSlot(models.Model):
    """As for the performance: what others have set aside is not on offer."""

    _name = "event.slot"
    _inherit = ["event.slot", "member.seat.counted.mixin"]

    @api.depends_context("member_seat_keys")
    def _compute_seats(self):
        result = super()._compute_seats()
        wants = {
            slot.id: Want(slot.event_id.id, slot.id, 0, 0, 0)
            for slot in self._origin
            if slot.event_id.seats_max
        }
        left = seats.left_of(self.env, wants.values())
        for slot in self:
            want = wants.get(slot._origin.id)
            if want and left[want].event is not None:
                slot.seats_available = max(
                    min(slot.seats_available, left[want].event), 0
                )
        return result
