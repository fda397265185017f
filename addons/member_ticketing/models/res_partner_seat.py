from odoo import models


class ResPartner(models.Model):
    """A member has limits, so seats are counted on the contact."""

    _name = "res.partner"
    _inherit = ["res.partner", "member.seat.counted.mixin"]

    def _member_seat_event_ids(self):
        self.env.cr.execute(
            "SELECT DISTINCT event_id FROM member_seat_counter "
            "WHERE partner_id = ANY(%s)",
            [self.ids],
        )
        return [event_id for (event_id,) in self.env.cr.fetchall()]
