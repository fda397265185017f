from odoo import api, models
from odoo.fields import Domain


class EventEventTicket(models.Model):
    """Tickets at a box office: none are loaded when it opens.

    Core loads all of all performances to come, and a tile for each performance. With
    hundreds of them that is slow, and seats and prices are old at once. Ours come with
    the list of performances, when they are asked for.
    """

    _inherit = "event.event.ticket"

    @api.model
    def _load_pos_data_domain(self, data, config):
        if config.member_is_box_office:
            return Domain.FALSE
        return super()._load_pos_data_domain(data, config)
