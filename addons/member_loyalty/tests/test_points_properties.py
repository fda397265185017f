"""What holds for any rules and any basket."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.member_loyalty.points import (
    Basket,
    Earning,
    Line,
    Member,
    Rule,
    compute,
    kept,
)

ids = st.frozensets(st.integers(1, 3), max_size=2)
money = st.decimals(0, 300, places=2)
small = st.decimals(0, 40, places=1)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@st.composite
def rules_of(draw):
    """Draw a rule as the form would let one be; what looks away is of little use."""
    minimum = draw(st.sampled_from([Decimal(0), Decimal(0), Decimal(50)]))
    low = "1" if minimum else "0.5"
    return {
        "sequence": draw(st.integers(1, 3)),
        "effect": draw(st.sampled_from(["points", "points", "multiplier"])),
        "mode": draw(st.sampled_from(["amount", "amount", "unit", "order"])),
        "category_ids": draw(ids),
        "not_tag_ids": draw(st.sampled_from([frozenset(), frozenset({3})])),
        "minimum": minimum,
        "rate_points": draw(small),
        "rate_amount": draw(st.decimals("0.5", 30, places=1)),
        "is_stepwise": draw(st.booleans()),
        "factor": draw(st.decimals(low, 4, places=1)),
        "is_stacking": draw(st.booleans()),
        "paid_part": draw(st.sampled_from(["all", "without_wallet", "wallet"])),
        "rounding": draw(st.sampled_from(["down", "half_up", "up"])),
        "cap_order": draw(st.sampled_from([Decimal(0), Decimal("20.5")])),
        "cap_day": draw(st.sampled_from([Decimal(0), Decimal(30)])),
        "cap_month": draw(st.sampled_from([Decimal(0), Decimal(90)])),
        "weekdays": draw(st.sampled_from([frozenset(), frozenset(range(5))])),
        "birthday": draw(st.sampled_from(["no", "no", "month"])),
        "stops_others": draw(st.booleans()),
        "expiry": draw(st.sampled_from(["asset", "months", "year_end"])),
        "expiry_months": draw(st.integers(1, 24)),
    }


@st.composite
def lines_of(draw):
    return {
        "template_id": draw(st.integers(1, 3)),
        "category_ids": draw(ids),
        "tag_ids": draw(ids),
        "amount": draw(money),
        "quantity": draw(small),
        "is_earning": draw(st.sampled_from([True, True, True, False])),
    }


@st.composite
def purchases(draw):
    """Draw rules, a basket and a member."""
    rules = [
        Rule(id=number, **vals)
        for number, vals in enumerate(draw(st.lists(rules_of(), max_size=5)), 1)
    ]
    lines = tuple(
        Line(key=str(number), product_id=1, **vals)
        for number, vals in enumerate(draw(st.lists(lines_of(), max_size=5)))
    )
    total = sum((each.amount for each in lines), Decimal(0))
    paid = Basket(
        when_local=datetime.combine(draw(days), draw(st.times())),
        lines=lines,
        total=total,
        paid_wallet=(total * draw(st.sampled_from([0, 1, 3])) / 3),
        unit=draw(st.sampled_from([Decimal(1), Decimal("0.01")])),
        comes_in=draw(st.none() | days),
    )
    member = Member(
        class_id=1,
        class_multiplier=draw(st.decimals("0.5", 3, places=1)),
        birthdate=draw(st.none() | st.dates(date(1930, 1, 1), date(2020, 12, 31))),
        earned_today={1: draw(small)},
        earned_this_month={1: draw(small), 2: draw(small)},
    )
    return rules, paid, member


# how long a busy machine takes to think of a purchase is no failure
unhurried = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    """What holds for any rules and any basket."""

    @unhurried
    @given(purchases(), st.data())
    def test_giving_back_never_earns_more(self, purchase, data):
        """Less of a line, or a line less, earns as much or less: twice in a row.

        What counted at first is all that a refund must keep of the rules.
        """
        rules, paid, member = purchase
        before = compute(rules, paid, member)
        needed = kept(rules, before)
        self.assertGreaterEqual(before.points, 0)
        for _refund in range(2):
            lines = []
            for each in paid.lines:
                part = data.draw(st.sampled_from([0, 1, 2, 4])) * Decimal("0.25")
                if part:
                    vals = each.to_json() | {
                        "amount": str(each.amount * part),
                        "quantity": str(each.quantity * part),
                    }
                    lines.append(Line.from_json(vals))
            paid = Basket.from_json(
                paid.to_json() | {"lines": [each.to_json() for each in lines]}
            )
            after = compute(rules, paid, member)
            self.assertLessEqual(after.points, before.points)
            self.assertEqual(compute(needed, paid, member).by_rule, after.by_rule)
            before = after

    @unhurried
    @given(purchases(), st.randoms(use_true_random=False))
    def test_the_order_of_lines_and_rules_does_not_matter(self, purchase, random):
        rules, paid, member = purchase
        lines = list(paid.lines)
        random.shuffle(lines)
        shuffled = Basket.from_json(
            paid.to_json() | {"lines": [each.to_json() for each in lines]}
        )
        first = compute(rules, paid, member)
        random.shuffle(rules)
        self.assertEqual(compute(rules, shuffled, member), first)

    @unhurried
    @given(purchases())
    def test_all_of_it_can_be_kept_as_json(self, purchase):
        rules, paid, member = purchase
        for each in (*rules, paid, member):
            self.assertEqual(type(each).from_json(each.to_json()), each)
        earned = compute(rules, paid, member)
        self.assertEqual(Earning.from_json(earned.to_json()), earned)

    def test_what_an_older_version_wrote_can_be_read(self):
        self.assertEqual(Rule.from_json({"id": 3, "gone": True}), Rule(id=3))
