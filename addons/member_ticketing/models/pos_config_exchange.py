from odoo import models

from ..exchange import Place, share_out

MOST_LINES = 100
"""Refund lines that are looked at."""


class PosConfig(models.Model):
    """Tickets that an order of the till will give back when it is paid.

    Their seats are that order's to sell again: they count for it, and for nobody else,
    until they come back. What the till says of them is compared with what was sold;
    that they do come back is seen when the order is paid.
    """

    _inherit = "pos.config"

    def _member_leaving(self, back, order_uuid, besides=()):
        """Return the tickets that leave a seat to this order (in sudo mode).

        :param back: `[{line_uuid, quantity, ids}]`, the refund lines of the order: of
            which sold line, how many, and which where the cashier has chosen.
        :param besides: uuids of the order's lines that are asked for anew; on what the
            others count is left out.
        :raise TillRefusal: bad_request.
        """
        # sudo: compared with what was sold, whatever the cashier may read
        leaving = self.env["event.registration"].sudo()
        refunds = self._member_refunds_asked(back)
        if not refunds:
            return leaving
        orders = self.env["pos.order"].search(
            [
                ("lines.uuid", "in", list(refunds)),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ["paid", "done", "invoiced"]),
            ]
        )
        for line in orders.sudo().lines:  # sudo: their tickets belong to them
            if line.uuid in refunds:
                quantity, ids = refunds[line.uuid]
                leaving |= line._member_seats_left_by(quantity, leaving.browse(ids))
        # sudo: a till is told by its verbs what it needs
        others = (
            self.env["member.till.ticket"]
            .sudo()
            .search(
                [
                    ("order_uuid", "=", str(order_uuid or "")),
                    ("line_uuid", "not in", list(besides)),
                ]
            )
        )
        return leaving - others._instead()

    def _member_refunds_asked(self, back):
        """Read what an order gives back: `{uuid of the sold line: (quantity, ids)}`.

        :raise TillRefusal: bad_request.
        """
        if not isinstance(back, list | tuple) or len(back) > MOST_LINES:
            raise self._member_malformed()
        asked = {}
        for each in back:
            if not isinstance(each, dict):
                raise self._member_malformed()
            ids = each.get("ids") or []
            if not isinstance(ids, list) or any(type(one) is not int for one in ids):
                raise self._member_malformed()
            uuid = str(self._member_request_key(each.get("line_uuid")))
            quantity, named = asked.get(uuid, (0, []))
            quantity += self._member_count(each.get("quantity"))
            asked[uuid] = (quantity, [*named, *ids])
        return asked

    def _member_share_leaving(self, asked, leaving):
        """Note on each line that wants seats which of those leaving it stands for."""
        shares = share_out(
            [
                (
                    Place(line.ticket.event_id.id, line.slot.id or 0, line.ticket.id),
                    line.quantity,
                )
                for line in asked
            ],
            {each.id: each._member_place() for each in leaving},
        )
        for line, share in zip(asked, shares, strict=True):
            line.instead = leaving.browse(share)
