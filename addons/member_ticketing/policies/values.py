"""What goes into the choice and comes out of it: frozen values, exact amounts."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

STATUSES = ("open", "free", "closed", "not_for_sale", "used_up")
"""open: a policy sells; free: no policy speaks of it, the ticket's own price sells."""

FOR_SALE = ("open", "free")

WHY_NOT = ("clerk", "early", "late", "used_up")
"""Why a policy that speaks of the ticket does not sell it now, the first that is so."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy of a performance. 0, "" or an empty set limits nothing.

    `class_id` 0 is the public: everybody for whom nothing better applies. `channel`:
    "pos", "backend" or "web". `user_ids` are the clerks who may sell by it.

    The window, from inclusive, to exclusive, is naive UTC: `start` and `end`, or
    `opens_days` and `closes_days` before the performance begins (days of 24 hours).

    `price_kind`: "ticket" (the ticket's own price), "fixed" (`amount`), "percent"
    (`amount` percent off the ticket's price) or "pricelist" (`pricelist_id`, or the
    class's own). `quota` seats in all, `limit` tickets per member over all channels and
    orders, `order_limit` tickets per order.
    """

    id: int
    name: str = ""
    sequence: int = 10
    ticket_id: int = 0
    slot_id: int = 0
    class_id: int = 0
    channel: str = ""
    user_ids: frozenset[int] = frozenset()
    price_kind: str = "ticket"
    amount: Decimal = Decimal(0)
    pricelist_id: int = 0
    quota: int = 0
    limit: int = 0
    order_limit: int = 0
    start: datetime | None = None
    end: datetime | None = None
    opens_days: int | None = None
    closes_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who asks for what, where and when.

    `class_id` 0 is somebody without a class, `user_id` 0 nobody at a counter. `begins`
    is when the performance (its slot) begins; it is needed for windows in days only.
    """

    event_id: int
    ticket_id: int
    now: datetime
    slot_id: int = 0
    class_id: int = 0
    channel: str = ""
    user_id: int = 0
    quantity: int = 1
    begins: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Why:
    """A policy that speaks of the ticket and does not sell it: one of `WHY_NOT`.

    `at` is when it opens ("early") or closed ("late"), `left` its seats ("used_up").
    """

    rule: Rule
    code: str
    at: datetime | None = None
    left: int | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What sells, or why nothing does.

    `why` are the policies that would have gone before, most telling first. `opens_at`
    is the first moment at which one of them sells, of a "closed" choice only, None when
    it never will; `closes_at` is the end of the rule's window.
    """

    status: str
    rule: Rule | None = None
    why: tuple[Why, ...] = field(default=())
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def is_for_sale(self) -> bool:
        """Whether somebody may buy now."""
        return self.status in FOR_SALE

    @property
    def shown_rule(self) -> Rule | None:
        """The rule whose price is shown: what sells, or will when it opens."""
        opening = (each.rule for each in self.why if each.at == self.opens_at)
        return self.rule or (next(opening, None) if self.opens_at else None)
