"""What seats are left, as the choice of a policy asks for it."""

from . import seats
from .policies import Figures


def figures(env, partner, pairs, *, but=(), back=()) -> tuple[Figures, dict]:
    """Return what is left for a buyer of these tickets, in one go.

    Beside what the choice looks at, what `seats.left` says of each (event id, slot id
    or 0, ticket id).

    :param partner: the buyer, whose limits count; may be empty.
    :param pairs: (ticket, slot or empty), of any performances; readable by the caller.
    :param but: keys of the buyer's own holds, which take nothing from them; None for
        those that the context names.
    :param back: seats that the buyer is about to give back, as `Want`s.
    """
    places = list(
        dict.fromkeys(
            (ticket.event_id.id, slot.id or 0, ticket.id) for ticket, slot in pairs
        )
    )
    event_ids = list({event_id for event_id, _slot, _ticket in places})
    rules = [
        (event_id, rule)
        for event_id, found in env["member.ticket.policy"]._rules_of(event_ids).items()
        for rule in found
        if rule.quota or (rule.limit and partner)
    ]
    wants = [seats.Want(*place, 0, 0) for place in places]
    wants += [
        seats.Want(event_id, rule.slot_id, rule.ticket_id, rule.id, partner.id or 0)
        for event_id, rule in rules
    ]
    left = seats.left(env, wants, but=but, back=back)
    by_place = dict(zip(places, left[: len(places)], strict=True))
    by_rule = list(zip(rules, left[len(places) :], strict=True))
    chosen_by = Figures(
        seats={
            place: each.seats
            for place, each in by_place.items()
            if each.seats is not None
        },
        policies={
            rule.id: each.policy
            for (_event, rule), each in by_rule
            if each.policy is not None
        },
        bought={
            (event_id, rule.slot_id, rule.ticket_id): rule.limit - each.member
            for (event_id, rule), each in by_rule
            if rule.limit and each.member is not None
        },
    )
    return chosen_by, by_place
