"""From policies and a wish to the one that sells.

The most telling policy goes first: one that names the class before one for everybody,
then the ticket, the slot, the channel and the clerk; then by sequence and age. One that
is closed, used up or for other clerks is passed over, so a member whose class's policy
does not sell yet buys as the public does. Nobody is ever worse off for a class.
"""

from datetime import timedelta
from decimal import Decimal

from .values import Choice, Why

AXES = ("class_id", "ticket_id", "slot_id", "channel")
"""What a policy may name of a wish, most telling first; the clerk comes after."""

HUNDRED = Decimal(100)


def choose(rules, wanted, left=None, required=False) -> Choice:
    """Return the policy that sells, the order in which they are given does not matter.

    :param left: seats left of quotas by rule id; of rules that are not in it the quota
        is not looked at.
    :param required: whether only a policy may sell; otherwise a ticket that no policy
        for the public speaks of is for sale at its own price.
    """
    why = []
    is_public_spoken_of = False
    for rule in sorted((each for each in rules if applies(each, wanted)), key=_rank):
        is_public_spoken_of |= not rule.class_id
        refusal = _refusal(rule, wanted, left or {})
        if not refusal:
            return Choice(
                status="open",
                rule=rule,
                why=tuple(why),
                closes_at=window(rule, wanted.begins)[1],
            )
        why.append(refusal)
    if not required and not is_public_spoken_of:
        return Choice(status="free", why=tuple(why))
    return _none_sells(tuple(why))


def applies(rule, wanted) -> bool:
    """Tell whether the policy speaks of this wish: all that it names is so."""
    return all(getattr(rule, axis) in ("", 0, getattr(wanted, axis)) for axis in AXES)


def window(rule, begins=None) -> tuple:
    """Return from when (inclusive) to when (exclusive) a policy sells, None: no end.

    :param begins: when the performance begins; without it days before it are no limit.
    """
    start, end = rule.start, rule.end
    if begins and rule.opens_days is not None:
        start = begins - timedelta(days=rule.opens_days)
    if begins and rule.closes_days is not None:
        end = begins - timedelta(days=rule.closes_days)
    return start, end


def price(rule, ticket_price) -> Decimal:
    """Return what a ticket costs by the policy, not rounded.

    :param ticket_price: what it costs without a policy. Of a policy by pricelist the
        caller knows better; here it costs the same.
    """
    if rule is None or rule.price_kind in ("ticket", "pricelist"):
        return ticket_price
    if rule.price_kind == "fixed":
        return rule.amount
    return ticket_price * (HUNDRED - rule.amount) / HUNDRED


def _rank(rule):
    named = tuple(not getattr(rule, axis) for axis in AXES)
    return (*named, not rule.user_ids, rule.sequence, rule.id)


def _refusal(rule, wanted, left):
    """Return why a policy that applies does not sell now, or None."""
    if rule.user_ids and wanted.user_id not in rule.user_ids:
        return Why(rule=rule, code="clerk")
    start, end = window(rule, wanted.begins)
    if end and wanted.now >= end:
        return Why(rule=rule, code="late", at=end)
    if start and wanted.now < start:
        return Why(rule=rule, code="early", at=start)
    if rule.quota and left.get(rule.id, wanted.quantity) < wanted.quantity:
        return Why(rule=rule, code="used_up", left=left[rule.id])
    return None


def _none_sells(why) -> Choice:
    """Say the most hopeful of the reasons: it opens, it is used up, it is over."""
    opening = [each.at for each in why if each.code == "early"]
    codes = {each.code for each in why}
    if opening:
        return Choice(status="closed", why=why, opens_at=min(opening))
    if "used_up" in codes:
        return Choice(status="used_up", why=why)
    return Choice(status="closed" if "late" in codes else "not_for_sale", why=why)
