from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import attempts_logged

from .. import seats
from ..exchange import share_out
from .event_registration_till import TAKING


class PosOrder(models.Model):
    """Seats that come back with the tickets that are given back.

    Core does this when a refund is saved, also one that is never paid; here it is part
    of paying it.
    """

    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        own = self.with_context(member_seats_back_when_paid=True)
        return super(PosOrder, own)._process_order(order, existing_order)

    @attempts_logged
    def _member_return_seats(self, agreed):
        """Cancel the tickets that this refund gives back.

        Return those that leave a seat (in sudo mode). They pass the gate together with
        what the same order takes instead, or by `_member_free_seats`.

        :param agreed: what the till was told of the order's tickets, by line's uuid.
        :raise UserError: more come back than were sold, or used ones without the right.
        """
        refunds = self.lines.filtered("refunded_orderline_id")
        # sudo: the sale may be another till's
        sold = refunds.sudo().refunded_orderline_id
        sold = sold.filtered(lambda line: line._member_attendees())
        # sudo: what is given back is compared with what was sold
        freed = self.env["event.registration"].sudo()
        if not sold:
            return freed
        # sudo: a till is told by its verbs what it needs
        first = self.env["member.till.ticket"].sudo().union(*agreed.values())._instead()
        sold.order_id._member_lock_refunds()
        self._check_member_refunded_quantity(sold)
        for line in sold:
            freed |= self._member_return_seats_of(line, refunds.sudo(), first)
        return freed

    def _member_return_seats_of(self, line, refunds, first):
        own = refunds.filtered(lambda each: each.refunded_orderline_id == line)
        named = own._member_named_back()
        if named - line._member_attendees():
            raise UserError(
                self.env._(
                    "These tickets were not bought with this order. Choose the tickets "
                    "that come back again."
                )
            )
        chosen = line._member_coming_back(-sum(own.mapped("qty")), named | first, own)
        if not chosen:
            return chosen
        leaving = chosen.filtered(lambda each: each.state in TAKING)
        if "done" in chosen.mapped("state"):
            self._member_authorise(
                "refund_limit",
                abs(self.amount_total),
                self.env._(
                    "These tickets were used at the entrance. Refunding them takes a "
                    "supervisor, or the approval of one."
                ),
            )
        chosen.with_context(member_seats_wait=True).write(
            {"state": "cancel", "member_is_seatless": False}
        )
        own[:1].member_returned_ids = chosen
        self._member_settle_seatless(line)
        return leaving

    def _member_seats_instead(self, lines, agreed, freed):
        """Return which of the seats that came back each line takes: `{line: tickets}`.

        Those that its hold counts on, then the most alike.
        """
        instead = {line: freed.browse() for line in lines}
        if not freed:
            return instead
        for line in lines:
            if line.uuid in agreed:
                instead[line] = agreed[line.uuid]._instead() & freed
                freed -= instead[line]
        wanted = [
            (line._member_place(), int(line.qty) - len(instead[line])) for line in lines
        ]
        shares = share_out(wanted, {each.id: each._member_place() for each in freed})
        for line, share in zip(lines, shares, strict=True):
            instead[line] |= freed.browse(share)
        return instead

    def _member_free_seats(self, freed):
        """Let the seats pass the gate that came back and that no line took instead."""
        if freed:
            seats.gate(freed)

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
