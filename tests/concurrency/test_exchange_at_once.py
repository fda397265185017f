"""One order gives a seat back and takes another, while others do so and buy."""

from functools import partial
from random import Random
from threading import Event, Thread

from tests.support.parallel import at_once
from tests.support.tickets import (
    SOLD_OUT,
    Holder,
    at_desk,
    make_performances,
    refused,
    seat_problems,
    sold,
)

ROUNDS = 3
STEPS = 6

FULLEST = """
    SELECT coalesce(max(seats), 0)
      FROM (SELECT count(*) AS seats FROM event_registration
             WHERE event_id = %s AND active AND state IN ('open', 'done')
             GROUP BY event_slot_id) AS slots"""


def holders(shop, servers, performance, slots, members=()):
    """Return somebody with a seat in each of these slots, at tills of their own."""
    members = members or shop.newcomers(len(slots))
    return [
        Holder(shop.till(servers[n % 2], n), performance, member, slot)
        for n, (member, slot) in enumerate(zip(members, slots, strict=True))
    ]


def is_done(answer):
    return isinstance(answer, dict) and answer.get("state") == "paid"


def told(answers, servers):
    """Check that who got nothing was told so; return whether each got it."""
    refused(answers, servers)
    for answer in answers:
        if isinstance(answer, dict) and not is_done(answer):
            assert answer["status"] == "sold_out", answer
    return [is_done(answer) or isinstance(answer, list) for answer in answers]


def test_into_one_anothers_seat_while_a_third_buys(shop, pair):
    """Neither seat is free before the other is given back: all keep what they have."""
    first, second = (server.client() for server in pair)
    for performance in make_performances(shop, *[1] * ROUNDS, slots=2):
        early, late = performance["slots"]
        ann, bob = holders(shop, pair, performance, [early, late])
        third, fourth = shop.newcomers(2)

        answers = at_once(
            partial(ann.exchange, late),
            partial(bob.exchange, early),
            partial(at_desk, first, performance, third, slot=late),
            partial(at_desk, second, performance, fourth, slot=early),
        )

        assert told(answers, pair) == [False] * 4
        assert (ann.seats(shop), bob.seats(shop)) == ([early], [late])
        assert sold(shop, performance, early) == sold(shop, performance, late) == 1
    assert seat_problems(shop, recover=False) == []


def test_two_into_the_last_seat_while_a_third_buys(shop, pair):
    """One of them has it; who has not keeps the own seat; what is left is for sale."""
    first, second = (server.client() for server in pair)
    for performance in make_performances(shop, *[1] * ROUNDS, slots=3):
        one, two, last = performance["slots"]
        ann, bob = holders(shop, pair, performance, [one, two])
        third, fourth = shop.newcomers(2)

        answers = at_once(
            partial(ann.exchange, last),
            partial(bob.exchange, last),
            partial(at_desk, first, performance, third, slot=last),
            partial(at_desk, second, performance, fourth, slot=one),
        )

        got = told(answers, pair)
        assert sum(got[:3]) == 1, answers
        assert ann.seats(shop) == [last if got[0] else one]
        assert bob.seats(shop) == [last if got[1] else two]
        assert sold(shop, performance, last) == 1
        assert sold(shop, performance, one) == (got[3] or not got[0])
    assert seat_problems(shop, recover=False) == []


def test_without_the_lock_both_have_it(unguarded_shop, unguarded):
    """Negative control: the same race sells the last seat twice."""
    shop, found = unguarded_shop, []
    for performance in make_performances(shop, *[1] * ROUNDS, slots=3):
        one, two, last = performance["slots"]
        # no members, whose points would meet as well
        members = [False, False]
        ann, bob = holders(shop, unguarded, performance, [one, two], members)

        shop.race(partial(ann.exchange, last), partial(bob.exchange, last))
        found.append(sold(shop, performance, last))

    for server in unguarded:
        server.allow_lines(SOLD_OUT)
    assert min(found) > 1


def test_many_exchange_and_nobody_ever_stands(shop, pair):
    """Whatever the order: nobody loses a seat or has two, no slot is ever overfull."""
    (performance,) = make_performances(shop, 3, slots=3)
    slots = performance["slots"]
    people = holders(shop, pair, performance, [slots[n % 3] for n in range(6)])
    buyers, fullest, ended = shop.newcomers(3), set(), Event()
    clients = [pair[number % 2].client() for number in range(3)]

    def wander(number):
        choose, holder = Random(number), people[number]
        return [holder.exchange(choose.choice(slots)) for _step in range(STEPS)]

    def buy(number):
        return [
            at_desk(clients[number], performance, buyers[number], slot=slot)
            for slot in slots
        ]

    def watch():
        while not ended.is_set():
            fullest.add(shop.value(FULLEST, performance["id"]))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        answers = at_once(
            *(partial(wander, number) for number in range(6)),
            *(partial(buy, number) for number in range(3)),
        )
    finally:
        ended.set()
        watcher.join()

    bought = 0
    for found in answers:
        assert isinstance(found, list), found
        told(found, pair)
        bought += sum(isinstance(answer, list) for answer in found)
    assert max(fullest) <= 3
    for holder in people:
        assert holder.seats(shop) == [holder.slot]
    assert sum(sold(shop, performance, slot) for slot in slots) == 6 + bought
    for slot in slots:
        free = 3 - sold(shop, performance, slot)
        told([at_desk(clients[0], performance, buyers[0], free, slot)], pair)
        assert sold(shop, performance, slot) == 3
    assert seat_problems(shop, recover=False) == []
