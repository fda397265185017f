"""Worked examples of the choice between policies."""

from datetime import datetime, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.member_ticketing.policies import Rule, Wanted, choose, price

NOON = datetime(2026, 12, 1, 12, 0)
GOLD, SILVER = 1, 2
STALLS, BALCONY = 10, 20
MATINEE, EVENING = 100, 200
ANNA, BEN = 7, 8


def before(**span):
    return NOON - timedelta(**span)


def after(**span):
    return NOON + timedelta(**span)


def wanted(**vals):
    vals = {"event_id": 1, "ticket_id": STALLS, "channel": "pos", "now": NOON, **vals}
    return Wanted(**vals)


def rules(*specs):
    """Number policies from 1 on, in the order given."""
    return [Rule(id=number, **vals) for number, vals in enumerate(specs, 1)]


@tagged("post_install", "-at_install")
class TestChoice(BaseCase):
    """Which policy sells, by example (A10)."""

    def assertChosen(self, specs, expected, left=None, required=False, **wish):
        """`expected`: the number of the policy that sells, or the status."""
        choice = choose(rules(*specs), wanted(**wish), left, required)
        actual = choice.rule.id if choice.rule else choice.status
        self.assertEqual(actual, expected)
        return choice

    def test_without_policies_the_ticket_sells_at_its_own_price(self):
        self.assertChosen([], "free")
        self.assertChosen([], "not_for_sale", required=True)

    def test_the_most_telling_policy_sells(self):
        everybody, gold = {}, {"class_id": GOLD}
        stalls, matinee = {"ticket_id": STALLS}, {"slot_id": MATINEE}
        till, anna = {"channel": "pos"}, {"user_ids": frozenset({ANNA})}
        for better, worse in (
            (gold, stalls),
            (gold, stalls | matinee | till | anna),
            (stalls, matinee),
            (stalls, matinee | till | anna),
            (matinee, till),
            (till, anna),
            (anna, everybody),
            (gold | stalls, gold | matinee | till),
            ({"sequence": 5}, {"sequence": 6}),
            (gold | {"sequence": 6}, {"sequence": 5}),
        ):
            with self.subTest(better=better, worse=worse):
                wish = {"class_id": GOLD, "slot_id": MATINEE, "user_id": ANNA}
                self.assertChosen([better, worse], 1, **wish)
                self.assertChosen([worse, better], 2, **wish)

    def test_the_older_of_two_equal_policies_sells(self):
        self.assertChosen([{}, {}], 1)

    def test_a_policy_speaks_only_of_what_it_names(self):
        for spec, wish in (
            ({"ticket_id": BALCONY}, {}),
            ({"slot_id": EVENING}, {"slot_id": MATINEE}),
            ({"slot_id": EVENING}, {}),
            ({"channel": "web"}, {}),
            ({"class_id": GOLD}, {}),
            ({"class_id": GOLD}, {"class_id": SILVER}),
        ):
            with self.subTest(spec=spec, wish=wish):
                self.assertChosen([spec], "free", **wish)
                self.assertChosen([spec], "not_for_sale", required=True, **wish)
                self.assertChosen([spec, {}], 2, **wish)

    def test_a_window_opens_and_closes_at_its_moments(self):
        window = [{"start": before(hours=1), "end": after(hours=1)}]
        self.assertChosen(window, "closed", now=before(hours=1, seconds=1))
        self.assertChosen(window, 1, now=before(hours=1))
        self.assertChosen(window, 1, now=after(minutes=59))
        choice = self.assertChosen(window, "closed", now=after(hours=1))
        self.assertIsNone(choice.opens_at)

    def test_a_window_in_days_counts_from_the_performance(self):
        presale = [{"opens_days": 10, "closes_days": 7}]
        for days, expected in ((11, "closed"), (10, 1), (8, 1), (7, "closed")):
            with self.subTest(days=days):
                self.assertChosen(presale, expected, begins=after(days=days))

    def test_a_closed_policy_of_a_class_falls_back_to_the_public(self):
        gold = {"class_id": GOLD, "start": after(days=1)}
        choice = self.assertChosen([gold, {}], 2, class_id=GOLD)
        self.assertEqual(
            [(each.rule.id, each.code) for each in choice.why], [(1, "early")]
        )
        # also when the public buys without any policy
        self.assertChosen([gold], "free", class_id=GOLD)
        self.assertChosen([gold], "closed", class_id=GOLD, required=True)

    def test_a_presale_opens_for_one_class_only(self):
        """F4: first the class, then all."""
        presale = [
            {"class_id": GOLD, "start": before(days=1), "end": after(days=1)},
            {"start": after(days=1)},
        ]
        self.assertChosen(presale, 1, class_id=GOLD)
        for class_id in (0, SILVER):
            choice = self.assertChosen(presale, "closed", class_id=class_id)
            self.assertEqual(choice.opens_at, after(days=1))
        self.assertChosen(presale, 2, class_id=GOLD, now=after(days=1))

    def test_it_says_when_the_first_of_them_opens(self):
        specs = [
            {"class_id": GOLD, "start": after(days=3)},
            {"start": after(days=2)},
            {"channel": "pos", "end": before(days=1)},
        ]
        choice = self.assertChosen(specs, "closed", class_id=GOLD)
        self.assertEqual(choice.opens_at, after(days=2))

    def test_a_used_up_quota_leaves_the_public_buying(self):
        specs = [{"class_id": GOLD, "quota": 50}, {}]
        self.assertChosen(specs, 1, class_id=GOLD)
        self.assertChosen(specs, 1, class_id=GOLD, left={1: 2}, quantity=2)
        self.assertChosen(specs, 2, class_id=GOLD, left={1: 1}, quantity=2)
        self.assertChosen(specs, 2, class_id=GOLD, left={1: 0})

    def test_all_quotas_used_up(self):
        specs = [{"class_id": GOLD, "quota": 50}, {"quota": 10}]
        self.assertChosen(specs, "used_up", class_id=GOLD, left={1: 0, 2: 0})
        self.assertChosen(specs[:1], "free", class_id=GOLD, left={1: 0})

    def test_figures_of_a_policy_without_quota_limit_nothing(self):
        self.assertChosen([{}], 1, left={1: 0})

    def test_a_policy_of_certain_clerks(self):
        specs = [{"user_ids": frozenset({ANNA})}]
        self.assertChosen(specs, 1, user_id=ANNA)
        self.assertChosen(specs, "not_for_sale", user_id=BEN)
        self.assertChosen(specs, "not_for_sale", channel="web")
        self.assertChosen([*specs, {}], 2, user_id=BEN)

    def test_prices(self):
        own = Decimal("120.00")
        for spec, expected in (
            ({}, "120"),
            ({"price_kind": "fixed", "amount": Decimal(80)}, "80"),
            ({"price_kind": "fixed"}, "0"),
            ({"price_kind": "percent", "amount": Decimal("12.5")}, "105"),
            ({"price_kind": "percent", "amount": Decimal(100)}, "0"),
        ):
            with self.subTest(spec=spec):
                self.assertEqual(price(Rule(id=1, **spec), own), Decimal(expected))
        self.assertEqual(price(None, own), own)
