from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from odoo import fields, models
from odoo.tools import float_round

from ..policies import Choice, Figures, MemberOffer, Wanted, applies, choose, price

KEEPS_TO_TICKET_WINDOW = ("pos", "web")
"""Where Odoo's own window of a ticket counts; in the backend staff always sell."""


class EventEventTicket(models.Model):
    """What a buyer is offered: the one answer for all channels."""

    _inherit = "event.event.ticket"

    def _member_offer(self, partner, channel, *, slot=None, **kwargs):
        """Return the `MemberOffer` of this ticket to a buyer; see `_member_offers`."""
        self.ensure_one()
        slot = slot or self.env["event.slot"]
        offers = self._member_offers(partner, channel, [(self, slot)], **kwargs)
        return offers[self.id, slot.id or 0]

    def _member_offers(
        self,
        partner,
        channel,
        pairs,
        *,
        user=None,
        now=None,
        quantity=1,
        policy=None,
        left=None,
        pricelist=None,
        member_class=None,
    ):
        """Return offers by (ticket id, slot id or 0); constant in number of queries.

        :param partner: the buyer; empty: somebody whom nobody knows.
        :param channel: "pos", "backend" or "web"; "": what is sold everywhere.
        :param pairs: (ticket, slot or empty) of any performances.
        :param user: the clerk; by default who is logged in, on the website nobody.
        :param now: naive UTC.
        :param policy: sell by this one, whatever the class of the buyer (who may ask
            for it is for the caller to check); it must speak of the ticket, the slot
            and the channel, and sell now. Otherwise the offer is not for sale.
        :param left: `Figures`; without them quotas, limits and seats are not looked at.
        :param pricelist: the one in play for tickets at their own price; by default the
            buyer's own: the contact's, or that of the class.
        :param member_class: what a member of this class would be offered, whose contact
            has no price of its own.
        """
        buyer = _Buyer(
            partner=partner or self.env["res.partner"],
            channel=channel,
            user=user or (self.env.user if channel != "web" else user),
            now=now or fields.Datetime.now(),
            quantity=quantity,
            policy=policy,
            figures=left or Figures(),
            pricelist=pricelist,
            member_class=member_class,
        )
        # sudo: prices and policies are for everybody who may buy; no more is told
        tickets = self.sudo().browse().union(*(ticket for ticket, _slot in pairs))
        # sudo: what is for sale, and when, is told to whoever asks
        none = self.env["event.slot"].sudo()
        slots = none.union(*(slot or none for _ticket, slot in pairs))
        # each reads for all of them, however the caller came by it
        pairs = [
            (
                tickets.browse(ticket.id).with_prefetch(tickets.ids),
                (slot or none).sudo().with_prefetch(slots.ids),
            )
            for ticket, slot in pairs
        ]
        rules = self.env["member.ticket.policy"]._rules_of(tickets.event_id.ids)
        choices = {
            pair: pair[0]._member_choose(rules[pair[0].event_id.id], pair[1], buyer)
            for pair in pairs
        }
        ratios = self._member_price_ratios(choices, buyer)
        return {
            (ticket.id, slot.id or 0): ticket._member_make_offer(
                slot, choice, ratios, buyer
            )
            for (ticket, slot), choice in choices.items()
        }

    def _member_policy_offers(self, partner, channel, *, slot=None, **kwargs):
        """Return the offers of this ticket by each policy that speaks of it, by id.

        Also those of other classes: what a clerk with the right may sell by instead.
        """
        self.ensure_one()
        policies = self.env["member.ticket.policy"]
        # sudo: as in `_member_offers`
        event_id = self.sudo().event_id.id
        wanted = Wanted(
            event_id=event_id,
            ticket_id=self.id,
            slot_id=slot.id if slot else 0,
            channel=channel,
            now=fields.Datetime.now(),
        )
        return {
            rule.id: self._member_offer(
                partner, channel, slot=slot, policy=policies.browse(rule.id), **kwargs
            )
            for rule in policies._rules(event_id)
            if applies(replace(rule, class_id=0), wanted)
        }

    # === THE CHOICE === #

    def _member_choose(self, rules, slot, buyer):
        """Choose between the performance's rules, within the ticket's own window."""
        event = self.event_id
        wanted = Wanted(
            event_id=event.id,
            ticket_id=self.id,
            slot_id=slot.id or 0,
            class_id=buyer.class_in(event.company_id).id or 0,
            channel=buyer.channel,
            user_id=buyer.user.id if buyer.user else 0,
            now=buyer.now,
            quantity=buyer.quantity,
            begins=slot.start_datetime or event.date_begin,
        )
        required = event.is_ticket_policy_required
        if buyer.policy:
            # whoever the buyer is: that is what another policy is for
            rules = [
                replace(rule, class_id=0)
                for rule in rules
                if rule.id == buyer.policy.id
            ]
            required = True
        choice = choose(rules, wanted, buyer.figures.policies, required)
        if not choice.is_for_sale or buyer.channel not in KEEPS_TO_TICKET_WINDOW:
            return choice
        start, end = self.start_sale_datetime, self.end_sale_datetime
        if end and end < buyer.now:
            return Choice(status="closed")
        if start and start > buyer.now:
            return Choice(status="closed", opens_at=start)
        return choice

    # === THE PRICE === #

    def _member_price_ratios(self, choices, buyer):
        """Return what pricelists make of the price of products: {(pricelist, product)}.

        As Odoo does for tickets: the ratio of the product's price in the pricelist to
        its list price is that of the ticket's price to what the ticket costs.
        """
        wanted = {}
        for (ticket, _slot), choice in choices.items():
            pricelist = ticket._member_pricelist_in_play(choice, buyer)
            if pricelist:
                company = ticket.company_id or self.env.company
                key = (pricelist, company)
                wanted.setdefault(key, ticket.product_id.browse())
                wanted[key] |= ticket.product_id
        ratios = {}
        for (pricelist, company), products in wanted.items():
            goods = products.with_company(company)
            prices = pricelist.with_company(company)._get_products_price(
                goods, buyer.quantity, currency=company.currency_id, date=buyer.now
            )
            for product in goods:
                if product.lst_price:
                    ratio = prices[product.id] / product.lst_price
                    ratios[pricelist.id, company.id, product.id] = ratio
        return ratios

    def _member_pricelist_in_play(self, choice, buyer):
        """Return the pricelist that makes the price, empty: none does.

        Of a "ticket" price or without a policy the one in play, of a policy by
        pricelist its own or that of its class.
        """
        rule = choice.shown_rule
        kind = rule.price_kind if rule else "ticket"
        company = self.company_id or self.env.company
        if kind == "ticket":
            return buyer.pricelist_in(company)
        if kind != "pricelist":
            # sudo: prices are computed for people who cannot read pricelists
            return self.env["product.pricelist"].sudo()
        policy = self.env["member.ticket.policy"].sudo().browse(rule.id)
        return policy.pricelist_id or policy.class_id._pricelist_for(company)

    def _member_unit_price(self, choice, ratios, buyer):
        """Return the price of a ticket, rounded as unit prices are."""
        company = self.company_id or self.env.company
        pricelist = self._member_pricelist_in_play(choice, buyer)
        key = (pricelist.id, company.id, self.product_id.id)
        own = self.price * ratios.get(key, 1.0)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        exact = price(choice.shown_rule, Decimal(str(own)))
        return float_round(float(exact), precision_digits=digits)

    # === THE OFFER === #

    def _member_make_offer(self, slot, choice, ratios, buyer):
        rule, figures = choice.rule, buyer.figures
        place = (self.event_id.id, slot.id or 0, self.id)
        limit = rule.limit if rule else 0
        # somebody whom nobody knows is held to the member's limit by the order
        by_order = (
            rule.order_limit if rule else 0,
            self.limit_max_per_order,
            0 if buyer.partner else limit,
        )
        left = None
        if limit:
            bought = figures.bought.get((place[0], rule.slot_id, rule.ticket_id))
            left = None if bought is None else max(limit - bought, 0)
        seats = [figures.seats.get(place)]
        if rule and rule.quota:
            seats.append(figures.policies.get(rule.id))
        return MemberOffer(
            ticket_id=self.id,
            slot_id=slot.id or 0,
            status=choice.status,
            price=self._member_unit_price(choice, ratios, buyer),
            list_price=self.price,
            why=self._member_why(choice),
            policy_id=rule.id if rule else 0,
            policy_name=rule.name if rule else "",
            opens_at=choice.opens_at,
            closes_at=choice.closes_at,
            member_limit=limit,
            limit_left=left,
            seats_left=min((each for each in seats if each is not None), default=None),
            order_limit=min((each for each in by_order if each), default=0),
        )


@dataclass(frozen=True, kw_only=True)
class _Buyer:
    """Who asks, where and when: what all tickets of one question share."""

    partner: models.BaseModel
    channel: str
    user: models.BaseModel | None
    now: datetime
    quantity: int
    policy: models.BaseModel | None
    figures: Figures
    pricelist: models.BaseModel | None
    member_class: models.BaseModel | None

    def class_in(self, company):
        """Return the class as which this buyer buys in a company."""
        if self.member_class is not None:
            return self.member_class
        return self.partner._member_class_in(company)

    def pricelist_in(self, company):
        """Return the pricelist of tickets that sell at their own price, or empty."""
        if self.pricelist is not None:
            # sudo: what it makes of a price is told to everybody who may buy
            return self.pricelist.sudo()
        if self.member_class:
            return self.member_class._pricelist_for(company)
        return self.partner._member_own_pricelist_in(company)
