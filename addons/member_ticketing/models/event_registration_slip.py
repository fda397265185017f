from odoo import models


class EventRegistration(models.Model):
    """A ticket sold at a till, as it is printed there."""

    _inherit = "event.registration"

    def _member_ticket_data(self):
        data = super()._member_ticket_data()
        if self.pos_order_id:
            data["order"] = self.pos_order_id.pos_reference or self.pos_order_id.name
            data["is_paid"] = self.pos_order_id.state in ("paid", "done", "invoiced")
        return data

    def _member_slip_data(self):
        data = super()._member_slip_data()
        if self.pos_order_id:
            data["currency_id"] = self.pos_order_id.currency_id.id
        return data

    def _member_paid_price(self):
        line = self.pos_order_line_id
        if not line:
            return super()._member_paid_price()
        return line.price_subtotal_incl / line.qty if line.qty else 0.0
