from odoo import models

from odoo.addons.member_card.till import till_verb

from .event_registration_till import TAKING


class PosConfig(models.Model):
    """Which tickets of a sale can be given back at this till."""

    _inherit = "pos.config"

    @till_verb
    def member_seats_sold(self, order_uuid):
        """Return the tickets of a paid order that can still be given back.

        :param order_uuid: of an order of this till's company, sold here or settled.
        :return: `tickets`, list of `{id, line_uuid, number, name, ticket, is_used}`.
        :raise TillRefusal: not_found, for an order that the server does not have yet.
        """
        order = self._member_paid_order(order_uuid)
        # sudo: the cashier sees the order; its tickets belong to it
        lines = order.sudo().lines
        tickets = {
            line: line._member_attendees().filtered(
                lambda each: each.state in TAKING or each.member_is_seatless
            )
            for line in lines
        }
        return {
            "status": "ok",
            "tickets": [
                {
                    "id": each.id,
                    "line_uuid": line.uuid,
                    "number": each.barcode[-4:] if each.barcode else "",
                    "name": each.name or "",
                    "ticket": each.event_ticket_id.name or "",
                    "is_used": each.state == "done",
                }
                for line, attendees in tickets.items()
                for each in attendees.sorted("id")
            ],
        }
