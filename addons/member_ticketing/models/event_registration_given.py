from collections import defaultdict

from odoo import api, fields, models

from ..figures import figures
from ..refusals import TicketRefusal
from .event_registration_till import FREE, TAKING

LINES = ("pos_order_line_id", "sale_order_line_id")
WATCHED = {"state", "partner_id", "event_id", "event_slot_id", "event_ticket_id"}
"""What decides whether a ticket is given away, and for whose limit it counts."""


class EventRegistration(models.Model):
    """Tickets made by hand that cost something: given away, and for a reason.

    They count as sold ones do: by the policy that would sell them, in its quota and in
    the limit of the member. The operator log keeps who gave them, to whom and why.
    """

    _inherit = "event.registration"

    member_free_reason = fields.Char(
        "Complimentary Because",
        copy=False,
        tracking=True,
        help="Why this ticket is given away, where no order stands behind it. It takes "
        "the right to give complimentary tickets, and is kept in the operator log.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("member_free_reason") for vals in vals_list):
            self._check_member_giver()
        if self.env.su:
            return super().create(vals_list)
        registrations = super().create(self._member_with_policies(vals_list))
        registrations._member_give_by_hand()
        return registrations

    def write(self, vals):
        if "member_free_reason" in vals:
            self._check_member_giver()
        if self.env.su or not ({*WATCHED, "member_free_reason"} & vals.keys()):
            return super().write(vals)
        taking = self.filtered(lambda each: each._member_takes_by_hand(vals))
        result = super(EventRegistration, self - taking).write(vals)
        for (buyer, ticket, slot), seats in taking.grouped(
            lambda each: each._member_place_after(vals)
        ).items():
            policy_id = self._member_policy_by_hand(buyer, ticket, slot, len(seats))
            super(EventRegistration, seats).write(
                {**vals, "member_policy_id": policy_id}
            )
        given = self if "member_free_reason" in vals else taking
        given._member_give_by_hand()
        return result

    # === POLICY === #

    @api.model
    def _member_with_policies(self, vals_list):
        """Return values with the policy by which tickets made by hand count.

        Nobody chooses it: a limit that is counted afterwards would be none.
        """
        # sudo: what a ticket counts for is told to nobody
        tickets = self.env["event.event.ticket"].sudo()
        partners, slots = self.env["res.partner"].sudo(), self.env["event.slot"].sudo()
        by_place = defaultdict(list)
        completed = []
        for vals in vals_list:
            full = self._add_missing_default_values(vals)
            full.pop("member_policy_id", None)
            completed.append(full)
            ticket = tickets.browse(full.get("event_ticket_id") or None)
            if ticket and not any(full.get(name) for name in LINES):
                place = (
                    partners.browse(full.get("partner_id") or None),
                    ticket,
                    slots.browse(full.get("event_slot_id") or None),
                )
                by_place[place].append(full)
        for place, own in by_place.items():
            policy_id = self._member_policy_by_hand(*place, len(own))
            for full in own:
                full["member_policy_id"] = policy_id
        return completed

    @api.model
    def _member_policy_by_hand(self, buyer, ticket, slot, quantity):
        """Return the id of the policy that would sell these tickets, or False."""
        left, _by_place = figures(self.env, buyer, [(ticket, slot)])
        offer = ticket._member_offer(
            buyer,
            "backend",
            slot=slot,
            user=self.env.user,
            quantity=quantity,
            left=left,
        )
        return offer.policy_id or False

    def _member_takes_by_hand(self, vals):
        """Tell whether writing these values takes another seat without an order."""
        self.ensure_one()
        if vals.get("state", self.state) not in TAKING or self._member_line():
            return False
        return self.state not in TAKING or self._member_place_after({}) != (
            self._member_place_after(vals)
        )

    def _member_place_after(self, vals):
        """Return buyer, ticket and slot, in sudo mode, as these values leave them."""
        self.ensure_one()
        # sudo: what a ticket counts for is told to nobody
        return tuple(
            (
                self.sudo()[name].browse(vals[name] or None)
                if name in vals
                else self.sudo()[name]
            )
            for name in ("partner_id", "event_ticket_id", "event_slot_id")
        )

    # === BUSINESS METHODS === #

    def _check_member_giver(self):
        """Refuse that somebody without the right says why a ticket is given away."""
        if not self.env.su and not self._member_may_give():
            self.env.user._member_require(FREE)

    def _member_priced_by_hand(self):
        """Return those that take a seat, cost something and that no order sells.

        In sudo mode. What costs nothing by itself may have its price from a policy.
        """
        # sudo: prices and policies decide, whoever makes the ticket
        taken = self.sudo().filtered(lambda each: each.state in TAKING)
        by_hand = taken - taken._member_paid_for()
        priced = by_hand.browse()
        for (buyer, ticket, slot), seats in by_hand.grouped(
            lambda each: (each.partner_id, each.event_ticket_id, each.event_slot_id)
        ).items():
            if ticket and (
                ticket.price
                or ticket._member_offer(
                    buyer, "backend", slot=slot, user=self.env.user
                ).price
            ):
                priced |= seats
        return priced

    def _member_give_by_hand(self):
        """Note what was made by hand and costs something as given away for a reason.

        :raise TicketRefusal: no_reason.
        """
        for (_buyer, ticket, why), seats in (
            self._member_priced_by_hand()
            .grouped(
                lambda each: (
                    each.partner_id,
                    each.event_ticket_id,
                    (each.member_free_reason or "").strip(),
                )
            )
            .items()
        ):
            if not why:
                raise TicketRefusal(
                    "no_reason",
                    self.env._(
                        "%(ticket)s costs something. To give it away fill in "
                        "“Complimentary Because”; otherwise sell it at the till or in "
                        "an order.",
                        ticket=ticket.name,
                    ),
                )
            seats.with_env(self.env)._member_log_given(why)

    def _member_log_given(self, why):
        """Note who gave these tickets, all of one kind and buyer, to whom and why."""
        tickets = self.sudo()  # the log names what the user may not read
        self.env["member.operator.log"]._log(
            "ticket_free",
            partner=tickets.partner_id,
            reference=tickets.event_id.name,
            detail=self.env._(
                "%(quantity)s × %(ticket)s: %(said)s",
                quantity=len(tickets),
                ticket=tickets.event_ticket_id.name,
                said=why,
            ),
        )
