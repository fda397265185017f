"""What is odd about the policies of one performance, taken together."""

from itertools import product

from .choice import AXES, applies, choose, window
from .values import Wanted

CHANNELS = ("pos", "backend", "web")


def overlaps(one, other, begins=None) -> bool:
    """Tell whether nothing but their age says which of two policies sells.

    They name the same, may be sold by the same clerks, and are open at the same time.
    """
    if any(getattr(one, axis) != getattr(other, axis) for axis in AXES):
        return False
    if bool(one.user_ids) != bool(other.user_ids):
        return False
    if one.user_ids and not one.user_ids & other.user_ids:
        return False
    return meet(one, other, begins)


def meet(one, other, begins=None) -> bool:
    """Tell whether two policies are ever open at the same time."""
    start, end = window(one, begins)
    other_start, other_end = window(other, begins)
    is_before = end and other_start and end <= other_start
    is_after = other_end and start and other_end <= start
    return not is_before and not is_after


def can_win(rule, rules, *, tickets, slots, classes, begins, over) -> bool:
    """Tell whether there is any buyer, place and moment for which the policy sells.

    Quotas are thought to last. Of tickets, slots and classes the ids, those that no
    policy names are as good as each other.

    :param begins: when the performance begins; `over`, when nobody can buy any more.
    """
    moments = _moments(rules, begins, over)
    axes = {
        "ticket_id": _worth_trying(rule, rules, "ticket_id", tickets),
        "slot_id": _worth_trying(rule, rules, "slot_id", slots or (0,)),
        "class_id": _worth_trying(rule, rules, "class_id", (0, *classes)),
        "channel": (rule.channel,) if rule.channel else CHANNELS,
    }
    for values in product(*axes.values()):
        named = dict(zip(axes, values, strict=True))
        near = None
        # nobody at a counter sells on the website
        clerks = (0,) if named["channel"] == "web" else (*sorted(rule.user_ids), 0)
        for user_id, now in product(clerks, moments):
            wanted = Wanted(
                event_id=0, now=now, user_id=user_id, begins=begins, **named
            )
            if near is None:
                near = [each for each in rules if applies(each, wanted)]
            choice = choose(near, wanted, required=True)
            if choice.rule and choice.rule.id == rule.id:
                return True
    return False


def _worth_trying(rule, rules, axis, ids):
    """Return ids to try: those that policies name, and one that none of them does."""
    if getattr(rule, axis):
        return (getattr(rule, axis),) if getattr(rule, axis) in ids else ()
    named = {getattr(each, axis) for each in rules}
    other = [each for each in ids if each not in named][:1]
    return [*other, *(each for each in ids if each in named)]


def _moments(rules, begins, over):
    """Return one moment of each span in which the same policies are open."""
    bounds = {bound for each in rules for bound in window(each, begins) if bound}
    first = min(bounds | {over}) - over.resolution
    return [first, *sorted(bound for bound in bounds if bound < over)]
