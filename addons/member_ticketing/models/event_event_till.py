from odoo import api, models


class EventEvent(models.Model):
    """A performance at a till, which loads those it sells and no others."""

    _inherit = "event.event"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "date_begin", "date_tz"]
