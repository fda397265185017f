from odoo import api, fields, models


class EventEvent(models.Model):
    """A performance: its sales policies, which come from its template at first."""

    _name = "event.event"
    _inherit = ["event.event", "member.ticket.policy.place"]

    member_ticket_policy_ids = fields.One2many(
        "member.ticket.policy", "event_id", "Sales Policies"
    )
    is_ticket_policy_required = fields.Boolean(
        "Sell Only by a Policy",
        compute="_compute_is_ticket_policy_required",
        store=True,
        readonly=False,
        precompute=True,
        help="Tickets that no policy speaks of are not for sale. Otherwise everybody "
        "buys them at their own price.",
    )

    @api.depends("event_type_id")
    def _compute_is_ticket_policy_required(self):
        for event in self:
            template = event.event_type_id
            event.is_ticket_policy_required = (
                template.is_ticket_policy_required
                if template
                else event.is_ticket_policy_required
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not self.env.context.get("member_policies_follow"):
            events._member_policies_from_template()
        return events

    def write(self, vals):
        result = super().write(vals)
        if vals.get("event_type_id"):
            self._member_policies_from_template()
        return result

    def copy(self, default=None):
        copies = super(EventEvent, self.with_context(member_policies_follow=True)).copy(
            default
        )
        for event, new in zip(self, copies, strict=True):
            # sudo: who may copy a performance copies all of it
            event.sudo().member_ticket_policy_ids._copy_to(new.sudo(), is_moving=True)
        return copies.with_env(self.env)

    def _member_policies_from_template(self):
        """Give performances without policies those of their template."""
        # sudo: who may make a performance from a template gets all of it
        for event in self.sudo():
            policies = event.event_type_id.member_ticket_policy_ids
            if policies and not event.member_ticket_policy_ids:
                policies._copy_to(event)

    # === PLACE OF POLICIES === #

    def _member_policy_tickets(self):
        return self.event_ticket_ids

    def _member_policy_slots(self):
        return (
            self.event_slot_ids
            if self.is_multi_slots
            else super()._member_policy_slots()
        )

    def _member_policy_company(self):
        return self.company_id or super()._member_policy_company()

    def _member_policy_facts(self):
        facts = super()._member_policy_facts()
        if self.date_begin and self.date_end:
            facts |= {
                "is_dated": True,
                "begins": self.date_begin,
                "over": self.date_end,
            }
        return facts | {"capacity": self.seats_max if self.seats_limited else 0}

    def _member_policy_prices(self, classes):
        pairs = [
            (ticket, slot)
            for ticket in self.event_ticket_ids
            for slot in (self.env["event.slot"], *self._member_policy_slots())
        ]
        found = {}
        for member_class in (self.env["member.class"], *classes):
            offers = self.event_ticket_ids._member_offers(
                None, "", pairs, member_class=member_class
            )
            for (ticket_id, slot_id), offer in offers.items():
                key = f"{ticket_id}/{slot_id}/{member_class.id or 0}"
                found[key] = self._member_policy_price_words(offer)
        return found

    def _member_policy_price_words(self, offer):
        currency = self._member_policy_company().currency_id
        return {
            "price": currency.format(offer.price) if offer.is_for_sale else "",
            "why": offer.why,
        }
