"""What `event.event.ticket._member_offer` is told about seats."""

from ..policies import Figures
from .figures import bought, left
from .values import Want


def figures(env, pairs, partner=None, *, but=None, fresh=False) -> Figures:
    """Return what is left for the offers of `pairs` of (ticket, slot or empty).

    A constant number of queries. `but` and `fresh` as for `left`; `partner` the buyer
    whose limits count, if it is known who buys.
    """
    places = [
        (ticket.event_id.id, slot.id if slot else 0, ticket.id)
        for ticket, slot in pairs
    ]
    wants = [Want(event, slot, ticket, 0, 0) for event, slot, ticket in places]
    # sudo: that a quota is used up is told to whoever asks for the ticket
    policies = (
        env["member.ticket.policy"]
        .sudo()
        .search(
            [
                ("event_id", "in", list({event for event, _slot, _ticket in places})),
                ("quota", ">", 0),
            ]
        )
    )
    quotas = [Want(policy.event_id.id, 0, 0, policy.id, 0) for policy in policies]
    answers = left(env, wants + quotas, but=but, fresh=fresh)
    seats = {
        place: answer.seats
        for place, answer in zip(places, answers, strict=False)
        if answer.seats is not None
    }
    by_policy = zip(policies, answers[len(places) :], strict=True)
    counted = bought(env, places, partner.id, but=but, fresh=fresh) if partner else {}
    return Figures(
        seats=seats,
        policies={policy.id: answer.policy for policy, answer in by_policy},
        bought={counter[:3]: number for counter, number in counted.items()},
    )
