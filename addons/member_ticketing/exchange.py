"""Which of the seats that an order gives back stand for which of those it takes."""

from typing import NamedTuple


class Place(NamedTuple):
    """Where a seat is: the ids of performance, slot and ticket; 0 is none."""

    event_id: int
    slot_id: int
    ticket_id: int


def likeness(wanted, other) -> int:
    """Return how much of two places is the same; 0 for other performances."""
    if wanted.event_id != other.event_id:
        return 0
    same_slot = wanted.slot_id == other.slot_id
    return 1 + 2 * same_slot + (wanted.ticket_id == other.ticket_id)


def share_out(wanted, returned) -> list[list[int]]:
    """Share out the seats that come back among those that are wanted instead.

    A seat that comes back stands for one wanted, of the same performance; the most
    alike are matched first.

    :param wanted: `[(place, quantity)]`
    :param returned: `{id: place}`
    :return: ids for each wanted, in its order, never more than its quantity.
    """
    shares = [[] for _wanted in wanted]
    pairs = sorted(
        (-likeness(place, other), number, each)
        for number, (place, _quantity) in enumerate(wanted)
        for each, other in returned.items()
        if likeness(place, other)
    )
    free = set(returned)
    for _likeness, number, each in pairs:
        if each in free and len(shares[number]) < wanted[number][1]:
            free.remove(each)
            shares[number].append(each)
    return shares
