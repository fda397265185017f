from odoo import models


class SaleOrderLine(models.Model):
    """What of a sale order earns points, and what was paid for it."""

    _inherit = "sale.order.line"

    def _member_is_goods(self):
        return not self.display_type and not self.is_downpayment and self.product_id

    def _member_earns_points(self):
        """Tell whether points rules look at this line: goods, and not given away."""
        self.ensure_one()
        is_delivery = "is_delivery" in self._fields and self.is_delivery
        return not self.is_reward_line and not is_delivery

    def _member_paid(self, is_invoiced):
        """Return (amount with taxes, quantity) that was paid for this line."""
        if is_invoiced:
            return (
                self._member_invoiced() - self._member_credited(),
                self.qty_invoiced_posted,
            )
        return self.price_total, self.product_uom_qty

    def _member_basis(self, is_invoiced):
        """Return the amount that counts as sold: invoiced so far, or ordered."""
        return self._member_invoiced() if is_invoiced else self.price_total

    def _member_invoiced(self):
        """Return what posted invoices come to for this line, with taxes."""
        return self._member_posted("out_invoice")

    def _member_credited(self):
        """Return what posted credit notes come to for this line, with taxes."""
        return self._member_posted("out_refund")

    def _member_posted(self, move_type):
        self.ensure_one()
        total = 0
        for item in self.invoice_lines:
            move = item.move_id
            if move.move_type == move_type and move.state == "posted":
                total += item.currency_id._convert(
                    item.price_total, self.currency_id, self.company_id, move.date
                )
        return self.currency_id.round(total)
