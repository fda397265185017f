from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.member_card.till import TillRefusal, till_verb, to_json

from ..figures import figures
from ..policies import FOR_SALE, Figures, MemberOffer
from ..seats.values import Left, least

SELL = "member_ticketing.group_member_ticket_sell"
CHANGE = "member_ticketing.group_member_ticket_policy_change"
FREE = "member_ticketing.group_member_ticket_free"

PAGE = 40
MOST = 100
"""Performances in one answer: by default, and at most."""

PRICES = ("price", "list_price", "amount", "list_amount")

SOLD_AT_TILLS = [
    ("product_id.available_in_pos", "=", True),
    ("product_id.service_tracking", "=", "event"),
]
"""Tickets that a till can sell: core makes a line of their product."""

HOPE = ("open", "free", "closed", "used_up", "not_for_sale")
"""Statuses of offers, the most hopeful first."""


class _Offered(NamedTuple):
    """One ticket, for one slot or none, as it is offered: `left` are its seats."""

    ticket: models.BaseModel
    slot: models.BaseModel
    offer: MemberOffer
    left: Left
    figures: Figures

    @property
    def can_be_had(self):
        return self.offer.is_for_sale and self.offer.seats_left != 0


def _seats(offered):
    """Sum the seats that are left: of each slot what its room or its tickets leave."""
    by_slot = {}
    for each in offered:
        by_slot.setdefault(each.slot, []).append(each.left)
    sums = []
    for lefts in by_slot.values():
        tickets = [left.ticket for left in lefts]
        together = None if None in tickets else sum(tickets)
        sums.append(least(lefts[0].event, together))
    return None if not sums or None in sums else sum(sums)


class PosConfig(models.Model):
    """The till's verbs that tell what is on: performances, tickets, prices, seats."""

    _inherit = "pos.config"

    @till_verb
    def member_performances(
        self,
        partner_id=False,
        day_from=False,
        day_to=False,
        query="",
        limit=PAGE,
        offset=0,
    ):
        """Tell what is on between two days of the store, both included, for a buyer.

        Without days: all that is not over. `query` is part of the name or the place.
        The number of queries does not depend on how many performances there are.

        :param partner_id: the customer of the order; False for none.
        :return: `has_more`, and `performances`, the next one first: id, name, place,
            tz, date_begin and date_end (UTC), is_multi_slots, seats_left (None: no
            limit), status ("open", "sold_out", or that of the best offer), why,
            opens_at (UTC or None), price and list_price (of the cheapest ticket that
            can be had, as unit prices), amount and list_amount (with taxes), all None
            when there is none. `slots` of a performance with slots: id, name, begins_at
            (UTC), seats_left.
        """
        self._member_require(SELL)
        buyer = self._member_ticket_buyer(partner_id)
        limit = min(self._member_count(limit) or PAGE, MOST)
        first, last = self._member_days(day_from, day_to)
        # sudo: what is on is no secret to who sells tickets
        events = self.env["event.event"].sudo()
        found = events.search(
            self._member_events_domain(first, last, query),
            limit=limit + 1,
            offset=self._member_count(offset),
            order="date_begin, id",
        )
        shown = found[:limit]
        slots = {event: self._member_slots(event, first, last) for event in shown}
        pairs = [
            pair
            for event in shown
            for pair in self._member_ticket_pairs(event, slots[event])
        ]
        offered = self._member_ticket_offers(buyer, pairs)
        by_event = {event: [] for event in shown}
        for each in offered:
            by_event[each.ticket.event_id].append(each)
        return {
            "status": "ok",
            "has_more": len(found) > limit,
            "performances": [
                self._member_performance_data(event, slots[event], by_event[event])
                for event in shown
            ],
        }

    @till_verb
    def member_performance(self, event_id, slot_id=False, partner_id=False):
        """Tell which tickets this buyer can have of one performance or slot.

        :return: `performance`, as in `member_performances`; `slot_id`;
            `may_change_policy` and `may_give_free` (of the caller: otherwise both take
            an approval); and `tickets`: id, name, description, product_id, status, why,
            policy_id, policy_name, price and list_price (unit prices), amount and
            list_amount (with taxes), seats_left (of the quota, too), limit_left,
            order_limit, opens_at, closes_at; and `policies`: the others that speak of
            it, with id and the same from status to order_limit. Of a performance with
            slots `tickets` are those of the slot; none without one.
        """
        self._member_require(SELL)
        buyer = self._member_ticket_buyer(partner_id)
        event = self._member_event(event_id)
        slots = self._member_slots(event)
        slot = self._member_slot(event, slot_id) if slot_id else slots.browse()
        offered = self._member_ticket_offers(
            buyer, self._member_ticket_pairs(event, slots)
        )
        return {
            "status": "ok",
            "performance": self._member_performance_data(event, slots, offered),
            "slot_id": slot.id,
            "may_change_policy": self._member_may(CHANGE),
            "may_give_free": self._member_may(FREE),
            "tickets": [
                self._member_ticket_offer_data(each, buyer)
                for each in offered
                if each.slot == slot
            ],
        }

    # === WHAT IS ON === #

    def _member_events_domain(self, first, last, query):
        now = fields.Datetime.now()
        begins = Domain("date_end", ">=", max(first or now, now))
        in_slots = Domain("event_slot_ids.start_datetime", ">=", max(first or now, now))
        if last:
            begins &= Domain("date_begin", "<", last)
            in_slots = Domain(
                "event_slot_ids",
                "any",
                [
                    ("start_datetime", ">=", max(first or now, now)),
                    ("start_datetime", "<", last),
                ],
            )
        domain = (
            self._member_event_domain()
            & begins
            & (Domain("is_multi_slots", "=", False) | in_slots)
        )
        if query := " ".join(str(query or "").split()):
            domain &= Domain("name", "ilike", query) | Domain(
                "address_id.name", "ilike", query
            )
        return domain

    def _member_event_domain(self):
        """Return what can be sold at this till: events with tickets, not over."""
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("date_end", ">=", fields.Datetime.now()),
                ("kanban_state", "!=", "cancel"),
                ("stage_id.pipe_end", "=", False),
                ("event_ticket_ids", "any", SOLD_AT_TILLS),
            ]
        )

    def _member_event(self, event_id):
        """Return the performance with this id (in sudo mode).

        :raise TillRefusal: not_found.
        """
        # sudo: what is on is no secret to who sells tickets
        events = self.env["event.event"].sudo()
        if isinstance(event_id, int):
            events = events.search(
                Domain("id", "=", event_id) & self._member_event_domain()
            )
        if not events:
            raise TillRefusal(
                "not_found",
                self.env._(
                    "This performance is over, or no longer on sale here. Choose "
                    "another one."
                ),
            )
        return events[:1]

    def _member_slots(self, event, first=None, last=None):
        """Return the slots of a performance between two moments that are not over."""
        now = fields.Datetime.now()
        return event.event_slot_ids.filtered(
            lambda slot: (
                slot.end_datetime >= now
                and (not first or slot.end_datetime >= first)
                and (not last or slot.start_datetime < last)
            )
        ).sorted("start_datetime")

    def _member_slot(self, event, slot_id):
        """Return the slot with this id, empty for a performance that has none.

        :raise TillRefusal: not_found.
        """
        slots = event.event_slot_ids
        if not event.is_multi_slots and not slot_id:
            return slots.browse()
        slot = slots.filtered(lambda each: each.id == slot_id)
        if not slot or slot.end_datetime < fields.Datetime.now():
            raise TillRefusal(
                "not_found",
                self.env._("Choose the time of the performance, then the tickets."),
            )
        return slot

    def _member_tickets_on_sale(self, event):
        return event.event_ticket_ids.filtered_domain(SOLD_AT_TILLS).sorted(
            lambda ticket: (ticket.sequence, ticket.id)
        )

    def _member_ticket_pairs(self, event, slots):
        """Return what can be asked for of a performance: (ticket, slot or empty)."""
        places = slots if event.is_multi_slots else [slots.browse()]
        return [
            (ticket, slot)
            for slot in places
            for ticket in self._member_tickets_on_sale(event)
        ]

    # === FIGURES === #

    def _member_ticket_offers(self, buyer, pairs):
        """Return what is offered of (ticket, slot) pairs, as a list of `_Offered`."""
        left, lefts = figures(self.env, buyer, pairs)
        offers = self.env["event.event.ticket"]._member_offers(
            buyer, "pos", pairs, left=left
        )
        return [
            _Offered(
                ticket,
                slot,
                offers[ticket.id, slot.id or 0],
                lefts[ticket.event_id.id, slot.id or 0, ticket.id],
                left,
            )
            for ticket, slot in pairs
        ]

    def _member_performance_data(self, event, slots, offered):
        """Return what a till shows of a performance."""
        can_buy = [each for each in offered if each.can_be_had]
        best = min(
            offered, key=lambda each: HOPE.index(each.offer.status), default=None
        )
        status = best.offer.status if best else "not_for_sale"
        if status in FOR_SALE:
            status = "open" if can_buy else "sold_out"
        cheapest = min(can_buy, key=lambda each: each.offer.price, default=None)
        opens = [each.offer.opens_at for each in offered if each.offer.opens_at]
        return {
            "id": event.id,
            "name": event.name,
            "place": event.address_id.name or "",
            "tz": event.date_tz,
            "date_begin": to_json(slots[:1].start_datetime or event.date_begin),
            "date_end": to_json(slots[-1:].end_datetime or event.date_end),
            "is_multi_slots": event.is_multi_slots,
            "slots": [
                {
                    "id": slot.id,
                    "name": slot.display_name,
                    "begins_at": to_json(slot.start_datetime),
                    "seats_left": _seats(each for each in offered if each.slot == slot),
                }
                for slot in (slots if event.is_multi_slots else ())
            ],
            "seats_left": _seats(offered),
            "status": status,
            "why": self._member_status_why(status, best),
            "opens_at": to_json(min(opens, default=None)),
            **(
                self._member_prices(cheapest.ticket, cheapest.offer)
                if cheapest
                else dict.fromkeys(PRICES)
            ),
        }

    def _member_status_why(self, status, best):
        if status == "sold_out":
            return self.env._("Sold out.")
        return best.offer.why if best and status != "open" else ""

    def _member_prices(self, ticket, offer):
        """Return prices as unit prices in the till's currency, and with taxes."""
        price = self._member_till_price(ticket, offer.price)
        list_price = self._member_till_price(ticket, offer.list_price)
        return {
            "price": price,
            "list_price": list_price,
            "amount": self._member_with_taxes(ticket, price),
            "list_amount": self._member_with_taxes(ticket, list_price),
        }

    def _member_till_price(self, ticket, price):
        """Return a price in the currency of the ticket's company as a till sells it."""
        company = ticket.company_id or self.company_id
        if company.currency_id == self.currency_id:
            return price
        return company.currency_id._convert(
            price, self.currency_id, self.company_id, fields.Date.today(), round=False
        )

    def _member_with_taxes(self, ticket, price):
        # sudo: the taxes of a product are those of every company
        taxes = ticket.sudo().product_id.taxes_id._filter_taxes_by_company(
            self.company_id
        )
        if not taxes:
            return price
        return taxes.compute_all(price, self.currency_id, product=ticket.product_id)[
            "total_included"
        ]

    def _member_ticket_offer_data(self, offered, buyer):
        ticket, offer = offered.ticket, offered.offer
        others = ticket._member_policy_offers(
            buyer, "pos", slot=offered.slot, left=offered.figures
        )
        return {
            "id": ticket.id,
            "name": ticket.name,
            "description": ticket.description or "",
            "product_id": ticket.product_id.id,
            **self._member_offer_data(ticket, offer),
            "opens_at": to_json(offer.opens_at),
            "closes_at": to_json(offer.closes_at),
            "policies": [
                {
                    "id": policy_id,
                    **self._member_offer_data(ticket, other),
                    "seats_left": least(offered.left.seats, other.seats_left),
                }
                for policy_id, other in others.items()
                if policy_id != offer.policy_id
            ],
        }

    def _member_offer_data(self, ticket, offer):
        return {
            "status": offer.status,
            "why": offer.why,
            "policy_id": offer.policy_id or False,
            "policy_name": offer.policy_name,
            **self._member_prices(ticket, offer),
            "seats_left": offer.seats_left,
            "limit_left": offer.limit_left,
            "order_limit": offer.order_limit,
        }

    # === WHAT THE TILL ASKS FOR === #

    def _member_ticket_buyer(self, partner_id):
        """Return the customer of the order, empty for none (in sudo mode).

        :raise TillRefusal: bad_request.
        """
        # sudo: what somebody buys at is told to the till that serves them
        partners = self.env["res.partner"].sudo()
        if not partner_id:
            return partners
        found = isinstance(partner_id, int) and partners.browse(partner_id).exists()
        if not found:
            raise TillRefusal(
                "bad_request",
                self.env._("This customer is gone. Choose the customer again."),
            )
        return found

    def _member_count(self, number):
        """Read a number of records: a whole one, not below zero.

        :raise TillRefusal: bad_request.
        """
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise TillRefusal(
                "bad_request", self.env._("The till sent a malformed number.")
            )
        return number

    def _member_days(self, day_from, day_to):
        """Return when two days of the store begin and end, naive UTC; None for none.

        :raise TillRefusal: bad_request.
        """
        # sudo: where the till stands is no secret to who sells at it
        name = self.sudo().member_store_id.tz or self.env.user.tz or "UTC"
        zone = pytz.timezone(name)

        def midnight(day, days=0):
            if not day:
                return None
            try:
                date = fields.Date.to_date(day) + timedelta(days=days)
            except (TypeError, ValueError) as error:
                raise TillRefusal(
                    "bad_request", self.env._("The till sent a malformed date.")
                ) from error
            begins = zone.localize(datetime.combine(date, time()))
            return begins.astimezone(pytz.UTC).replace(tzinfo=None)

        return midnight(day_from), midnight(day_to, days=1)
