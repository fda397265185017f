"""A real pcscd with virtual readers, and cards for them: the tests' workbench."""

import atexit
import dataclasses
import functools
import json
import os
from pathlib import Path

import pytest

from member_hw_agent.drivers.pcsc.driver import PcscReader
from member_hw_agent.values import WriteOrder
from tests.simulators.private_pcscd import PrivatePcscd
from tests.simulators.virtual_card import VirtualCard

VECTORS = json.loads(Path(__file__).with_name("vectors_application.json").read_text())
CONTENT = bytes.fromhex(VECTORS["applications"][0]["content"])
NUMBER = VECTORS["applications"][0]["number"]
OTHER = bytes.fromhex(VECTORS["applications"][1]["content"])
KEYS = {
    "key_b": b"\xb1\xb2\xb3\xb4\xb5\xb6",
    "pwd": b"\xa1\xa2\xa3\xa4",
    "pin": b"8PINPIN8",
}
FOREIGN = {name: key[::-1] for name, key in KEYS.items()}
UID4, UID7, UID10 = "04A1B2C3", "04A1B2C3D4E5F6", "04A1B2C3D4E5F6071829"
MEDIA = {
    "mifare_classic_1k": {"uid": UID4},
    "ntag213": {"uid": UID7},
    "ultralight": {"uid": UID7},
    "iso7816": {"uid": ""},
}
"""All chips that can be written, with the UIDs that they usually have."""
GUARDED = ("mifare_classic_1k", "ntag213", "iso7816")
POLL_S = 0.25
POLLS = 80


@functools.cache
def shared() -> PrivatePcscd:
    """Return one service for all tests of this process: its start is not free."""
    pcscd = PrivatePcscd()
    atexit.register(pcscd.close)
    os.environ.update(pcscd.environment)
    return pcscd


class Bench:
    """One reader, its driver and what it said."""

    def __init__(self, pcscd, state, slot=0, **options):
        self.pcscd = pcscd
        self.said = []
        self._slot = slot
        self._cards = []
        self._state = state
        info = list(PcscReader.discover({"passthrough": "acs", **options}))[slot]
        self.info = dataclasses.replace(
            info, options={**info.options, "state": state.of_device(info.stable_id)}
        )
        self.driver = PcscReader(self.info, lambda *event: self.said.append(event))
        self.driver.open()
        self.driver.poll(0)
        self.until(lambda: not self.driver._slot.is_present)  # the last test's card
        self.said.clear()

    def card(self, chip, **options) -> VirtualCard:
        """Return a card that is not on the reader yet."""
        options = {**MEDIA[chip], **options}
        card = VirtualCard(self.pcscd, chip, slot=self._slot, **options)
        self._cards.append(card)
        return card

    def put(self, chip="mifare_classic_1k", **options) -> VirtualCard:
        """Put a new card on the reader and wait until it is noticed."""
        return self.insert(self.card(chip, **options))

    def insert(self, card):
        card.insert()
        self.until(lambda: self.driver._slot.is_present)
        return card

    def until(self, is_true):
        """Poll until something is so; fail if it never is."""
        for _attempt in range(POLLS):
            if is_true():
                return
            self.driver.poll(POLL_S)
        pytest.fail(f"It never came to be; said: {self.said}\n{self.pcscd.log()}")

    def take_away(self, card):
        card.remove()
        self.until(lambda: not self.driver._slot.is_present)

    def act(self, action, order=None):
        """Have the reader do something, as the supervisor does."""
        params = {} if order is None else {"order": order}
        return self.driver.actions()[action].run(params)

    def cards_seen(self):
        return [data for kind, data in self.said if kind == "card"]

    def close(self):
        self.driver.close()
        for card in self._cards:
            card.close()


def order(chip, key="line:1", op="write", content=CONTENT, keys=KEYS, **options):
    """Return an order for a card as `Bench.put` makes it."""
    uid = {**MEDIA[chip], **options}["uid"] or None
    return WriteOrder(key, op, uid, content if op == "write" else b"", keys)


@pytest.fixture
def pcscd():
    return shared()


@pytest.fixture
def service(pcscd):
    """The service, for a test that breaks it."""
    yield pcscd
    pcscd.restart()


@pytest.fixture
def open_bench(pcscd, state):
    """Return a function that makes a bench with the driver's options."""
    benches = []

    def open_bench(**options):
        benches.append(Bench(pcscd, state, **options))
        return benches[-1]

    yield open_bench
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(open_bench):
    return open_bench()
