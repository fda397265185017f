"""Tills, an office, a desk and the website sell one room at the same time."""

from functools import partial

import pytest

from tests.support.ticket_storm import channels, storm
from tests.support.tickets import (
    SOLD_OUT,
    make_performances,
    seat_problems,
    sold_by,
)
from tests.support.web_shopper import Shopper

MEMBERS = 20
EACH = 4
"""Tills, clerks, desks and shoppers that sell at once, of each."""


@pytest.mark.parametrize(
    ("seats", "buyers"),
    [(1, 16), (30, 60), pytest.param(200, 1000, marks=pytest.mark.long)],
)
def test_the_room_is_sold_out_and_not_oversold(shop, pair, seats, buyers):
    """A10: every seat is sold once, in whatever channel; nothing is left over.

    Shoppers of the website have a cart and pay for it.
    """
    (performance,) = make_performances(shop, seats)
    members = shop.newcomers(MEMBERS)

    sellers = channels(shop, pair, performance, each=EACH)
    outcome = storm(shop, pair, performance, members, buyers, sellers)

    for server in pair:
        server.allow_lines(SOLD_OUT)
    assert outcome.errors == []
    assert outcome.sold == seats, outcome
    if seats > len(sellers):
        by = sold_by(shop, performance)
        assert by.keys() == {"till", "office", "desk", "web"}
        assert min(by.values()) >= EACH
    assert seat_problems(shop, recover=False) == []


def test_without_the_lock_each_channel_takes_it(unguarded_shop, unguarded):
    """Negative control: who only looks before taking takes the one seat, each.

    The website's is held in a cart: what is paid for there Odoo itself counts again.
    """
    (performance,) = make_performances(unguarded_shop, 1)
    sellers = channels(unguarded_shop, unguarded, performance, buy=Shopper.put_in_cart)
    members = unguarded_shop.newcomers(len(sellers))

    answers = unguarded_shop.race(
        *(
            partial(sell, member)
            for (_name, sell), member in zip(sellers, members, strict=True)
        )
    )

    for server in unguarded:
        server.allow_lines(SOLD_OUT)
    names = [name for name, _sell in sellers]
    assert dict(zip(names, answers, strict=True))["web"] is True
    each_one = dict.fromkeys(("till", "office", "desk"), 1)
    assert sold_by(unguarded_shop, performance) == each_one
