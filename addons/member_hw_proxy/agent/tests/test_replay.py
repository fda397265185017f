"""A page that comes back after a busy moment gets all it missed, and stays."""

import asyncio

from member_hw_agent.events import BACKLOG, RING, STATUS, EventBus


def test_more_was_missed_than_one_may_be_behind():
    bus = EventBus()

    async def scene():
        for number in range(RING):
            bus.emit("printer", STATUS, number)
        page = bus.subscribe(after=0)
        for number in range(BACKLOG):
            bus.emit("printer", STATUS, RING + number)
        return [(await page.get()).data for _number in range(RING + BACKLOG)]

    assert asyncio.run(scene()) == list(range(RING + BACKLOG))
