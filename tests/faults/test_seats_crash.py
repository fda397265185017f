"""A server that dies between a sale and its settlement sells no seat twice."""

import http.client

import pytest

from tests.support.tickets import (
    at_desk,
    make_performances,
    refused,
    seat_problems,
    sold,
)

LOST = (OSError, http.client.HTTPException)


COUNTED = """
    SELECT taken, held FROM member_seat_counter
     WHERE kind = 'event' AND event_id = %s"""


def test_killed_before_the_sale_is_settled(shop, start_both):
    """The seat is sold; it counts as held until the next buyer comes, then as sold."""
    doomed, healthy = start_both("before_settle")
    (performance,) = make_performances(shop, 1)
    with pytest.raises(LOST):
        at_desk(doomed.client(), performance)
    doomed.process.wait(60)
    assert sold(shop, performance) == 1
    assert shop.query(COUNTED, performance["id"]) == [(0, 1)]

    answer = at_desk(healthy.client(), performance)

    assert refused([answer], [healthy])
    assert shop.query(COUNTED, performance["id"]) == [(1, 0)]
    assert seat_problems(shop, recover=False) == []


def test_killed_while_it_settles(shop, start_both):
    """Settled wholly or not at all; the job does it again."""
    doomed, _healthy = start_both("in_settle")
    (performance,) = make_performances(shop, 1)
    with pytest.raises(LOST):
        at_desk(doomed.client(), performance)
    doomed.process.wait(60)
    assert sold(shop, performance) == 1
    assert shop.query(COUNTED, performance["id"]) == [(0, 1)]

    assert seat_problems(shop) == []

    assert shop.query(COUNTED, performance["id"]) == [(1, 0)]


def test_killed_between_hold_and_sale(shop, start_both):
    """Nothing is sold; the seat comes back when its hold runs out."""
    doomed, healthy = start_both("after_place")
    (performance,) = make_performances(shop, 1)
    with pytest.raises(LOST):
        at_desk(doomed.client(), performance)
    doomed.process.wait(60)
    assert sold(shop, performance) == 0
    client = healthy.client()
    assert refused([at_desk(client, performance)], [healthy])

    shop.query("UPDATE member_seat_hold SET expires_at = placed_at")

    assert not isinstance(at_desk(client, performance), Exception)
    assert sold(shop, performance) == 1
    assert seat_problems(shop, recover=False) == []
