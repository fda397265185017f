from odoo import models

from .. import seats


class MemberSeatCountedMixin(models.AbstractModel):
    """What seats are counted on: its counters go with it, and what is held of it.

    Counters have no foreign keys, so nothing else would take them away.
    """

    _name = "member.seat.counted.mixin"
    _description = "What Seats Are Counted On"

    def unlink(self):
        # sudo: whoever may delete these need not see what is counted
        events = self.sudo()._member_seat_event_ids()
        result = super().unlink()
        if events:
            seats.clean_after_commit(self.env, events)
        return result

    def _member_seat_event_ids(self):
        """Return the ids of the performances where these are counted."""
        return self.event_id.ids
