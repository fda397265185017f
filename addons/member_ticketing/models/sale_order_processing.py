from odoo import api, models

PAID_STATES = ("paid", "done", "invoiced")


class SaleOrder(models.Model):
    """Whether an order with tickets is paid, whatever it was paid with."""

    _inherit = "sale.order"

    @api.model
    def _member_reservations(self, partner, till):
        """Return a member's open reservations that a till can take the money for.

        Empty here: who makes reservations says which there are.

        :param till: the `pos.config`; `self` in sudo mode.
        """
        return self.browse()

    def _member_reserved_until(self):
        """Return until when the seats of a reservation are kept (naive UTC), or False.

        None here: who makes reservations says so.
        """
        self.ensure_one()
        return False

    def _member_is_paid(self):
        """Tell whether the order is paid in full: online, by invoice or at a till.

        `self` in sudo mode.
        """
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        if compare(self.amount_total, 0) <= 0:
            return True
        if self._member_is_paid_online() or self._member_is_paid_by_invoice():
            return True
        at_till = self.pos_order_line_ids.filtered(
            lambda line: line.order_id.state in PAID_STATES
        )
        paid = sum(at_till.mapped("price_subtotal_incl"))
        return compare(paid, self.amount_total) >= 0
