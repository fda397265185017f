from collections import Counter
from uuid import uuid4

from odoo.http import request, route

from odoo.addons.member_card.refusals import MemberRefusal
from odoo.addons.member_card.storable import storable
from odoo.addons.website_event_sale.controllers.main import WebsiteEventSaleController

from ..refusals import TicketRefusal

REFUSAL_KEY = "member_ticket_refusal"
"""Of the session: why the last request for tickets was refused."""

FAILED = "registration_error_code"
"""Of the page that one is sent back to when Odoo itself has ordered nothing."""

OWN_FIELDS = ("event_id", "partner_id")
"""Of an attendee: what only the server says, whatever a form sends."""


class MemberEventController(WebsiteEventSaleController):
    """Tickets on the website: looked at again by the server at every step.

    What the page showed is no promise. Either everything that was asked for goes into
    the cart, with its seats held, or nothing and the page says why.
    """

    def _prepare_event_register_values(self, event, **post):
        values = super()._prepare_event_register_values(event, **post)
        values["member_refusal"] = request.session.pop(REFUSAL_KEY, None)
        return values

    @route()
    def registration_tickets(self, event, slot_id):
        """Prices and limits are those of the slot that was chosen."""
        event = event.with_context(member_ticket_slot_id=slot_id)
        return super().registration_tickets(event, slot_id)

    def _process_tickets_form(self, event, form_details):
        """Allow as many as the visitor's own offer does, and say why not more."""
        items = [
            item
            for item in super()._process_tickets_form(event, form_details)
            if item["quantity"] > 0
        ]
        tickets = request.env["event.event.ticket"].union(
            *(item["ticket"] for item in items if item["ticket"])
        )
        if not tickets:
            return items
        slot = self._member_slot(event, form_details.get("event_slot_id"))
        offers = tickets._member_web_offers(slot)
        priced = tickets.with_context(member_ticket_slot_id=slot.id)
        prices = {ticket.id: ticket.price_reduce for ticket in priced}
        for item in items:
            if not (offer := offers.get(item["id"])):
                continue
            item["price"] = prices[item["id"]]
            limit = min(item["current_limit_per_order"], offer.limit)
            item["current_limit_per_order"] = limit
            if item["quantity"] > limit:
                item["member_why"] = self._member_why_not(item, offer)
        return items

    def _member_why_not(self, item, offer):
        """Say why fewer can be had, in one sentence for each ticket."""
        if offer.message:
            return f"{item['name']}: {offer.message}"
        return request.env._(
            "%(ticket)s: at most %(limit)s can be ordered now.",
            ticket=item["name"],
            limit=item["current_limit_per_order"],
        )

    @route()
    def registration_new(self, event, **post):
        """Each form has a key of its own: sent twice it orders once."""
        request.update_context(member_form_key=uuid4().hex)
        return super().registration_new(event, **post)

    @route()
    def registration_confirm(self, event, member_form_key="", **post):
        member_form_key = storable(member_form_key)
        # sudo: whoever sends a form leaves its key
        forms = request.env["member.ticket.form"].sudo()
        try:
            with request.env.cr.savepoint():
                if member_form_key and (sent := forms._send(member_form_key)):
                    return request.redirect(sent.location)
                response = super().registration_confirm(event, **post)
        except MemberRefusal as refusal:
            return self._member_refused(event, refusal)
        if member_form_key:
            location = response.headers.get("Location", "")
            is_ordered = FAILED not in location
            forms._lead_to(member_form_key, is_ordered and location)
        return response

    def _create_attendees_from_registration_post(self, event, registration_data):
        for data in registration_data:
            for name in OWN_FIELDS:
                data.pop(name, None)
            self._member_slot(event, data.get("event_slot_id"))
        self._member_check_tickets(event, registration_data)
        return super()._create_attendees_from_registration_post(
            event, registration_data
        )

    def _member_check_tickets(self, event, registration_data):
        """Refuse tickets that are not for sale to the visitor.

        Tickets that a policy sells go through a cart also when they cost nothing: that
        is where seats are held and limits are counted.
        """
        wanted = Counter(
            (data.get("event_slot_id") or 0, data["event_ticket_id"])
            for data in registration_data
            if data.get("event_ticket_id")
        )
        if not wanted:
            return
        # sudo: as the shop does; the tickets were checked to be this performance's
        tickets = request.env["event.event.ticket"].sudo()
        slots = request.env["event.slot"].sudo()
        offers = tickets._member_offers(
            tickets._member_visitor(),
            "web",
            [
                (tickets.browse(ticket_id), slots.browse(slot_id or None))
                for slot_id, ticket_id in wanted
            ],
        )
        for (ticket_id, _slot_id), offer in offers.items():
            if not offer.is_for_sale:
                name = tickets.browse(ticket_id).name
                raise TicketRefusal(offer.status, f"{name}: {offer.why}")
        is_sold = any(offer.policy_id or offer.price for offer in offers.values())
        if is_sold and not request.cart:
            request.website._create_cart()

    def _member_slot(self, event, slot_id):
        """Return the slot of the performance that a form names.

        :raise TicketRefusal: no_slot, none was chosen or it is another performance's.
        """
        # sudo: slots of a performance that the visitor may see
        slots = event.sudo().event_slot_ids
        slot = slots.filtered(lambda each: str(each.id) == str(slot_id or ""))
        if not slot and (slot_id or event.is_multi_slots):
            raise TicketRefusal(
                "no_slot", request.env._("Choose the time of the performance first.")
            )
        return slot

    def _member_refused(self, event, refusal):
        """Send the visitor back to the performance, which says what was refused."""
        request.session[REFUSAL_KEY] = str(refusal)
        if request.cart and not request.cart.exists():
            # it was created on the way and is gone with what was refused
            request.website.sale_reset()
        slug = request.env["ir.http"]._slug(event)
        return request.redirect(f"/event/{slug}/register")
