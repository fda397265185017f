from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.member_card.till import TillRefusal, till_verb

from ..reading import is_number

SELL = "member_ticketing.group_member_ticket_sell"
CHANGE = "member_ticketing.group_member_ticket_policy_change"
FREE = "member_ticketing.group_member_ticket_free"

PAGE = 40
MOST = 100
"""Performances in one answer: by default, and at most."""

SOLD_AT_TILLS = [
    ("product_id.available_in_pos", "=", True),
    ("product_id.service_tracking", "=", "event"),
]
"""Tickets that a till can sell: core makes a line of their product."""


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
        order_uuid=False,
        back=(),
    ):
        """Tell what is on between two days of the store, both included, for a buyer.

        Without days: all that is not over. `query` is part of the name or the place.
        The number of queries does not depend on how many performances there are. What
        the order gives back counts as free for it: `order_uuid` and `back`, as for
        `member_seats_hold`.

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
        leaving = self._member_leaving(back, order_uuid)
        offered = self._member_ticket_offers(buyer, pairs, leaving._member_seat_wants())
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
    def member_performance(
        self, event_id, slot_id=False, partner_id=False, order_uuid=False, back=()
    ):
        """Tell which tickets this buyer can have of one performance or slot.

        `order_uuid` and `back` as for `member_performances`.

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
        leaving = self._member_leaving(back, order_uuid)
        offered = self._member_ticket_offers(
            buyer,
            self._member_ticket_pairs(event, slots),
            leaving._member_seat_wants(),
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
        if not is_number(number):
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
                date = fields.Date.to_date(str(day)) + timedelta(days=days)
                begins = zone.localize(datetime.combine(date, time()))
                return begins.astimezone(pytz.UTC).replace(tzinfo=None)
            except (TypeError, ValueError, OverflowError) as error:
                raise TillRefusal(
                    "bad_request", self.env._("The till sent a malformed date.")
                ) from error

        return midnight(day_from), midnight(day_to, days=1)
