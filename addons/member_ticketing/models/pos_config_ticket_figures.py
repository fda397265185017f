from typing import NamedTuple

from odoo import fields, models

from odoo.addons.member_card.till import to_json

from ..figures import figures
from ..policies import FOR_SALE, Figures, MemberOffer
from ..seats.values import Left, least

PRICES = ("price", "list_price", "amount", "list_amount")

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
    """What a till tells of performances and tickets: seats, prices, and why."""

    _inherit = "pos.config"

    def _member_ticket_offers(self, buyer, pairs, back=()):
        """Return what is offered of (ticket, slot) pairs, as a list of `_Offered`.

        :param back: seats that the buyer's order gives back, as `Want`s.
        """
        left, lefts = figures(self.env, buyer, pairs, back=back)
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
