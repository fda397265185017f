"""What goes into the engine and comes out of it: frozen values, exact amounts."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import get_args, get_origin, get_type_hints

ONE = Decimal(1)

WHY_NOT = (
    "class",
    "store",
    "tag",
    "hour",
    "dates",
    "weekday",
    "birthday",
    "expired",
    "payment",
    "products",
    "stopped",
    "minimum",
    "cap_day",
    "cap_month",
    "too_little",
)
"""Why a rule does not count, the first that is so.

expired: its points would be; payment: nothing was paid the way it asks for; stopped: an
earlier rule alone counts for these goods; too_little: it rounds to nothing.
"""


class Record:
    """A value that can be written as JSON; what is as by default is left out."""

    def to_json(self) -> dict:
        return {
            each.name: _encode(getattr(self, each.name))
            for each in fields(self)
            if getattr(self, each.name) != each.default
        }

    @classmethod
    def from_json(cls, data):
        """Read what `to_json` wrote, also an older version of it."""
        hints = _hints(cls)
        return cls(
            **{
                name: _decode(hints[name], value)
                for name, value in data.items()
                if name in hints
            }
        )


@cache
def _hints(cls):
    names = {each.name for each in fields(cls)}
    return {name: hint for name, hint in get_type_hints(cls).items() if name in names}


def _encode(value):
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_encode(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _encode(each) for key, each in value.items()}
    return value


def _decode(hint, value):
    if value is None:
        return None
    parts = get_args(hint)
    origin = get_origin(hint)
    if type(None) in parts:
        return _decode(parts[0], value)
    if origin is tuple:
        return tuple(_decode(parts[0], each) for each in value)
    if origin is dict:
        return {parts[0](key): _decode(parts[1], each) for key, each in value.items()}
    if origin is frozenset:
        return frozenset(value)
    # not `in`: a frozen clock puts classes of its own in the place of these two
    if issubclass(hint, (date, datetime)):
        return hint.fromisoformat(value)
    if issubclass(hint, Record):
        return hint.from_json(value)
    return hint(value)


# === WHAT GOES IN === #


@dataclass(frozen=True, kw_only=True)
class Line(Record):
    """One line as it was paid; `amount` is money with taxes, after all discounts.

    `category_ids` are the category and all above it, `tag_ids` the product's tags. A
    line that is not `is_earning`, costs nothing or is negative earns nothing.
    """

    key: str
    product_id: int
    template_id: int
    amount: Decimal
    quantity: Decimal = ONE
    category_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    is_earning: bool = True


@dataclass(frozen=True, kw_only=True)
class Basket(Record):
    """What was sold, where, when, and how it was paid.

    `when_local` is naive, in the store's own zone; `store_ids` are the store and all
    above it; `kind` is what rules earn on ("sale", "topup"); `unit` is the smallest
    amount of points. `comes_in` is the day on which the points come in and begin to
    live, None: the day of `when_local`.

    `total` is the money due. Of it wallets paid `paid_wallet` (any pocket), and points
    used as a means of payment `paid_points`, which earn nothing; points that lowered
    the lines are not counted here. A refund computes the remaining lines with these
    three as they were.
    """

    when_local: datetime
    lines: tuple[Line, ...] = ()
    store_ids: frozenset[int] = frozenset()
    kind: str = "sale"
    total: Decimal = Decimal(0)
    paid_wallet: Decimal = Decimal(0)
    paid_points: Decimal = Decimal(0)
    unit: Decimal = ONE
    comes_in: date | None = None

    @property
    def day_in(self) -> date:
        return self.comes_in or self.when_local.date()


@dataclass(frozen=True, kw_only=True)
class Member(Record):
    """Who earns; `earned_today` and `earned_this_month` are points by rule id.

    They are needed of the rules that have such a cap only, without this order's own.
    """

    class_id: int = 0
    class_multiplier: Decimal = ONE
    tag_ids: frozenset[int] = frozenset()
    birthdate: date | None = None
    earned_today: dict[int, Decimal] = field(default_factory=dict)
    earned_this_month: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rule(Record):
    """One rule of the shop. An empty set or 0 limits nothing.

    What: `template_ids`, `category_ids` and `tag_ids` together name what earns, the
    `not_…` ones what never does. `minimum` is money of the goods that the rule takes.

    When: `weekdays` 0 is Monday; minutes of the day, from inclusive, to exclusive; a
    window that crosses midnight belongs to the day on which it begins, and so do the
    weekday, dates and birthday that go with it.

    How much: mode "amount" gives `rate_points` for each `rate_amount` of money (with
    `is_stepwise` for each full one), "unit" for each unit sold, "order" once. An effect
    "multiplier" multiplies by `factor` what the points rules give for the goods it
    takes; of those that are not `is_stacking` the highest counts.

    `paid_part`: "all", "without_wallet" or "wallet"; the others' share earns nothing.
    `rounding`: "down", "half_up" or "up", of the rule's sum, after multipliers.
    `stops_others`: the goods that the rule names earn by no later points rule, not even
    below its minimum; so a part that stays never earns more than the whole.

    `expiry`: "asset" (as all points do), "months", "year_end" or "date".
    """

    id: int
    name: str = ""
    sequence: int = 10
    earn_on: str = "sale"
    effect: str = "points"
    template_ids: frozenset[int] = frozenset()
    category_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    not_template_ids: frozenset[int] = frozenset()
    not_category_ids: frozenset[int] = frozenset()
    not_tag_ids: frozenset[int] = frozenset()
    minimum: Decimal = Decimal(0)
    class_ids: frozenset[int] = frozenset()
    store_ids: frozenset[int] = frozenset()
    partner_tag_ids: frozenset[int] = frozenset()
    date_from: date | None = None
    date_to: date | None = None
    weekdays: frozenset[int] = frozenset()
    minute_from: int = 0
    minute_to: int = 0
    birthday: str = "no"
    mode: str = "amount"
    rate_points: Decimal = ONE
    rate_amount: Decimal = ONE
    is_stepwise: bool = False
    factor: Decimal = ONE
    is_stacking: bool = False
    paid_part: str = "all"
    rounding: str = "down"
    cap_order: Decimal = Decimal(0)
    cap_day: Decimal = Decimal(0)
    cap_month: Decimal = Decimal(0)
    stops_others: bool = False
    expiry: str = "asset"
    expiry_months: int = 0
    expiry_years: int = 0
    expiry_date: date | None = None

    @property
    def has_period_cap(self) -> bool:
        """Whether what the member earned before today's order must be known."""
        return bool(self.cap_day or self.cap_month)


# === WHAT COMES OUT === #


@dataclass(frozen=True, kw_only=True)
class Fired(Record):
    """A rule that counts.

    `base` is what it counted, before multipliers: money, units or 1, by its mode.
    `multiplier` is what its points were multiplied by (of different lines the average);
    of a multiplier rule its factor, with `points` 0. `limited_by` is "", "order", "day"
    or "month": the cap that kept points back. `expires` is the last day on which the
    points are good; None: as the points asset says.
    """

    rule_id: int
    name: str
    effect: str = "points"
    mode: str = "amount"
    base: Decimal = Decimal(0)
    multiplier: Decimal = ONE
    points: Decimal = Decimal(0)
    limited_by: str = ""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Skipped(Record):
    """A rule that does not count, and why: one of `WHY_NOT`."""

    rule_id: int
    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Earning(Record):
    """What a basket earns.

    `multiplier` is the highest that any line got, the class's own among it. `fired` has
    the rules in their order, multipliers first.
    """

    points: Decimal = Decimal(0)
    multiplier: Decimal = ONE
    fired: tuple[Fired, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def by_expiry(self) -> tuple:
        """Return pairs (`expires`, points), as many as there are different days."""
        found: dict[date | None, Decimal] = {}
        for each in self.fired:
            if each.points:
                found[each.expires] = found.get(each.expires, 0) + each.points
        return tuple(found.items())

    @property
    def by_rule(self) -> dict:
        """Return points by rule id, of the rules that gave any."""
        return {each.rule_id: each.points for each in self.fired if each.points}
