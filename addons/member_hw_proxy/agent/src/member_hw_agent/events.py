"""What devices said, for all who listen: numbered, and kept for a moment."""

import asyncio
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

CARD = "card"
CARD_REMOVED = "card_removed"
SCAN = "scan"
STATUS = "status"

RING = 256
REPLAY_S = 30.0
"""Events older than this are not replayed to a browser that comes back."""
CARD_REPLAY_S = 10.0
"""Nor is a card that was read longer ago: it is someone else's by then."""
BACKLOG = 128
"""Events that one subscriber may be behind; the one that is slower is dropped."""


@dataclass(frozen=True)
class Event:
    """Something a device said.

    `data` is CardSeen for card, None for card_removed, the code (str) for scan and
    Status for status. Nothing in it may be logged.
    """

    id: int
    device: str
    kind: str
    data: Any
    at: float
    """Seconds since 1970."""
    monotonic: float


class TooSlow(Exception):
    """The subscriber fell behind and was dropped: close its socket with 4408."""


class Subscription:
    """One listener in an asyncio loop; made by `EventBus.subscribe`."""

    def __init__(self, bus, loop, backlog):
        self._bus = bus
        self._loop = loop
        self._backlog = backlog
        self._waiting = deque()
        self._more = asyncio.Event()
        self._lost = False

    async def get(self) -> Event:
        """Return the next event, waiting for it.

        :raise TooSlow: more than the backlog came unread; nothing more comes.
        """
        while True:
            with self._bus.lock:
                if self._lost:
                    raise TooSlow
                if self._waiting:
                    return self._waiting.popleft()
                self._more.clear()
            await self._more.wait()

    def close(self):
        self._bus.drop(self)

    def put(self, event):
        """Take an event; called by the bus, with its lock held. False: drop me."""
        if len(self._waiting) >= self._backlog:
            self._lost = True
            self._waiting.clear()
        else:
            self._waiting.append(event)
        try:
            self._loop.call_soon_threadsafe(self._more.set)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return False
        return not self._lost


class EventBus:
    """Hands events of device threads to subscribers in asyncio loops.

    Ids increase by one from 1 in each run of the agent. Emitting never blocks.
    """

    def __init__(self, clock=time.monotonic, wall=time.time):
        self.lock = threading.Lock()
        self._clock = clock
        self._wall = wall
        self._ring = deque(maxlen=RING)
        self._subscriptions = set()
        self._last_id = 0

    @property
    def last_id(self) -> int:
        """The id of the newest event, 0 before the first."""
        return self._last_id

    def emit(self, device: str, kind: str, data: Any) -> Event:
        """Number an event, keep it, and hand it to all subscribers. Any thread."""
        with self.lock:
            self._last_id += 1
            event = Event(
                self._last_id, device, kind, data, self._wall(), self._clock()
            )
            self._ring.append(event)
            self._forget()
            self._subscriptions = {one for one in self._subscriptions if one.put(event)}
        return event

    def subscribe(self, after: int | None = None, backlog=BACKLOG) -> Subscription:
        """Listen, from the running loop's thread.

        :param after: the last event that the browser has seen: what is kept and newer
            comes first. None, or an id that this run never gave (the agent was
            restarted): only what comes from now on.
        """
        loop = asyncio.get_running_loop()
        with self.lock:
            missed = self._kept(after)
            # who was away for long is not slow: what it missed does not count
            subscription = Subscription(self, loop, backlog + len(missed))
            for event in missed:
                subscription.put(event)
            self._subscriptions.add(subscription)
        return subscription

    def drop(self, subscription):
        with self.lock:
            self._subscriptions.discard(subscription)

    def replay(self, after: int | None) -> list[Event]:
        """Return what a subscriber that has seen `after` would get first."""
        with self.lock:
            return self._kept(after)

    def _kept(self, after):
        if after is None or after > self._last_id:
            return []
        self._forget()
        return [event for event in self._ring if event.id > after]

    def _forget(self):
        """Keep nothing longer than it may be replayed: readings hold UIDs."""
        now = self._clock()
        fresh = [
            event for event in self._ring if now - event.monotonic <= kept_s(event)
        ]
        if len(fresh) < len(self._ring):
            self._ring = deque(fresh, maxlen=RING)


def kept_s(event) -> float:
    """Return how long an event may be replayed; scans carry card numbers too."""
    return CARD_REPLAY_S if event.kind in (CARD, SCAN) else REPLAY_S
