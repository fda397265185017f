from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.member_card.models.pos_order import PAID_STATES
from odoo.addons.member_card.refusals import attempts_logged


class PosOrder(models.Model):
    """Seats that come back with the tickets that are given back.

    As many as are refunded, whatever was cancelled before for the same money: those
    that the till names, then those that have no seat, those that were not used, the
    latest first. Core does this when a refund is saved, also one that is never paid;
    here it is part of paying it.
    """

    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        own = self.with_context(member_seats_back_when_paid=True)
        return super(PosOrder, own)._process_order(order, existing_order)

    @attempts_logged
    def _member_return_seats(self):
        """Cancel the tickets that this refund gives back.

        :raise UserError: more come back than were sold, or used ones without the right.
        """
        refunds = self.lines.filtered("refunded_orderline_id")
        # sudo: the sale may be another till's
        sold = refunds.sudo().refunded_orderline_id
        sold = sold.filtered(lambda line: line._member_attendees())
        if not sold:
            return
        sold.order_id._member_lock_refunds()
        self._check_member_refunded_quantity(sold)
        for line in sold:
            self._member_return_seats_of(line, refunds.sudo())

    def _member_return_seats_of(self, line, refunds):
        own = refunds.filtered(lambda each: each.refunded_orderline_id == line)
        attendees = line._member_attendees()
        back = line.refund_orderline_ids.filtered(
            lambda each: each in own or each.order_id.state in PAID_STATES
        )
        gone = attendees.filtered(lambda each: each.state == "cancel")
        number = int(-sum(back.mapped("qty"))) - len(gone)
        if own.member_returned_ids - attendees:
            raise UserError(
                self.env._(
                    "These tickets were not bought with this order. Choose the tickets "
                    "that come back again."
                )
            )
        if number <= 0:
            return
        chosen = self._member_seats_chosen(attendees - gone, own.member_returned_ids)
        chosen = chosen[:number]
        if "done" in chosen.mapped("state"):
            self._member_authorise(
                "refund_limit",
                abs(self.amount_total),
                self.env._(
                    "These tickets were used at the entrance. Refunding them takes a "
                    "supervisor, or the approval of one."
                ),
            )
        chosen.write({"state": "cancel", "member_is_seatless": False})
        own[:1].member_returned_ids = chosen
        self._member_settle_seatless(line)

    def _member_seats_chosen(self, live, named):
        """Return the tickets in the order in which they are given back."""
        return live.sorted(
            lambda each: (
                each not in named,
                not each.member_is_seatless,
                each.state == "done",
                -each.id,
            )
        )

    def _member_settle_seatless(self, line):
        """Settle what was listed of a line once none of its tickets waits."""
        if any(line._member_attendees().mapped("member_is_seatless")):
            return
        # sudo: the refund settles it, whoever the cashier is
        exceptions = self.env["member.ticket.exception"].sudo()
        exceptions.search(
            [("pos_order_line_id", "=", line.id), ("state", "=", "open")]
        )._settle(
            self.env._(
                "Refunded with %(order)s.", order=self.pos_reference or self.name
            )
        )
