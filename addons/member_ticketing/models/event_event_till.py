from odoo import api, models


class EventEvent(models.Model):
    """A performance at a till, which loads those it sells and no others."""

    _inherit = "event.event"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "date_begin"]

    def _member_till_records(self, config):
        """Return what a till loads of these performances, by model.

        With their tickets that it sells, slots and questions. Checked by the caller.
        """
        # sudo: cashiers need no rights to events to sell tickets of them
        events = self.sudo()
        tickets = events.event_ticket_ids.filtered("product_id.available_in_pos")
        found = {
            "event.event": events,
            "event.event.ticket": tickets,
            "event.slot": events.event_slot_ids,
            "event.question": events.question_ids,
            "event.question.answer": events.question_ids.answer_ids,
        }
        return {
            model: records._load_pos_data_read(records, config)
            for model, records in found.items()
        }
