"""What holds for any policies and any wish, against a chooser that tries everything."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.member_ticketing.policies import (
    Rule,
    Wanted,
    can_win,
    choose,
    overlaps,
    price,
    window,
)

BEGINS = datetime(2026, 6, 30, 20, 0)
CHANNELS = ("pos", "backend", "web")

some = st.sampled_from([0, 0, 1, 2])
clerks = st.sampled_from([frozenset(), frozenset(), frozenset({1}), frozenset({1, 2})])
hours = st.integers(-20, 1).map(lambda number: BEGINS + timedelta(days=number))
days = st.sampled_from([None, None, 1, 5, 12])


@st.composite
def windows(draw):
    """Draw a window as the form would let one be: moments, days before, or none."""
    kind = draw(st.sampled_from(["always", "dates", "days"]))
    if kind == "dates":
        start, end = draw(st.none() | hours), draw(st.none() | hours)
        if start and end and end <= start:
            start = None
        return {"start": start, "end": end}
    if kind == "days":
        opens, closes = draw(days), draw(days)
        if opens is not None and closes is not None and closes >= opens:
            opens = None
        return {"opens_days": opens, "closes_days": closes}
    return {}


@st.composite
def policies(draw):
    """Draw up to six policies of one performance."""
    found = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        found.append(
            Rule(
                id=number,
                sequence=draw(st.integers(1, 3)),
                ticket_id=draw(some),
                slot_id=draw(some),
                class_id=draw(some),
                channel=draw(st.sampled_from(["", "", *CHANNELS])),
                user_ids=draw(clerks),
                quota=draw(st.sampled_from([0, 0, 5])),
                **draw(windows()),
            )
        )
    return found


@st.composite
def wishes(draw):
    return Wanted(
        event_id=1,
        ticket_id=draw(st.integers(1, 3)),
        slot_id=draw(st.integers(0, 3)),
        class_id=draw(st.integers(0, 3)),
        channel=draw(st.sampled_from(CHANNELS)),
        user_id=draw(st.integers(0, 3)),
        now=draw(hours),
        quantity=draw(st.integers(1, 3)),
        begins=BEGINS,
    )


figures = st.dictionaries(st.integers(1, 6), st.integers(0, 5))


def by_trying_everything(rules, wanted, left, required):
    """Choose as the design says it in words: each axis in turn, nothing clever."""

    def speaks(rule):
        return (
            (not rule.ticket_id or rule.ticket_id == wanted.ticket_id)
            and (not rule.slot_id or rule.slot_id == wanted.slot_id)
            and (not rule.class_id or rule.class_id == wanted.class_id)
            and (not rule.channel or rule.channel == wanted.channel)
        )

    def is_open(rule):
        start, end = rule.start, rule.end
        if rule.opens_days is not None:
            start = wanted.begins - timedelta(days=rule.opens_days)
        if rule.closes_days is not None:
            end = wanted.begins - timedelta(days=rule.closes_days)
        return (not start or start <= wanted.now) and (not end or wanted.now < end)

    def sells(rule):
        return (
            (not rule.user_ids or wanted.user_id in rule.user_ids)
            and is_open(rule)
            and not (rule.quota and left.get(rule.id, 99) < wanted.quantity)
        )

    found = [rule for rule in rules if speaks(rule) and sells(rule)]
    for axis in ("class_id", "ticket_id", "slot_id", "channel", "user_ids"):
        if any(getattr(rule, axis) for rule in found):
            found = [rule for rule in found if getattr(rule, axis)]
    if found:
        first = min(rule.sequence for rule in found)
        return min(rule.id for rule in found if rule.sequence == first)
    public = [rule for rule in rules if speaks(rule) and not rule.class_id]
    return "none" if required or public else "free"


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    """What holds for any policies and any wish."""

    @settings(deadline=None, derandomize=True, max_examples=500)
    @given(policies(), wishes(), figures, st.booleans())
    def test_it_chooses_as_one_who_tries_everything(self, rules, wanted, left, only):
        choice = choose(rules, wanted, left, only)
        expected = by_trying_everything(rules, wanted, left, only)
        if choice.rule:
            self.assertEqual(choice.rule.id, expected)
        elif choice.is_for_sale:
            self.assertEqual(expected, "free")
        else:
            self.assertEqual(expected, "none")

    @settings(deadline=None, derandomize=True)
    @given(policies(), wishes(), figures, st.randoms(use_true_random=False))
    def test_the_order_of_policies_does_not_matter(self, rules, wanted, left, random):
        first = choose(rules, wanted, left)
        random.shuffle(rules)
        self.assertEqual(choose(rules, wanted, left), first)

    @settings(deadline=None, derandomize=True)
    @given(policies(), wishes(), figures)
    def test_nobody_is_worse_off_for_a_class(self, rules, wanted, left):
        """Who could buy without the class buys with it."""
        public = choose(rules, replace(wanted, class_id=0), left)
        if public.is_for_sale:
            self.assertTrue(choose(rules, wanted, left).is_for_sale)

    @settings(deadline=None, derandomize=True)
    @given(policies(), wishes())
    def test_what_opens_sells_when_it_does(self, rules, wanted):
        choice = choose(rules, wanted)
        if choice.opens_at:
            then = replace(wanted, now=choice.opens_at)
            self.assertGreater(choice.opens_at, wanted.now)
            self.assertEqual(choose(rules, then).rule, choice.shown_rule)

    @settings(deadline=None, derandomize=True)
    @given(policies(), wishes())
    def test_two_that_do_not_overlap_are_told_apart_by_more_than_age(
        self, rules, wanted
    ):
        """Where the form refuses overlaps, ids and sequence never decide."""
        kept = []
        for rule in rules:
            if not any(overlaps(rule, each, BEGINS) for each in kept):
                kept.append(rule)
        renamed = [replace(rule, id=100 - rule.id, sequence=1) for rule in kept]
        one, other = choose(kept, wanted), choose(renamed, wanted)
        ids = [each.rule and each.rule.id for each in (one, other)]
        if ids[0] is None or _names_one_clerk(kept):
            self.assertEqual(ids[0] and 100 - ids[0], ids[1])

    @settings(deadline=None, derandomize=True)
    @given(policies(), wishes())
    def test_what_sells_can_win(self, rules, wanted):
        """No policy is called useless that some buyer gets."""
        over = BEGINS + timedelta(days=2)
        choice = choose(rules, wanted, required=True)
        is_at_counter = wanted.channel != "web" or not wanted.user_id
        if choice.rule and is_at_counter:
            self.assertTrue(
                can_win(
                    choice.rule,
                    rules,
                    tickets=(1, 2, 3),
                    slots=(0, 1, 2, 3),
                    classes=(1, 2, 3),
                    begins=BEGINS,
                    over=over,
                )
            )

    @settings(deadline=None, derandomize=True)
    @given(
        st.sampled_from(["ticket", "fixed", "percent", "pricelist"]),
        st.decimals(0, 100, places=2),
        st.decimals(0, 10000, places=2),
    )
    def test_percent_never_cost_more(self, kind, amount, own):
        costs = price(Rule(id=1, price_kind=kind, amount=amount), own)
        self.assertGreaterEqual(costs, Decimal(0))
        if kind != "fixed":
            self.assertLessEqual(costs, own)

    @settings(deadline=None, derandomize=True)
    @given(policies(), hours)
    def test_a_window_is_what_days_and_moments_say(self, rules, begins):
        for rule in rules:
            start, end = window(rule, begins)
            if start and end:
                self.assertLess(start, end)


def _names_one_clerk(rules):
    """Tell whether no clerk may sell by two policies that name the same otherwise."""
    return all(len(rule.user_ids) < 2 for rule in rules)
