from odoo import models

from odoo.addons.member_card.models.pos_order import PAID_STATES

from .event_registration_till import TAKING


class PosOrderLine(models.Model):
    """Which tickets of a line come back when some of it is refunded.

    So many that what is left is paid for: what was cancelled of it before is among
    what comes back, and what was cancelled before it was paid is not. Those that are
    named, then those that have no seat, those that were not used, the latest first.
    """

    _inherit = "pos.order.line"

    def _member_coming_back(self, quantity, named, besides=()):
        """Return the tickets that come back when `quantity` more are refunded.

        :param named: registrations that come back first; others say nothing.
        :param besides: refund lines that are among the `quantity`.
        """
        self.ensure_one()
        # sudo: the sale, and what was refunded of it, may be another till's
        line = self.sudo()
        sale = line.sale_order_line_id
        refunds = (line | sale.pos_order_line_ids).refund_orderline_ids.filtered(
            lambda each: each not in besides and each.order_id.state in PAID_STATES
        )
        # the office may have changed the order since it was paid at the till
        sold = max(line.qty, sale._member_quantity() if sale else 0)
        paid_for = sold + sum(refunds.mapped("qty")) - quantity
        live = line._member_attendees().filtered(lambda each: each.state != "cancel")
        number = min(len(live) - int(paid_for), int(quantity))
        live = live.sorted(
            lambda each: (
                each not in named,
                not each.member_is_seatless,
                each.state == "done",
                -each.id,
            )
        )
        return live[: max(number, 0)]

    def _member_seats_left_by(self, quantity, named):
        """Return those of the tickets coming back that leave a seat to somebody."""
        back = self._member_coming_back(quantity, named)
        return back.filtered(lambda each: each.state in TAKING)
