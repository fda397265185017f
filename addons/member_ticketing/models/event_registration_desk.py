from odoo import api, models

from odoo.addons.member_card.refusals import MemberRefusal
from odoo.addons.member_card.storable import storable
from odoo.addons.member_card.till import refusal

from .pos_config_collection import PROCESS


class EventRegistration(models.Model):
    """The collection desk in the office: a card, an order or a ticket is enough."""

    _inherit = "event.registration"

    @api.model
    def member_desk_find(self, query, partner_id=None):
        """Say what waits for whom was scanned or typed at the collection desk.

        A ticket's code or an order's number finds that order; everything else finds
        members as tills do.

        :param partner_id: the one chosen of several that `query` found.
        :return: status "ok" with `title`, `tickets`, `collected`, `reservations` and
            `summary`; "several" with `matches` to choose from; or a refusal.
        """
        self.env.user._member_require(PROCESS)
        query = storable(str(query or "")).strip()
        try:
            if order := self._member_desk_order(query):
                return self._member_desk_answer(
                    order.name,
                    [("sale_order_id", "=", order.id)],
                    order._member_reservations(order.partner_id, order.company_id)
                    & order,
                )
            members = self._member_desk_members(query)
        except MemberRefusal as error:
            return refusal(error)
        if partner_id:
            members = members.filtered(lambda each: each.id == partner_id)
        if len(members) == 1:
            # sudo: who hands tickets over need not read sale orders
            orders = self.env["sale.order"].sudo()
            return self._member_desk_answer(
                members.name,
                [("partner_id", "=", members.id)],
                orders._member_reservations(members, self.env.company),
                members,
            )
        if members:
            return {
                "status": "several",
                "matches": [each._member_desk_match() for each in members],
            }
        return {
            "status": "not_found",
            "message": self.env._(
                "Nothing found for “%(query)s”. Scan the member's card or the ticket, "
                "or type the order, the phone number or the name.",
                query=query,
            ),
        }

    @api.model
    def member_desk_collect(self, registration_ids, again=False):
        """Hand these tickets over in the office: all of them are marked, or none.

        :return: status "ok" with `registration_ids` in the order of printing and
            `action`, which prints them; or a refusal, as the till gets it.
        """
        self.env.user._member_require(PROCESS)
        try:
            tickets = self._member_to_hand_over(registration_ids, self.env.company)
            tickets._member_hand_over(bool(again))
        except MemberRefusal as error:
            return refusal(error)
        return {
            "status": "ok",
            "registration_ids": tickets.ids,
            "action": tickets._member_print_action(),
        }

    # === FINDING === #

    @api.model
    def _member_desk_order(self, query):
        """Return the order (in sudo mode) that a code or a number names, or empty."""
        # sudo: the desk serves all branches and salespeople of the legal entity
        orders = self.env["sale.order"].sudo()
        if not query:
            return orders
        here = [("company_id", "child_of", self.env.company._member_root().id)]
        ticket = self.sudo().search(
            [("barcode", "=", query), ("sale_order_id", "!=", False)], limit=1
        )
        if ticket:
            return ticket.sale_order_id.filtered_domain(here)
        return orders.search(
            [
                ("name", "=ilike", query.replace("%", r"\%").replace("_", r"\_")),
                ("order_line.event_id", "!=", False),
                *here,
            ],
            limit=1,
        )

    @api.model
    def _member_desk_members(self, query):
        """Return the members, in sudo mode, that a card or what was typed finds."""
        found = self.env["res.partner"]._member_lookup(query, self.env.company)
        # sudo: the desk sees of a member what `_member_desk_match` tells
        return self.env["res.partner"].union(*(each for each, *_how in found)).sudo()

    @api.model
    def _member_desk_answer(self, title, domain, reservations, member=None):
        found = self._member_waiting(domain, self.env.company)
        waiting = found.filtered(lambda each: not each.member_collected_at)
        return {
            "status": "ok",
            "title": title,
            "member": member._member_desk_match() if member else False,
            "tickets": [each._member_ticket_data() for each in waiting],
            "collected": [each._member_ticket_data() for each in found - waiting],
            "reservations": [each._member_reservation_data() for each in reservations],
            "summary": reservations._member_desk_summary(len(waiting)),
        }
