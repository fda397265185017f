"""A card that is pulled away at any command is finished later, and never half done.

Every moment is tried, so the chips are in this process; the same with pcscd between, at
a few moments: test_pcsc_tearing.py.
"""

import dataclasses
import hashlib

import pytest
from pcsc_bench import CONTENT, GUARDED, MEDIA, NUMBER, OTHER, order
from smartcard import scard

from member_hw_agent.card import member_application, writing
from member_hw_agent.drivers.pcsc import apdu, transport
from member_hw_agent.drivers.pcsc.identify import identify
from member_hw_agent.drivers.pcsc.settings import Settings
from member_hw_agent.errors import DeviceError
from member_hw_agent.journal import NAME, Journal, Memory
from member_hw_agent.state import StateError
from tests.simulators.virtual_card import Holder
from tests.simulators.virtual_chips import CHIPS, UPDATES

WAYS = ("before", "half", "after")
SETTINGS = Settings(passthrough="acs")
UNTOUCHED = {"bad_request", "busy", "no_card", "no_device", "wrong_card"}
"""What Odoo takes for “nothing was written”: it gives the number to another chip."""
DIGEST = hashlib.sha256(CONTENT).hexdigest()
OTHER_NUMBER = member_application.number_in(OTHER)


class NearCard(transport.Card):
    """A card without pcscd between."""

    def __init__(self, holder):
        super().__init__(None, None)
        self._holder = holder

    def atr(self):
        return self._holder.chip.atr

    def reset(self):
        self._holder.chip.power_on()

    def _send(self, command):
        answer = self._holder.hear(command)
        if answer is None:
            raise transport.error(scard.SCARD_W_REMOVED_CARD)
        return apdu.parse(answer)


class FailingCard(NearCard):
    """A card whose reader fails for good after some commands."""

    def __init__(self, holder, after, code):
        super().__init__(holder)
        self._after = after
        self._code = code

    def reset(self):
        if self._after <= 0:
            raise transport.error(self._code)
        super().reset()

    def _send(self, command):
        if self._after <= 0:
            raise transport.error(self._code)
        self._after -= 1
        return super()._send(command)


class FullDisk(Memory):
    """A store that takes so many entries, and says so of the next."""

    def __init__(self, room):
        super().__init__()
        self._room = room

    def write(self, name, value):
        if self._room <= 0:
            raise StateError("The disk is full.")
        self._room -= 1
        super().write(name, value)


class Desk:
    """A card and the journal of the reader that it is put on, again and again."""

    def __init__(self, chip, store=None):
        self.holder = Holder(CHIPS[chip](**MEDIA[chip]))
        self.store = store or Memory()
        self.journal = Journal(self.store)
        self.failure = None

    def chip(self):
        self.holder.chip.power_on()
        card = NearCard(self.holder)
        if self.failure:
            card = FailingCard(self.holder, *self.failure)
        return identify(card, SETTINGS)[0]

    def write(self, given):
        return writing.write(self.chip(), given, self.journal)

    def erase(self, given):
        return writing.erase(self.chip(), given, self.journal)

    def number(self):
        try:
            return member_application.number_in(self.chip().read())
        except DeviceError:
            return None

    def count(self, updates_only=False):
        return sum(
            not updates_only or command[1] in UPDATES
            for command in self.holder.commands
        )

    def tear(self, after, how, of="all"):
        self.holder.tear = {"after": after, "how": how, "of": of}


def counted(chip, verb, given, first=None, **options):
    """Return how many commands a verb takes that nothing interrupts."""
    desk = Desk(chip)
    if first:
        desk.write(first)
    before = desk.count(**options)
    getattr(desk, verb)(given)
    return desk.count(**options) - before


def is_lost(chip, how, error):
    """Tell whether a torn lock spoilt the chip, which says so for ever.

    Possible with MIFARE Classic, whose keys and rights are one block.
    """
    return chip == "mifare_classic_1k" and how == "half" and error.code == "auth_failed"


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("chip", MEDIA)
def test_torn_at_any_command_a_write_is_finished_by_the_same_order(chip, how):
    given = order(chip)
    lost = 0
    for after in range(counted(chip, "write", given)):
        desk = Desk(chip)
        desk.tear(after, how)
        with pytest.raises(DeviceError) as refused:
            desk.write(given)
        assert refused.value.code == "card_removed"
        assert desk.journal.result(given.request_key) is None
        assert desk.number() in (None, NUMBER)
        try:
            done = desk.write(given)
        except DeviceError as error:
            assert is_lost(chip, how, error)
            assert desk.journal.result(given.request_key) is None
            lost += 1
            continue
        assert done.content_sha256 == DIGEST
        assert desk.journal.result(given.request_key) == done.result
        assert desk.number() == NUMBER
        assert desk.write(given).result == "same"
    assert lost <= 1


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("chip", ["mifare_classic_1k", "ntag213", "ultralight"])
def test_torn_at_any_update_a_rewrite_never_mixes_two_numbers(chip, how):
    """The card carries the old number, the new one or none at all."""
    first, given = order(chip, "old"), order(chip, "new", content=OTHER)
    for after in range(counted(chip, "write", given, first, updates_only=True)):
        desk = Desk(chip)
        desk.write(first)
        desk.tear(after, how, "updates")
        with pytest.raises(DeviceError):
            desk.write(given)
        assert desk.number() in (None, NUMBER, OTHER_NUMBER)
        if given.uid:
            assert desk.journal.unfinished(given.uid) == "new"
        assert desk.write(given).result in ("written", "same")
        assert desk.number() == OTHER_NUMBER


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("chip", MEDIA)
def test_torn_at_any_command_a_format_is_finished_by_the_same_order(chip, how):
    first, given = order(chip), order(chip, "format", "format")
    for after in range(counted(chip, "erase", given, first)):
        desk = Desk(chip)
        desk.write(first)
        desk.tear(after, how)
        with pytest.raises(DeviceError) as refused:
            desk.erase(given)
        assert refused.value.code == "card_removed"
        assert desk.number() in (None, NUMBER)
        try:
            assert desk.erase(given).result == "formatted"
        except DeviceError as error:
            assert is_lost(chip, how, error)
            continue
        assert desk.number() is None
        theirs = dataclasses.replace(
            given, request_key="next", op="write", content=OTHER
        )
        assert desk.write(theirs).result == "written"


@pytest.mark.parametrize("chip", GUARDED)
def test_a_torn_write_locks_nobody_out(chip):
    """Whenever the card left, it can be made new by who began to write it."""
    given = order(chip)
    for after in range(counted(chip, "write", given, updates_only=True)):
        desk = Desk(chip)
        desk.tear(after, "before", "updates")
        with pytest.raises(DeviceError):
            desk.write(given)
        assert desk.erase(order(chip, "format", "format")).result == "formatted"
        assert desk.number() is None


def test_a_chip_is_spoilt_by_a_torn_lock_alone():
    """Negative control: `half` does write rubbish, and the simulated chip minds."""
    chip = "mifare_classic_1k"
    last = counted(chip, "write", order(chip), updates_only=True) - 1
    desk = Desk(chip)
    desk.tear(last, "half", "updates")
    with pytest.raises(DeviceError):
        desk.write(order(chip))
    with pytest.raises(DeviceError) as refused:
        desk.write(order(chip))
    assert refused.value.code == "auth_failed"


@pytest.mark.parametrize("verb", ["write", "erase"])
@pytest.mark.parametrize("chip", MEDIA)
def test_a_reader_that_fails_after_the_begin_never_says_that_nothing_was_written(
    chip, verb
):
    """Unplugged, or another program reset the card: its number stays with it."""
    given = order(chip, op="format" if verb == "erase" else verb)
    said = {True: set(), False: set()}
    for code in (scard.SCARD_E_READER_UNAVAILABLE, scard.SCARD_W_RESET_CARD):
        for after in range(counted(chip, verb, given)):
            desk = Desk(chip)
            desk.failure = (after, code)
            with pytest.raises(DeviceError) as refused:
                getattr(desk, verb)(given)
            said[bool(desk.store.read(NAME))].add(refused.value.code)
            assert str(refused.value) == str(transport.error(code))
            desk.failure = None
            getattr(desk, verb)(given)
    assert said == {True: {"closed", "card_removed"}, False: {"no_device", "busy"}}
    assert not said[True] & UNTOUCHED


@pytest.mark.parametrize("chip", MEDIA)
def test_a_journal_that_cannot_be_kept(chip):
    """Before the begin the card is as it was; afterwards it may carry the number."""
    desk = Desk(chip, FullDisk(room=0))
    with pytest.raises(StateError):
        desk.write(order(chip))
    assert desk.count(updates_only=True) == 0
    desk = Desk(chip, FullDisk(room=1))
    for _attempt in ("written", "there already"):
        with pytest.raises(DeviceError) as refused:
            desk.write(order(chip))
        assert refused.value.code == "device_error"
        assert desk.number() == NUMBER


@pytest.mark.parametrize("how", WAYS)
def test_a_torn_contact_chip_is_written_from_the_beginning_by_another_order(how):
    """Nobody can tell that it is the same; its number was put back in the queue."""
    chip = "iso7816"
    for after in range(counted(chip, "write", order(chip))):
        desk = Desk(chip)
        desk.tear(after, how)
        with pytest.raises(DeviceError):
            desk.write(order(chip, "line:1"))
        assert desk.write(order(chip, "line:2")).content_sha256 == DIGEST
        assert desk.number() == NUMBER
