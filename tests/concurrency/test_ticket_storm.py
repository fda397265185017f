"""Tills, an office, a desk and the website sell one room at the same time."""

import pytest

from tests.support.ticket_storm import storm
from tests.support.tickets import SOLD_OUT, make_performances, seat_problems

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


def test_without_the_lock_it_is_oversold(unguarded_shop, unguarded):
    """Negative control: the same storm sells more seats than there are."""
    (performance,) = make_performances(unguarded_shop, 6)
    members = unguarded_shop.newcomers(MEMBERS)

    outcome = storm(unguarded_shop, unguarded, performance, members, 24)

    for server in unguarded:
        server.allow_lines(SOLD_OUT)
    assert outcome.sold > 6
