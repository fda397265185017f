"""What the verbs of the seats take and give. Quantities are whole seats."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Want(NamedTuple):
    """Some seats alike: where, under which policy and for whom; 0 is none.

    `partner_id` is the member who buys: whom a limit per member counts.
    """

    event_id: int
    slot_id: int
    ticket_id: int
    policy_id: int
    partner_id: int
    quantity: int = 1


class Held(NamedTuple):
    """Seats set aside under `key` until `expires_at` (naive UTC)."""

    key: str
    expires_at: datetime


@dataclass(frozen=True)
class Left:
    """How many seats like one wanted are left, by each rule; None is no limit.

    Never negative, also where a room was made smaller than what is sold.
    """

    event: int | None = None
    ticket: int | None = None
    policy: int | None = None
    member: int | None = None

    @property
    def seats(self) -> int | None:
        """What the room and the ticket leave, whoever asks and at whatever price."""
        return least(self.event, self.ticket)

    @property
    def least(self) -> int | None:
        """What can be had in one go."""
        return least(self.event, self.ticket, self.policy, self.member)


class Problem(NamedTuple):
    """A counter that does not agree with what it counts, or something left over."""

    code: str
    subject: str
    details: str


def least(*figures) -> int | None:
    """Return the smallest of figures where None means no limit."""
    return min((figure for figure in figures if figure is not None), default=None)
