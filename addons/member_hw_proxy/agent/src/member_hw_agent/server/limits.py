"""What keeps one page from taking the agent away from the others."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_REMEMBERED = 10_000


@dataclass(frozen=True)
class Limits:
    """Seconds and counts; some tests take less."""

    read_s: float = 10.0
    """How long a body may take to arrive, and a connection may carry no request."""
    auth_s: float = 5.0
    """How long a socket may be open without a token."""
    ping_s: float = 15.0
    send_s: float = 10.0
    """How long a page may take to read a message."""
    scan_wait_s: float = 55.0
    """How long a till waits for a scan: less than browsers and Odoo give a request."""
    rate_per_s: float = 50.0
    burst: int = 100
    pairing_rate_per_s: float = 1.0
    connections: int = 32
    sessions: int = 12
    """Sockets of one pairing, so that one database leaves room for the others."""
    calls: int = 16
    """Calls of one page that may be under way at the same time."""


USUAL = Limits()


class Bucket:
    """Lets `rate_per_s` things through, and `burst` at once after a pause."""

    def __init__(
        self, rate_per_s: float, burst: int, clock: Callable[[], float] = time.monotonic
    ):
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._clock = clock
        self._left = float(burst)
        self._at = clock()

    def take(self) -> bool:
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate_per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Buckets:
    """A bucket for each origin that is paired, and one that all others share."""

    def __init__(self, rate_per_s: float, burst: int):
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._buckets = {}

    def take(self, origin: str | None) -> bool:
        bucket = self._buckets.get(origin)
        if bucket is None:
            bucket = self._buckets[origin] = Bucket(self._rate_per_s, self._burst)
        return bucket.take()

    def forget_all_but(self, origins) -> None:
        """Drop the buckets of origins that are paired no more."""
        kept = {None, *origins}
        self._buckets = {
            origin: one for origin, one in self._buckets.items() if origin in kept
        }


class ReplayGuard:
    """Takes each unique name once, and remembers it while it could be used again."""

    def __init__(self, now: Callable[[], float] = time.time):
        self._now = now
        self._taken = {}

    def take(self, name: object, until: float) -> bool:
        """Return whether `name` comes for the first time.

        :param until: Unix time after which it is refused for its age anyway.
        """
        now = self._now()
        if len(self._taken) >= MAX_REMEMBERED:
            self._taken = {one: end for one, end in self._taken.items() if end >= now}
        if name in self._taken or len(self._taken) >= MAX_REMEMBERED:
            return False
        self._taken[name] = until
        return True
