"""Tills, an office, a desk and the website sell one room at the same time."""

from functools import partial

import pytest

from tests.support.ticket_storm import channels, storm
from tests.support.tickets import SOLD_OUT, make_performances, seat_problems, sold

MEMBERS = 20


@pytest.mark.parametrize(
    ("seats", "buyers"),
    [(1, 16), (30, 60), pytest.param(200, 1000, marks=pytest.mark.long)],
)
def test_the_room_is_sold_out_and_not_oversold(shop, pair, seats, buyers):
    """A7: every seat is sold once, in whatever channel; nothing is left over."""
    (performance,) = make_performances(shop, seats)
    members = shop.newcomers(MEMBERS)

    outcome = storm(shop, pair, performance, members, buyers)

    for server in pair:
        server.allow_lines(SOLD_OUT)
    assert outcome.errors == []
    assert outcome.sold == seats, outcome
    assert set(outcome.answers) == {"till", "office", "desk", "web"}
    assert seat_problems(shop, recover=False) == []


def test_without_the_lock_each_channel_sells_it(unguarded_shop, unguarded):
    """Negative control: who looks before taking sells the one seat once more."""
    (performance,) = make_performances(unguarded_shop, 1)
    sellers = channels(unguarded_shop, unguarded, performance)
    members = unguarded_shop.newcomers(len(sellers))

    unguarded_shop.race(
        *(
            partial(sell, member)
            for (_name, sell), member in zip(sellers, members, strict=True)
        )
    )

    for server in unguarded:
        server.allow_lines(SOLD_OUT)
    assert sold(unguarded_shop, performance) > 1
