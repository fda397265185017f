from odoo import api, fields, models
from odoo.tools import float_compare

from ..policies import ClassOffer, window


class EventEventTicket(models.Model):
    """What membership would give: shown before a visitor logs in."""

    _inherit = "event.event.ticket"

    member_upcoming_offer = fields.Text(
        "What Members Pay",
        compute="_compute_member_upcoming_offer",
        compute_sudo=True,
        help="On the website: what members of a class pay, now or soon, when that is "
        "less than the visitor pays, or they can buy earlier.",
    )

    @api.depends_context("uid")
    def _compute_member_upcoming_offer(self):
        partner = self.env.user.partner_id
        none = self.env["event.slot"]
        offers = self._member_class_offers(
            partner, "web", [(ticket, none) for ticket in self]
        )
        for ticket in self:
            sentences = [each.sentence for each in offers[ticket.id, 0]]
            ticket.member_upcoming_offer = "\n".join(sentences) or False

    def _member_class_offers(self, partner, channel, pairs, *, now=None):
        """Return what members of each class pay, by (ticket id, slot id or 0).

        A tuple of `ClassOffer`, by class and moment: those that are cheaper than what
        this buyer pays at the same moment, or can be bought when this buyer cannot;
        each later one of a class cheaper than the one before it.

        :param pairs: (ticket, slot or empty), of performances of one company.
        """
        now = now or fields.Datetime.now()
        # sudo: as in `_member_offers`
        tickets = self.sudo().browse().union(*(ticket for ticket, _slot in pairs))
        moments = tickets._member_class_openings(now)
        own = {
            moment: self._member_offers(partner, channel, pairs, now=moment)
            for moment in {now, *(each for many in moments.values() for each in many)}
        }
        found = {key: [] for key in own[now]}
        for member_class, openings in moments.items():
            best = {}
            for moment in (now, *openings):
                theirs = self._member_offers(
                    None, channel, pairs, now=moment, member_class=member_class
                )
                for key, offer in theirs.items():
                    rivals = [own[moment][key], best.get(key)]
                    if offer.is_for_sale and all(
                        self._member_is_better(offer, each) for each in rivals
                    ):
                        best[key] = offer
                        opens_at = moment if moment > now else None
                        found[key].append(
                            self._member_class_offer(member_class, offer, opens_at)
                        )
        return {key: tuple(many) for key, many in found.items()}

    def _member_class_openings(self, now):
        """Return the moments after `now` at which policies of each class open."""
        events = self.event_id
        company = (events.company_id[:1] or self.env.company).root_id
        classes = self.env["member.class"].search(
            [("company_id", "in", (False, company.id))]
        )
        rules = self.env["member.ticket.policy"]._rules_of(events.ids)
        openings = {member_class: set() for member_class in classes}
        for event in events:
            begins = [event.date_begin, *event.event_slot_ids.mapped("start_datetime")]
            for rule in rules[event.id]:
                opens = {window(rule, each)[0] for each in begins} - {None}
                member_class = classes.browse(rule.class_id)
                if member_class in openings:
                    openings[member_class] |= {each for each in opens if each > now}
        return {each: sorted(moments) for each, moments in openings.items()}

    def _member_is_better(self, offer, other):
        """Tell whether an offer is cheaper than another that can be bought."""
        if other is None or not other.is_for_sale:
            return True
        digits = self.env["decimal.precision"].precision_get("Product Price")
        prices = (offer.price, other.price)
        return float_compare(*prices, precision_digits=digits) < 0

    def _member_class_offer(self, member_class, offer, opens_at):
        # sudo: what a class gets is told to whoever asks
        ticket = self.sudo().browse(offer.ticket_id)
        currency = (ticket.company_id or self.env.company).currency_id
        amount = currency.format(offer.price)
        if opens_at:
            sentence = self.env._(
                "Members of %(name)s: %(price)s from %(moment)s.",
                name=member_class.name,
                price=amount,
                moment=ticket._member_moment(opens_at),
            )
        else:
            sentence = self.env._(
                "Members of %(name)s: %(price)s.", name=member_class.name, price=amount
            )
        return ClassOffer(
            class_id=member_class.id,
            class_name=member_class.name,
            price=offer.price,
            opens_at=opens_at,
            sentence=sentence,
        )
