"""What decides about rewards: plain values, exact numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

DESK_KINDS = ("gift", "bonus", "coupon")
"""Kinds that need no order: they are handed over or credited at once."""


def number(value) -> Decimal:
    """Return what a float field shows, exactly."""
    return Decimal(str(value or 0))


@dataclass(frozen=True)
class Quote:
    """What taking a reward once or more comes to."""

    quantity: int
    points: Decimal
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """What of a member's points will expire."""

    today: date
    lots: tuple
    """`(remaining, last day)` of lots that will expire, the soonest first."""
    held: Decimal

    def expiring(self, days) -> Decimal:
        """Return how many free points expire within so many days.

        What is held is taken from what expires first.
        """
        limit = self.today + timedelta(days=days)
        due = sum((left for left, day in self.lots if day <= limit), Decimal(0))
        return max(due - self.held, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Taker(Expiring):
    """What of a member decides which rewards they may take, here and now."""

    partner: object
    class_id: int
    store_ids: frozenset
    available: Decimal
    taken: dict
    """How often each reward was taken before, by its id."""
    stock: dict
    """What is free of each product here, by its id."""
    is_without_goods: bool = False
    """Whether nothing can leave a stock here."""


def up(value, unit) -> Decimal:
    """Round up to a multiple of `unit`."""
    return (value / unit).to_integral_value(rounding=ROUND_CEILING) * unit
