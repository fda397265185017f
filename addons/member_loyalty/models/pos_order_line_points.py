from odoo import models


class PosOrderLine(models.Model):
    """What of an order earns points."""

    _inherit = "pos.order.line"

    def _member_earns_points(self):
        """Tell whether points rules look at this line: goods, and not given away."""
        self.ensure_one()
        tip = self.order_id.config_id.tip_product_id
        is_given = self.is_reward_line or self._member_is_redeemed()
        return not is_given and (not tip or self.product_id != tip)

    def _member_point_amount(self):
        """Return the line's amount with taxes; a till may send it without its sign."""
        self.ensure_one()
        amount = abs(self.price_subtotal_incl)
        return -amount if self.qty * self.price_unit < 0 else amount
