from odoo import models

from odoo.addons.member_card.models.pos_order import PAID_STATES

from .event_registration_till import TAKING


class PosOrderLine(models.Model):
    """Which tickets of a line come back when some of it is refunded.

    As many as are refunded, whatever was cancelled before for the same money: those
    that are named, then those that have no seat, those that were not used, the latest
    first.
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
        attendees = line._member_attendees()
        refunded = line.refund_orderline_ids.filtered(
            lambda each: each not in besides and each.order_id.state in PAID_STATES
        )
        gone = attendees.filtered(lambda each: each.state == "cancel")
        number = int(quantity - sum(refunded.mapped("qty"))) - len(gone)
        live = (attendees - gone).sorted(
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
