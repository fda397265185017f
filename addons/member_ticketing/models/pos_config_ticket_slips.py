from odoo import api, models

from odoo.addons.member_card.till import TillRefusal, till_verb

SELL = "member_ticketing.group_member_ticket_sell"
RIGHTS = ("ticket_sell", "ticket_policy_change", "ticket_free", "ticket_process")
GOOD = ("open", "done")
"""States of registrations whose tickets open the door, or did."""


class PosConfig(models.Model):
    """What a till loads of tickets, and what it prints of an order."""

    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        read_records = super()._load_pos_data_read(records, config)
        if read_records:
            read_records[0]["_member_ticket_rights"] = [
                right
                for right in RIGHTS
                if self.env.user.has_group(f"member_ticketing.group_member_{right}")
            ]
        return read_records

    @till_verb
    def member_performance_records(self, event_id):
        """Load one performance with its tickets, slots and questions into a till.

        :return: `records` by model, as a till loads them.
        :raise TillRefusal: not_found.
        """
        self._member_require(SELL)
        event = self._member_event(event_id)
        found = {
            "event.event": event,
            "event.event.ticket": self._member_tickets_on_sale(event),
            "event.slot": event.event_slot_ids,
            "event.question": event.question_ids,
            "event.question.answer": event.question_ids.answer_ids,
        }
        return {
            "status": "ok",
            "records": {
                model: records._load_pos_data_read(records, self)
                for model, records in found.items()
            },
        }

    @till_verb
    def member_ticket_slips(self, order_uuid):
        """Return the tickets of a paid order as they are printed, also once more.

        :param order_uuid: of an order of this till's company, sold here or settled.
        :return: `tickets`, list of `_member_slip_data`; empty if all were given back.
        :raise TillRefusal: not_found, for an order that the server does not have yet.
        """
        order = self._member_paid_order(order_uuid)
        # sudo: the cashier sees the order; its tickets belong to it
        lines = order.sudo().lines
        tickets = lines.event_registration_ids
        tickets |= lines.sale_order_line_id.registration_ids
        tickets = tickets.filtered(lambda each: each.state in GOOD)
        tickets._member_issue()
        return {
            "status": "ok",
            "tickets": [each._member_slip_data() for each in tickets],
        }

    def _member_paid_order(self, order_uuid):
        """Return the order with this uuid that was paid in this till's company.

        :raise TillRefusal: not_found.
        """
        order = self.env["pos.order"]
        if isinstance(order_uuid, str) and order_uuid:
            order = order.search(
                [
                    ("uuid", "=", order_uuid),
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ["paid", "done", "invoiced"]),
                ],
                limit=1,
            )
        if not order:
            raise TillRefusal(
                "not_found",
                self.env._(
                    "The server does not have this order yet. Wait for the connection, "
                    "then try again."
                ),
            )
        return order
