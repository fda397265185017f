from odoo import models
from odoo.exceptions import UserError


class PosOrder(models.Model):
    """What an order comes to by its lines, whatever total the till sends.

    Core takes the total, and what each line comes to, as they are sent. What a wallet
    pays or gets back is measured by the total: so it must be that of the lines,
    whatever the company says about wrong prices.
    """

    _inherit = "pos.order"

    def _check_member_total(self):
        """Refuse a total that the lines do not come to."""
        total = sum(self.lines.mapped("member_own_amount"))
        if self._member_is_total_off(total):
            self._member_refuse_total(total)

    def _member_is_total_off(self, total):
        """Tell whether the order's total is another, by more than rounding."""
        # `not`: what is no number is near to none
        return not (
            abs(total - self.amount_total)
            < self._member_total_dust() + self.currency_id.rounding / 2
        )

    def _member_total_dust(self):
        """Return how far rounding may leave a total from what the lines come to.

        The whole order may be rounded, or each line with each of its taxes.
        """
        taxes = sum(len(line.tax_ids) for line in self.lines)
        dust = (len(self.lines) + taxes) * self.currency_id.rounding
        if self.config_id.cash_rounding:
            # sudo: how a till rounds is no secret to who sells at it
            dust += self.config_id.sudo().rounding_method.rounding
        return dust

    def _member_refuse_total(self, total):
        raise UserError(
            self.env._(
                "The lines come to %(expected)s, the order says %(actual)s. Reload "
                "the till, then pay again.",
                expected=self.currency_id.format(total),
                actual=self.currency_id.format(self.amount_total),
            )
        )
