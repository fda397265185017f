from odoo import models


class PosOrder(models.Model):
    """What paid for the goods of an order: money, and goods given for them.

    In an exchange the total is only the difference. The goods that come back pay too,
    with the part of a wallet that they were bought with.
    """

    _inherit = "pos.order"

    def _member_point_payment(self):
        """Return what the goods sold came to, and what of it came from wallets."""
        # sudo: the sale may be another till's
        order = self.sudo()
        total = order.amount_total
        wallet = sum(order.payment_ids._member_wallet().mapped("amount"))
        shares = {}
        for line in order._member_goods_back():
            value = -line._member_point_amount()
            total += value
            sale = line.refunded_orderline_id.order_id
            if sale not in shares:
                shares[sale] = order._member_share_of(sale)
            wallet += value * shares[sale]
        return total, wallet

    def _member_goods_back(self):
        """Return the lines by which goods come back, with a receipt or without."""
        lines = self.lines.filtered(lambda line: line._member_takes_back())
        return lines | self._member_lines_without_receipt()

    def _member_share_of(self, sale):
        """Return which part of an earlier sale came from wallets, 0 to 1.

        What comes back without a receipt counts as paid otherwise.
        """
        # only an order before this one: each goes back to an older one
        return sale._member_wallet_share() if sale and sale.id < self.id else 0.0

    def _member_wallet_share(self):
        total, wallet = self._member_point_payment()
        return min(max(wallet / total, 0.0), 1.0) if total > 0 else 0.0
