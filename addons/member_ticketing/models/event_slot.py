from datetime import timedelta

from odoo import api, fields, models

from ..reading import record_id

LEAD = timedelta(hours=3)
"""How long before a slot begins its tickets are let in without a question."""


class EventSlot(models.Model):
    """Slots as the desk at the door offers them."""

    _inherit = "event.slot"

    def _member_is_now(self):
        """Tell whether visitors of this slot come now, or are in."""
        self.ensure_one()
        now = fields.Datetime.now()
        return self.start_datetime - LEAD <= now <= self.end_datetime

    @api.model
    def member_desk_slots(self, event_id):
        """Return the slots of a performance for the desk: {id, name, is_now}."""
        slots = self.search([("event_id", "=", record_id(event_id))])
        return [
            {"id": slot.id, "name": slot.display_name, "is_now": slot._member_is_now()}
            for slot in slots
        ]
