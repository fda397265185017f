"""A month at the theatre: what was sold on which evening, and the doing of it.

The same month each time, counted back from today. The members whose cards are in
docs/demo.md take no part, so that what is written there stays true.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from tools import demo_data as data
from tools import demo_loyalty
from tools.demo_till import Till

DAYS = 30
EVENINGS = (3, 4, 5, 6)
"""Performances are from Thursday to Sunday."""
OPENS = time(10, 0)
"""In UTC: six in the evening in Shanghai."""
MINUTES_BETWEEN = 9

SPENDERS = range(8, 18)
"""Running numbers of the members who pay from the card."""
VISITORS = range(19, 41)
"""Those of the members who pay in cash or by card."""
SHIFTS = {"SHOP": ("cashier", "shouyin"), "BAR": ("shouyin", "cashier")}


@dataclass
class Evening:
    """What happens at one till on one day, in order.

    `events` are (method of the till, arguments); a refund names the sale by its place.
    """

    day: object
    store: str
    login: str
    events: list = field(default_factory=list)


def plan(today):
    """Return the evenings of the last month, without touching anything."""
    random = Random(2026)
    evenings = []
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() not in EVENINGS:
            continue
        for store, logins in SHIFTS.items():
            evening = Evening(day, store, logins[back // 7 % 2])
            evening.events = _events(random, store, day)
            evenings.append(evening)
    # of the whole month: one sale given back, one with a discount by hand
    shop = [each for each in evenings if each.store == "SHOP"]
    shop[6].events += [("sell", (16, ("Key Ring",), "wallet")), ("refund", (-1,))]
    shop[9].events.append(("sell", (None, ("Silk Scarf",), "card", 20)))
    demo_loyalty.add_events(evenings)
    return evenings


def _events(random, store, day):
    goods = [
        name
        for category, name, _chinese, _price in data.PRODUCTS
        if data.CATEGORIES[category][3] == store
    ]
    events = []
    if random.random() < 0.4:
        amount = random.choice((100, 200, 200, 300, 500))
        paid = random.choice(("cash", "card"))
        events.append(("top_up", (random.choice(SPENDERS), amount, paid)))
    for _number in range(random.choice((2, 3)) + (day.weekday() > 4)):
        names = tuple(random.sample(goods, random.choice((1, 1, 2))))
        kind = random.random()
        if kind < 0.45:
            buyer, paid = random.choice(SPENDERS), "wallet and cash"
        elif kind < 0.75:
            buyer, paid = random.choice(VISITORS), random.choice(("cash", "card"))
        else:
            buyer, paid = None, random.choice(("cash", "card"))
        events.append(("sell", (buyer, names, paid)))
    return events


def play(demo, clock, evenings):
    """Let it happen, each evening at its time, every session closed at its end."""
    for evening in evenings:
        opens = datetime.combine(evening.day, OPENS)
        clock.set(opens)
        till = Till(demo, evening.store, evening.login)
        done = []
        for number, (what, arguments) in enumerate(evening.events, 1):
            clock.set(opens + timedelta(minutes=number * MINUTES_BETWEEN))
            if what == "refund":
                done.append(till.refund(done[arguments[0]]))
            else:
                done.append(getattr(till, what)(*arguments))
        clock.set(opens + timedelta(hours=4))
        till.close()
