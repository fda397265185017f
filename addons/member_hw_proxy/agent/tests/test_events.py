"""Events are numbered, kept for a moment, and wait for nobody."""

import asyncio
import threading

import pytest

from conftest import PATIENCE_S
from member_hw_agent import events
from member_hw_agent.events import EventBus, TooSlow
from member_hw_agent.values import CardSeen

CARD = CardSeen("04A1B2C3", None, "contactless", "unknown")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bus(clock):
    return EventBus(clock=clock)


def ids(found):
    return [event.id for event in found]


def test_ids_increase_by_one(bus):
    assert bus.last_id == 0
    assert ids(bus.emit("one", "scan", str(n)) for n in range(3)) == [1, 2, 3]
    assert bus.last_id == 3


def test_replay_gives_what_was_missed(bus):
    for _n in range(4):
        bus.emit("one", "card_removed", None)
    assert ids(bus.replay(2)) == [3, 4]
    assert ids(bus.replay(0)) == [1, 2, 3, 4]
    assert bus.replay(4) == []
    assert bus.replay(None) == []


def test_an_id_of_a_former_run_is_not_mistaken(bus):
    bus.emit("one", "card_removed", None)
    assert bus.replay(7) == []


def test_old_events_are_not_replayed(bus, clock):
    bus.emit("one", "card_removed", None)
    clock.now += events.REPLAY_S
    assert ids(bus.replay(0)) == [1]
    clock.now += 0.1
    assert bus.replay(0) == []


@pytest.mark.parametrize("kind, data", [("card", CARD), ("scan", "6210948800001234")])
def test_a_card_is_not_replayed_for_long(bus, clock, kind, data):
    """The next customer stands there by then. Nor is the UID kept in memory."""
    bus.emit("one", kind, data)
    bus.emit("one", "card_removed", None)
    clock.now += events.CARD_REPLAY_S
    assert ids(bus.replay(0)) == [1, 2]
    clock.now += 0.1
    assert ids(bus.replay(0)) == [2]
    assert [event.kind for event in bus._ring] == ["card_removed"]


def test_the_ring_is_bounded(bus):
    for _n in range(events.RING + 5):
        bus.emit("one", "card_removed", None)
    assert ids(bus.replay(0))[0] == 6
    assert len(bus.replay(0)) == events.RING


def test_a_subscriber_gets_what_it_missed_and_what_comes(bus):
    async def listen():
        bus.emit("one", "scan", "a")
        subscription = bus.subscribe(after=0)
        thread = threading.Thread(target=bus.emit, args=("one", "scan", "b"))
        thread.start()
        got = [await subscription.get(), await subscription.get()]
        thread.join()
        subscription.close()
        bus.emit("one", "scan", "c")
        return [event.data for event in got], len(bus._subscriptions)

    assert run(listen()) == (["a", "b"], 0)


def test_a_new_subscriber_gets_only_what_comes(bus):
    async def listen():
        bus.emit("one", "scan", "a")
        subscription = bus.subscribe()
        bus.emit("one", "scan", "b")
        return (await subscription.get()).data

    assert run(listen()) == "b"


def test_a_slow_subscriber_is_dropped_and_the_others_are_not(bus):
    async def listen():
        slow, quick = bus.subscribe(backlog=2), bus.subscribe(backlog=9)
        for text in "abc":
            bus.emit("one", "scan", text)
        with pytest.raises(TooSlow):
            await slow.get()
        bus.emit("one", "scan", "d")
        with pytest.raises(TooSlow):
            await slow.get()
        return [(await quick.get()).data for _text in "abcd"]

    assert run(listen()) == list("abcd")


def test_a_subscriber_whose_loop_is_gone_is_forgotten(bus):
    async def listen():
        bus.subscribe()

    asyncio.run(listen())
    bus.emit("one", "scan", "a")
    assert bus._subscriptions == set()


def test_events_of_many_threads_arrive_once_and_in_order(bus):
    count, threads = 200, 4

    async def listen():
        subscription = bus.subscribe(backlog=count * threads)
        start = threading.Barrier(threads)

        def emit():
            start.wait()
            for _n in range(count):
                bus.emit("one", "card_removed", None)

        emitters = [threading.Thread(target=emit) for _n in range(threads)]
        for emitter in emitters:
            emitter.start()
        return [(await subscription.get()).id for _n in range(count * threads)]

    assert run(listen()) == list(range(1, count * threads + 1))


def run(coroutine):
    async def limited():
        return await asyncio.wait_for(coroutine, PATIENCE_S)

    return asyncio.run(limited())
