from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models

from ..figures import figures

WEB_CONTEXT = ("uid", "website_id", "member_ticket_slot_id")
"""What prices on the website depend on beside the pricelist: who asks, which slot."""


@dataclass(frozen=True, kw_only=True)
class WebOffer:
    """What the page of a performance says of a ticket to whoever looks at it.

    `limit` is how many may go into the cart, 0: none. `message` says why none, or what
    is special; `hint` how few are left for this buyer; `teaser` what members of a class
    get, `[]` for those who have it. Moments are naive UTC.
    """

    limit: int
    message: str = ""
    hint: str = ""
    policy_name: str = ""
    closes_at: datetime | None = None
    teasers: tuple[str, ...] = ()


class EventEventTicket(models.Model):
    """Tickets on the website: the visitor's own price, window and limit."""

    _inherit = "event.event.ticket"

    member_public_price = fields.Float(
        "Public Price",
        compute="_compute_member_public_price",
        compute_sudo=True,
        min_display_digits="Product Price",
        help="On the website, for a visitor whom nobody knows.",
    )
    member_public_price_taxinc = fields.Float(
        "Public Price Tax Inc",
        compute="_compute_member_public_price",
        compute_sudo=True,
    )

    # === PRICES === #

    @api.depends_context(*WEB_CONTEXT)
    def _compute_price_reduce(self):
        """On the website: what the visitor pays by the policy that sells to them.

        A ticket that is not for sale to them shows what the public pays.
        """
        result = super()._compute_price_reduce()
        if self.env.context.get("website_id"):
            offers = self._member_offers_by_ticket(self._member_visitor())
            for ticket in self:
                if offer := offers.get(ticket._origin.id):
                    ticket.price_reduce = offer.price
        return result

    @api.depends_context(*WEB_CONTEXT)
    def _compute_price_reduce_taxinc(self):
        return super()._compute_price_reduce_taxinc()

    @api.depends_context(*WEB_CONTEXT)
    @api.depends("price", "product_id")
    def _compute_member_public_price(self):
        public = self.env["res.partner"]
        offers = self._member_offers_by_ticket(public)
        for ticket in self:
            offer = offers.get(ticket._origin.id)
            # nothing is dearer for the public than the ticket itself
            price = max(offer.price, ticket.price) if offer else ticket.price
            ticket.member_public_price = price
            company = ticket.event_id.company_id
            taxes = ticket.product_id.taxes_id.filtered(
                lambda tax, company=company: tax.company_id == company
            ).compute_all(price, company.currency_id, 1.0, product=ticket.product_id)
            ticket.member_public_price_taxinc = taxes["total_included"]

    def _member_offers_by_ticket(self, partner, **kwargs):
        """Return `{ticket id: MemberOffer}` on the website, of the slot in the context.

        A new record, as a form has it before it is saved, has no offer.
        """
        tickets = self._origin
        if not tickets:
            return {}
        slot = self._member_context_slot()
        # as Odoo shows prices on the website: by the pricelist that the visitor chose
        pricelist = tickets.product_id.product_tmpl_id[:1]._get_contextual_pricelist()
        offers = tickets._member_offers(
            partner,
            "web",
            [(ticket, slot) for ticket in tickets],
            pricelist=pricelist,
            **kwargs,
        )
        return {ticket_id: offer for (ticket_id, _slot), offer in offers.items()}

    def _member_context_slot(self):
        """Return the slot that prices are asked for, empty where there are none."""
        slot_id = self.env.context.get("member_ticket_slot_id")
        return self.env["event.slot"].browse(slot_id or None)

    def _member_visitor(self):
        """Return who looks at the website: empty for somebody who is not signed in."""
        # sudo: the visitor's own contact
        user = self.env.user.sudo()
        return user.partner_id.browse() if user._is_public() else user.partner_id

    # === WHAT THE PAGE SAYS === #

    def _member_web_offers(self, slot=None):
        """Return `{ticket id: WebOffer}` for whoever looks at the page.

        :param slot: the slot that was chosen, if the performance has slots.
        """
        tickets = self.with_context(member_ticket_slot_id=slot.id if slot else False)
        # sudo: policies and seats are counted for everybody, few figures are told
        tickets = tickets.sudo()
        visitor = tickets._member_visitor()
        slot = tickets._member_context_slot()
        pairs = [(ticket, slot) for ticket in tickets]
        # the holds of the visitor's own cart, which the context names, take nothing
        left, _by_place = figures(tickets.env, visitor, pairs, but=None)
        offers = tickets._member_offers_by_ticket(visitor, left=left)
        of_classes = tickets._member_class_offers(visitor, "web", pairs)
        above = tickets._member_classes_above(visitor)
        return {
            ticket.id: ticket._member_web_offer(
                offers[ticket.id],
                [
                    each
                    for each in of_classes[ticket.id, slot.id or 0]
                    if each.class_id in above
                ],
            )
            for ticket in tickets
        }

    def _member_classes_above(self, visitor):
        """Return the ids of the classes that are worth telling a visitor of.

        Who has a class is told of higher ones only.
        """
        own = visitor._member_class_in(self.event_id[:1].company_id)
        above = [("sequence", ">", own.sequence)] if own else []
        return set(self.env["member.class"].search(above).ids)

    def _member_web_offer(self, offer, of_classes):
        """Return what the page says of an offer, and of what a class would give."""
        self.ensure_one()
        limits = [self.event_id.EVENT_MAX_TICKETS, offer.limit_left, offer.seats_left]
        limits.append(offer.order_limit or None)
        limit = min(each for each in limits if each is not None)
        message, hint = "", ""
        if not offer.is_for_sale:
            message = offer.why if self.is_launched else ""
        elif offer.limit_left == 0:
            message = self.env._(
                "You have all %(limit)s tickets that one member may have.",
                limit=offer.member_limit,
            )
        elif offer.limit_left is not None:
            hint = self.env._(
                "%(left)s of %(limit)s tickets per member are left for you.",
                left=offer.limit_left,
                limit=offer.member_limit,
            )
        elif offer.order_limit:
            hint = self.env._(
                "At most %(limit)s on one order.", limit=offer.order_limit
            )
        return WebOffer(
            limit=limit if offer.is_for_sale else 0,
            message=message,
            hint=hint,
            policy_name=offer.policy_name if self._member_is_for_class(offer) else "",
            closes_at=offer.closes_at if offer.is_for_sale else None,
            teasers=tuple(self._member_teaser(each) for each in of_classes),
        )

    def _member_is_for_class(self, offer):
        """Tell whether it is a class that the buyer has this offer for."""
        policy = self.env["member.ticket.policy"].browse(offer.policy_id or None)
        return bool(policy.class_id)

    def _member_teaser(self, offer):
        """Say in one line what members of a class pay."""
        price = self._member_web_amount(offer.price)
        if not offer.opens_at:
            return self.env._("%(name)s: %(price)s", name=offer.class_name, price=price)
        return self.env._(
            "%(name)s: %(price)s from %(moment)s",
            name=offer.class_name,
            price=price,
            moment=self._member_moment(offer.opens_at),
        )

    def _member_web_amount(self, price):
        """Return a price as the website shows prices: its currency, taxes or none."""
        website = self.env["website"].get_current_website()
        company = self.event_id.company_id
        if website.show_line_subtotals_tax_selection == "tax_included":
            price = self.product_id.taxes_id.filtered(
                lambda tax: tax.company_id == company
            ).compute_all(price, company.currency_id, 1.0, product=self.product_id)[
                "total_included"
            ]
        amount = company.currency_id._convert(
            price, website.currency_id, company, fields.Date.today()
        )
        return website.currency_id.format(amount)
