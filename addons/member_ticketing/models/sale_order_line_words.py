from odoo import models


class SaleOrderLine(models.Model):
    """What a line says of its tickets, in the cart, on the order and the invoice."""

    _inherit = "sale.order.line"

    def _get_sale_order_line_multiline_description_sale(self):
        """Say when it is played: evenings of one title are told apart by their day."""
        words = super()._get_sale_order_line_multiline_description_sale()
        event = self.event_id
        # Odoo says when a slot begins
        if not self.event_ticket_id or self.event_slot_id or not event.date_begin:
            return words
        return f"{words}\n{event._member_when(event.date_begin, 'yMMMEd')}"
