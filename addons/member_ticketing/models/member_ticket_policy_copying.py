from collections import namedtuple
from datetime import timedelta

from odoo import fields, models

Copying = namedtuple("Copying", "policy vals reason")
"""A policy to copy with its new values, or without any and the reason why not."""


class MemberTicketPolicy(models.Model):
    """Copies of policies: to other performances, from templates and to them."""

    _inherit = "member.ticket.policy"

    def _copy_to(self, place, is_moving=False, *, is_replacing=False):
        """Copy these policies to a performance or template; return the new ones.

        What cannot be copied is left out, as `_plan_copy` says.
        """
        plan = self._plan_copy(place, is_moving, is_replacing=is_replacing)
        if is_replacing:
            place.member_ticket_policy_ids.action_archive()
        return self.with_context(tracking_disable=True).create(
            [each.vals for each in plan if each.vals]
        )

    def _plan_copy(self, place, is_moving=False, *, is_replacing=False):
        """Return a `Copying` for each policy.

        Tickets are found by their names, slots by day and hour. A policy that the place
        has already, or has one for the same buyers at the same time, is left out.

        :param is_moving: windows keep their distance to the performance, and slots are
            those as many days after its beginning.
        :param is_replacing: what the place has is archived first, so nothing is left
            out for it.
        """
        shift = timedelta()
        if is_moving and self.event_id and place._name == "event.event":
            shift = place.date_begin - self.event_id[:1].date_begin
        taken = place.member_ticket_policy_ids.filtered("active")
        if is_replacing:
            taken = self.browse()
        plan = []
        for policy in self:
            vals, reason = policy._prepare_copy(place, shift)
            if vals:
                copied = self.new(vals)
                begins = place._name == "event.event" and place.date_begin
                if any(copied._overlaps(each, begins) for each in taken):
                    vals, reason = {}, self.env._("it has one for the same buyers")
            plan.append(Copying(policy, vals, reason))
        return plan

    def _prepare_copy(self, place, shift):
        """Return the values of a copy and "", or nothing and why there is none."""
        self.ensure_one()
        is_event = place._name == "event.event"
        ticket = self.ticket_id or self.type_ticket_id
        slot = self.slot_id
        if ticket:
            ticket = _same_name(ticket, place._member_policy_tickets())
            if not ticket:
                name = (self.ticket_id or self.type_ticket_id).name
                return {}, self.env._("there is no ticket “%(name)s”", name=name)
        if slot:
            slot = _same_time(slot, place._member_policy_slots(), shift)
            if not slot:
                name = self.slot_id.display_name
                return {}, self.env._("there is no slot %(name)s", name=name)
        theirs = (self.class_id.company_id | self.pricelist_id.company_id).root_id
        if is_event and place.company_id and theirs - place.company_id.root_id:
            return {}, self.env._("its class or pricelist is of another company")
        (vals,) = self.copy_data()
        if self.name == self._default_name():
            # it may name a slot or a ticket: the copy's own
            del vals["name"]
        return {
            **vals,
            "event_id": place.id if is_event else False,
            "event_type_id": False if is_event else place.id,
            "ticket_id": ticket.id if is_event else False,
            "type_ticket_id": False if is_event else ticket.id,
            "slot_id": slot.id,
            "start_date": self.start_date and self.start_date + shift,
            "end_date": self.end_date and self.end_date + shift,
        }, ""


def _same_name(ticket, tickets):
    """Return the ticket that is called the same, or nothing."""
    name = ticket.name.strip().casefold()
    return next(
        (each for each in tickets if each.name.strip().casefold() == name),
        tickets.browse(),
    )


def _same_time(slot, slots, shift):
    """Return the slot on the same day of the run, at the same hour, or nothing."""
    day = fields.Date.add(slot.date, days=shift.days)
    return next(
        (
            each
            for each in slots
            if each.date == day and each.start_hour == slot.start_hour
        ),
        slots.browse(),
    )
