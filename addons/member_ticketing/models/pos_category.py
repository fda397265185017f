from odoo import api, models


class PosCategory(models.Model):
    """The categories that a till shows."""

    _inherit = "pos.category"

    @api.model
    def _load_pos_data_domain(self, data, config):
        """Leave out core's category of events at a box office, if it is empty there.

        Tickets are sold from the list of performances, so their tiles are not there.
        """
        domain = super()._load_pos_data_domain(data, config)
        events = self.env.ref("pos_event.pos_category_event", raise_if_not_found=False)
        if not events or not config.member_is_box_office:
            return domain
        others = self.env["product.template"].search_count(
            [
                ("pos_categ_ids", "in", events.ids),
                ("available_in_pos", "=", True),
                ("service_tracking", "!=", "event"),
            ],
            limit=1,
        )
        return domain if others else [*domain, ("id", "!=", events.id)]
