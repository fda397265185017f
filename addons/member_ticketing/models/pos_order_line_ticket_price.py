from odoo import fields, models
from odoo.tools import float_round


class PosOrderLine(models.Model):
    """What a line with tickets should cost: as agreed, or as its reservation says."""

    _inherit = "pos.order.line"

    def _member_is_priced_elsewhere(self):
        return (
            self._member_sells_seats()
            or self._member_settles_seats()
            or super()._member_is_priced_elsewhere()
        )

    def _member_ticket_due(self):
        """Return the unit price that this line should have, before any discount."""
        if self._member_settles_seats():
            # sudo: a cashier need not be able to read sale orders
            return self.sudo().sale_order_line_id.price_unit
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(self.member_ticket_price, precision_digits=digits)

    def _member_ticket_discount(self):
        """Return the discount in percent that was agreed: of a reservation only."""
        if self._member_settles_seats():
            return self.sudo().sale_order_line_id.discount  # sudo: as above
        return 0

    def _member_in_order_currency(self, price):
        """Return a price of the ticket's company in the currency of the order."""
        order = self.order_id
        # sudo: the till sells it
        own = self.sudo().event_ticket_id.company_id.currency_id or order.currency_id
        if own == order.currency_id:
            return price
        return own._convert(
            price,
            order.currency_id,
            order.company_id,
            order.date_order or fields.Date.today(),
            round=False,
        )
