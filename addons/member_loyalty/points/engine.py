"""From rules and a basket to points.

Monotone by construction. Which goods a rule names, whether it looks at this sale and
how much of the payment it counts never depend on the other lines; a minimum only ever
switches points on, or a multiplier that is not below 1; rounding and caps keep order.
"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from .matching import expires, mismatch, takes
from .values import ONE, Earning, Fired, Skipped

PARTS = {
    "all": ("other", "wallet"),
    "without_wallet": ("other",),
    "wallet": ("wallet",),
}


def compute(rules, basket, member) -> Earning:
    """Return what the basket earns this member by these rules.

    The order in which rules and lines are given does not matter.
    """
    return _Computation(basket, member).run(
        sorted(
            (rule for rule in rules if rule.earn_on == basket.kind),
            key=lambda rule: (rule.sequence, rule.id),
        )
    )


def kept(rules, earning) -> list:
    """Return those of the rules that a smaller basket must be computed with.

    A rule that did not count never counts for less; one that stops others keeps its
    goods from them even below its minimum.
    """
    matter = {each.rule_id for each in earning.fired}
    below = {each.rule_id for each in earning.skipped if each.why == "minimum"}
    return [
        rule
        for rule in rules
        if rule.id in matter or (rule.stops_others and rule.id in below)
    ]


class _Computation:
    def __init__(self, basket, member):
        self.basket = basket
        self.member = member
        self.lines = [
            line for line in basket.lines if line.is_earning and line.amount > 0
        ]
        self.shares = _shares(basket)
        self.fired = []
        self.skipped = []

    def run(self, rules):
        looking = []
        for rule in rules:
            if why := self._mismatch(rule):
                self._skip(rule, why)
            else:
                looking.append(rule)
        multipliers = [rule for rule in looking if rule.effect == "multiplier"]
        self._multiply(multipliers)
        free = self.lines
        for rule in looking:
            if rule.effect == "points":
                free = self._earn(rule, free)
        return Earning(
            points=sum((each.points for each in self.fired), Decimal(0)),
            multiplier=self._highest(),
            fired=tuple(self.fired),
            skipped=tuple(self.skipped),
        )

    def _skip(self, rule, why):
        self.skipped.append(Skipped(rule_id=rule.id, name=rule.name, why=why))

    def _mismatch(self, rule):
        why = mismatch(rule, self.basket, self.member)
        if not why and not any(self.shares[part] for part in PARTS[rule.paid_part]):
            why = "payment"
        return why

    # === MULTIPLIERS === #

    def _multiply(self, rules):
        """Find each line's multiplier, for the part of it that each means paid."""
        found = {}
        for rule in rules:
            lines = [line for line in self.lines if takes(rule, line)]
            if not lines:
                self._skip(rule, "products")
            elif _money(lines) < rule.minimum:
                self._skip(rule, "minimum")
            else:
                for line in lines:
                    for part in PARTS[rule.paid_part]:
                        found.setdefault((line.key, part), []).append(rule)
                self.fired.append(
                    Fired(
                        rule_id=rule.id,
                        name=rule.name,
                        effect="multiplier",
                        base=_money(lines),
                        multiplier=rule.factor,
                    )
                )
        self.factors = {key: self._product(each) for key, each in found.items()}

    def _product(self, rules):
        result = self.member.class_multiplier
        for rule in rules:
            if rule.is_stacking:
                result *= rule.factor
        alone = [rule.factor for rule in rules if not rule.is_stacking]
        return result * max(alone) if alone else result

    def _factor(self, line, part):
        return self.factors.get((line.key, part), self.member.class_multiplier)

    def _highest(self):
        parts = [part for part, share in self.shares.items() if share]
        return max(
            (self._factor(line, part) for line in self.lines for part in parts),
            default=self.member.class_multiplier,
        )

    # === POINTS === #

    def _earn(self, rule, free):
        """Add what the rule gives for the lines still free; return those left so."""
        lines = [line for line in free if takes(rule, line)]
        if not lines:
            has_any = any(takes(rule, line) for line in self.lines)
            self._skip(rule, "stopped" if has_any else "products")
            return free
        left = free
        if rule.stops_others:
            taken = {line.key for line in lines}
            left = [line for line in free if line.key not in taken]
        if _money(lines) < rule.minimum:
            self._skip(rule, "minimum")
            return left
        base, counted = self._count(rule, lines)
        points = self._points(rule, counted)
        points, limited_by = self._limit(rule, points)
        if points or rule.stops_others:
            self.fired.append(
                Fired(
                    rule_id=rule.id,
                    name=rule.name,
                    mode=rule.mode,
                    base=_decimal(base),
                    multiplier=_decimal(counted / base) if base else ONE,
                    points=points,
                    limited_by=limited_by,
                    expires=expires(rule, self.basket.day_in),
                )
            )
        elif limited_by in ("day", "month"):
            self._skip(rule, f"cap_{limited_by}")
        else:
            self._skip(rule, "too_little")
        return left

    def _count(self, rule, lines):
        """Return what the rule counts, by its mode, and the same multiplied."""
        base = counted = Fraction(0)
        for part in PARTS[rule.paid_part]:
            share = self.shares[part]
            if not share:
                continue
            factors = [self._factor(line, part) for line in lines]
            if rule.mode == "order":
                plain, multiplied = ONE, max(factors)
            else:
                sizes = [
                    line.amount if rule.mode == "amount" else max(line.quantity, 0)
                    for line in lines
                ]
                plain = sum(sizes)
                multiplied = sum(
                    size * factor for size, factor in zip(sizes, factors, strict=True)
                )
            base += Fraction(plain) * share
            counted += Fraction(multiplied) * share
        return base, counted

    def _points(self, rule, counted):
        if rule.mode == "amount":
            counted /= Fraction(rule.rate_amount)
            if rule.is_stepwise:
                counted = Fraction(floor(counted))
        units = counted * Fraction(rule.rate_points) / Fraction(self.basket.unit)
        if rule.rounding == "up":
            rounded = ceil(units)
        elif rule.rounding == "half_up":
            rounded = floor(units + Fraction(1, 2))
        else:
            rounded = floor(units)
        return rounded * self.basket.unit

    def _limit(self, rule, points):
        """Return what the caps leave of the points, and the cap that kept some back."""
        today = self.member.earned_today.get(rule.id, 0)
        this_month = self.member.earned_this_month.get(rule.id, 0)
        limited_by = ""
        unit = self.basket.unit
        for name, cap, before in (
            ("order", rule.cap_order, 0),
            ("day", rule.cap_day, today),
            ("month", rule.cap_month, this_month),
        ):
            room = max(cap - before, Decimal(0)) // unit * unit
            if cap and points > room:
                points, limited_by = room, name
        return points, limited_by


def _money(lines):
    return sum((line.amount for line in lines), Decimal(0))


def _shares(basket):
    """Return which part of the basket earns as paid by wallet, and which otherwise."""
    total = Fraction(basket.total)
    if total <= 0:
        return {"other": Fraction(1), "wallet": Fraction(0)}
    wallet = min(max(Fraction(basket.paid_wallet) / total, 0), 1)
    by_points = min(max(Fraction(basket.paid_points) / total, 0), 1 - wallet)
    return {"other": 1 - wallet - by_points, "wallet": wallet}


def _decimal(value):
    """Return a fraction as people read it, with four decimals at most."""
    tenthousandths = round(value * 10000)
    return (Decimal(tenthousandths) / 10000).normalize() + 0
