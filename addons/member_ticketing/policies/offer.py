"""What a buyer is offered: the answer of `event.event.ticket._member_offer`."""

from dataclasses import dataclass, field
from datetime import datetime

from .values import FOR_SALE


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is left, as the seats count it. What is not in here is not looked at.

    `policies` are seats left of a quota, by policy id; `seats` those that the house,
    the slot and the ticket leave together, and `bought` how many tickets the member
    has, both by (event id, slot id or 0, ticket id or 0). `bought` is counted on what
    the policy names.
    """

    policies: dict[int, int] = field(default_factory=dict)
    seats: dict[tuple[int, int, int], int] = field(default_factory=dict)
    bought: dict[tuple[int, int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MemberOffer:
    """What one ticket costs a buyer in a channel now, or why it cannot be bought.

    `price` and `list_price` (what it costs without any policy or pricelist) are for one
    ticket, in the currency of the ticket's company, taxes as the ticket's product has
    them. `status` is one of `STATUSES`; with "open" `policy_id` sells, else it is 0.
    `why` is a sentence in the user's language. Moments are naive UTC.

    `member_limit` is how many a member may have in all, `order_limit` how many go on
    one order; 0: any number. `limit_left` and `seats_left` are None when there is no
    limit or its figures were not given.
    """

    ticket_id: int
    slot_id: int
    status: str
    price: float
    list_price: float
    why: str = ""
    policy_id: int = 0
    policy_name: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    member_limit: int = 0
    limit_left: int | None = None
    seats_left: int | None = None
    order_limit: int = 0

    @property
    def is_for_sale(self) -> bool:
        """Whether a policy, or none, sells it now; seats are looked at elsewhere."""
        return self.status in FOR_SALE


@dataclass(frozen=True, kw_only=True)
class ClassOffer:
    """What members of a class would pay, cheaper or earlier than the buyer.

    `price` as in `MemberOffer`; `opens_at` is None when they can buy now. `sentence` is
    in the user's language.
    """

    class_id: int
    class_name: str
    price: float
    opens_at: datetime | None = None
    sentence: str = ""
