"""What takes money off a whole order lowers what all its goods earn."""

from dataclasses import replace
from decimal import Decimal

CENT = Decimal("0.000001")


def discounted(lines, discount):
    """Return the lines, each lowered by its share of `discount` (positive money).

    In proportion to their amounts, whether they earn or not; never below nothing.
    """
    total = sum((max(line.amount, Decimal(0)) for line in lines), Decimal(0))
    if discount <= 0 or total <= 0:
        return tuple(lines)
    left = max(total - discount, Decimal(0))
    return tuple(
        replace(line, amount=(line.amount * left / total).quantize(CENT))
        if line.amount > 0
        else line
        for line in lines
    )
