from odoo import fields, models
from odoo.tools import format_datetime

from odoo.addons.member_card.till import TillRefusal, till_verb

PROCESS = "member_ticketing.group_member_ticket_process"
MAX_TICKETS = 500


class PosConfig(models.Model):
    """The till's verbs that hand over tickets bought on the web or in the office."""

    _inherit = "pos.config"

    @till_verb
    def member_tickets_of(self, partner_id):
        """Say what a member comes for: tickets to collect, reservations to pay.

        :return: `tickets` to hand over, the next performance first, and `collected`
            ones, handed over before: lists of `_member_ticket_data`. `reservations`:
            list of {id, name, until, when, event, seats, total}, `until` in UTC or
            False. `summary`: what the till's chip says, or "".
        """
        self._member_require(PROCESS)
        partner = self._member_of_till(partner_id)
        # sudo: cashiers read registrations of their own companies only, and no orders
        registrations = self.env["event.registration"].sudo()
        found = registrations.search(
            [
                ("partner_id", "=", partner.id),
                *registrations._member_waiting_domain(self.company_id),
            ],
            limit=MAX_TICKETS,
        ).sorted(lambda each: (each._member_begins_at(), each.id))
        waiting = found.filtered(lambda each: not each.member_collected_at)
        orders = self._member_reservations_of(partner)
        return {
            "status": "ok",
            "tickets": [each._member_ticket_data() for each in waiting],
            "collected": [each._member_ticket_data() for each in found - waiting],
            "reservations": [self._member_reservation_data(each) for each in orders],
            "summary": self._member_tickets_summary(len(waiting), len(orders)),
        }

    @till_verb
    def member_tickets_collect(self, registration_ids, again=False):
        """Hand these tickets over: all of them are marked, or none.

        Asked again, for a ticket that went missing, it needs `again` and is logged.

        :return: `tickets`, list of `_member_slip_data`, ready to be printed.
        :raise TillRefusal: collected (by whom and when is said); not_found, for what is
            cancelled, used, over or another company's.
        """
        self._member_require(PROCESS)
        tickets = self._member_tickets_to_hand_over(registration_ids)
        before = tickets.filtered("member_collected_at")
        if before and not again:
            raise TillRefusal("collected", self._member_collected_words(before[:1]))
        collected = tickets._member_collect()
        log = self.env["member.operator.log"]
        for action, handed in (
            ("ticket_collect", collected),
            ("ticket_collect_again", before),
        ):
            for partner, group in handed.grouped("partner_id").items():
                log._log(
                    action,
                    partner=partner,
                    till=self,
                    reference=", ".join(group.sale_order_id.mapped("name")) or None,
                    detail=self.env._(
                        "%(event)s: %(count)s tickets",
                        event=", ".join(group.event_id.mapped("name")),
                        count=len(group),
                    ),
                )
        return {
            "status": "ok",
            "tickets": [each._member_slip_data() for each in tickets],
        }

    # === WHAT THE TILL IS TOLD === #

    def _member_tickets_summary(self, tickets, reservations):
        """Return in a few words what waits for the member."""
        parts = []
        if tickets == 1:
            parts.append(self.env._("1 ticket to collect"))
        elif tickets:
            parts.append(self.env._("%(count)s tickets to collect", count=tickets))
        if reservations == 1:
            parts.append(self.env._("1 reservation to pay"))
        elif reservations:
            parts.append(
                self.env._("%(count)s reservations to pay", count=reservations)
            )
        return " · ".join(parts)

    def _member_reservations_of(self, partner):
        """Return the open reservations of a member (sale orders in sudo mode)."""
        return self.env["sale.order"].sudo()._member_reservations(partner, self)

    def _member_reservation_data(self, order):
        lines = order.order_line.filtered("event_id")
        until = order._member_reserved_until()
        return {
            "id": order.id,
            "name": order.name,
            "until": fields.Datetime.to_string(until) or False,
            "event": ", ".join(lines.event_id.mapped("name")),
            "seats": int(sum(lines.mapped("product_uom_qty"))),
            "total": order.amount_total,
        }

    # === CHECKS === #

    def _member_tickets_to_hand_over(self, registration_ids):
        """Return tickets that this till may hand over, in sudo mode, in their order."""
        wanted = registration_ids if isinstance(registration_ids, (list, tuple)) else ()
        is_list = all(type(each) is int and each > 0 for each in wanted)
        if not wanted or not is_list or len(wanted) > MAX_TICKETS:
            raise TillRefusal(
                "bad_request", self.env._("Choose the tickets to hand over.")
            )
        # sudo: cashiers read registrations of their own companies only, and no orders
        registrations = self.env["event.registration"].sudo()
        tickets = registrations.search(
            [
                ("id", "in", list(wanted)),
                *registrations._member_waiting_domain(self.company_id),
            ]
        )
        if len(tickets) != len(set(wanted)):
            raise TillRefusal(
                "not_found",
                self.env._(
                    "One of these tickets was cancelled, used or is for a performance "
                    "that is over. Look the member up again."
                ),
            )
        return tickets.sorted(lambda each: (each._member_begins_at(), each.id))

    def _member_collected_words(self, ticket):
        return self.env._(
            "Handed over already on %(when)s by %(name)s. Print again only when the "
            "first ticket is lost: only one of the two opens the door.",
            when=format_datetime(
                self.env, ticket.member_collected_at, dt_format="short"
            ),
            name=ticket.member_collected_by_id.name or self.env._("a colleague"),
        )
