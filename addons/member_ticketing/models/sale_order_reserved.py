from odoo import fields, models


class SaleOrder(models.Model):
    """What a desk or a till says of reservations; the reservation itself says which."""

    _inherit = "sale.order"

    def _member_reservation_data(self):
        """Return what a desk shows of a reservation that waits for its money."""
        self.ensure_one()
        lines = self.order_line.filtered("event_id")
        until = self._member_reservation_until()
        return {
            "id": self.id,
            "name": self.name,
            "until": fields.Datetime.to_string(until) or False,
            "event": ", ".join(lines.event_id.mapped("name")),
            "seats": int(sum(lines.mapped("product_uom_qty"))),
            "total": self.amount_total,
            "currency_id": self.currency_id.id,
        }

    def _member_desk_summary(self, tickets):
        """Say in a few words what waits: these reservations, and so many tickets."""
        parts = []
        if tickets == 1:
            parts.append(self.env._("1 ticket to collect"))
        elif tickets:
            parts.append(self.env._("%(count)s tickets to collect", count=tickets))
        if len(self) == 1:
            parts.append(self.env._("1 reservation to pay"))
        elif self:
            parts.append(self.env._("%(count)s reservations to pay", count=len(self)))
        return " · ".join(parts)
