"""Dividing what is given back over the means that paid. Plain figures, no records."""

from decimal import ROUND_HALF_UP, Decimal


def divide(amount, lefts, unit) -> list[Decimal]:
    """Divide `amount` in proportion to `lefts`, the last part taking the rounding.

    All are multiples of `unit`. No part is more than its own `left`: where the plain
    rule would give the last one too much or too little, the dust is spread instead.

    :param amount: at most the sum of `lefts`.
    """
    total = sum(lefts, Decimal(0))
    if not total:
        return [Decimal(0) for _left in lefts]

    def share(left):
        return (amount * left / total).quantize(unit, rounding=ROUND_HALF_UP)

    parts = [share(left) for left in lefts[:-1]]
    parts.append(amount - sum(parts, Decimal(0)))
    if 0 <= parts[-1] <= lefts[-1]:
        return parts
    # differences of rounded running sums: each is its share rounded down or up
    parts, before, so_far = [], Decimal(0), Decimal(0)
    for left in lefts:
        so_far += left
        parts.append(share(so_far) - before)
        before += parts[-1]
    return parts
