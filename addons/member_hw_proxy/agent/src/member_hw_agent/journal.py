"""Which cards were begun and which are done: kept over a crash, by request key."""

import hashlib
import time
from typing import Protocol

NAME = "journal"
BEGUN, DONE = "begun", "done"
MAX_ENTRIES = 200
KEEP_S = 30 * 24 * 3600


class Store(Protocol):
    """What is needed of state.State."""

    def read(self, name, default=None): ...

    def write(self, name, value) -> None: ...


class Memory:
    """A store for a driver that runs without an agent: forgets everything."""

    def __init__(self):
        self._kept = {}

    def read(self, name, default=None):
        return self._kept.get(name, default)

    def write(self, name, value):
        self._kept[name] = value


class Journal:
    """The writes of one reader; each call is on the disk when it returns.

    It holds neither UID nor content nor keys: only digests, by which a card that comes
    back is known. Old entries go: 30 days, or when there are more than 200.
    """

    def __init__(self, store: Store, clock=time.time):
        self._store = store
        self._clock = clock

    def begin(self, order) -> None:
        """Note, before the first byte is written, that a card may now be half done."""
        self._put(order, BEGUN, None)

    def finish(self, order, result: str) -> None:
        """Note what was read back from the card."""
        self._put(order, DONE, result)

    def result(self, request_key: str) -> str | None:
        """Return how this request ended; None if it never began or never ended."""
        entry = self._entries().get(request_key, {})
        return entry.get("result") if entry.get("state") == DONE else None

    def unfinished(self, uid: str | None) -> str | None:
        """Return the key of the request that left this card half done, if one did.

        Only the last request for a card counts. Cards without a UID cannot be known
        again.
        """
        if uid is None:
            return None
        ours = [
            (entry["number"], key, entry["state"])
            for key, entry in self._entries().items()
            if entry["card"] == digest(key, uid)
        ]
        if not ours:
            return None
        _number, key, state = max(ours)
        return key if state == BEGUN else None

    def _put(self, order, state, result):
        now = self._clock()
        entries = self._entries()
        last = max((entry["number"] for entry in entries.values()), default=0)
        entries[order.request_key] = {
            "op": order.op,
            "card": digest(order.request_key, order.uid),
            "content": hashlib.sha256(order.content).hexdigest(),
            "state": state,
            "result": result,
            "at": now,
            "number": last + 1,
        }
        fresh = [
            (key, entry)
            for key, entry in sorted(entries.items(), key=lambda one: one[1]["number"])
            if now - entry["at"] < KEEP_S
        ]
        self._store.write(NAME, dict(fresh[-MAX_ENTRIES:]))

    def _entries(self):
        return dict(self._store.read(NAME, {}))


def digest(request_key, uid) -> str | None:
    """Return what tells a card again and tells nobody its UID, salted by the key."""
    if uid is None:
        return None
    return hashlib.sha256(f"{request_key}|{uid}".encode()).hexdigest()
