"""The PC/SC service, by pyscard's plain calls.

pyscard's own monitors stop for good when the service is absent or restarted, so the
readers are watched here with SCardGetStatusChange. Every call's error becomes a
DeviceError with a sentence.
"""

import threading
from dataclasses import dataclass

from smartcard import scard

from ...errors import DeviceError
from . import apdu

UNAWARE = scard.SCARD_STATE_UNAWARE
"""What is known of a slot before it is asked for the first time."""
NO_SERVICE = frozenset(
    {
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_F_COMM_ERROR,
        scard.SCARD_F_INTERNAL_ERROR,
    }
)
NO_READER = frozenset(
    {
        scard.SCARD_E_NO_READERS_AVAILABLE,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_UNKNOWN_READER,
    }
)
NO_CARD = frozenset(
    {
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_E_NOT_TRANSACTED,
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
    }
)
MUTE = frozenset(
    {
        scard.SCARD_E_CARD_UNSUPPORTED,
        scard.SCARD_E_PROTO_MISMATCH,
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNSUPPORTED_CARD,
    }
)
PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
PCI = {
    scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
    scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
}


def error(code: int) -> DeviceError:
    """Say what an error of PC/SC means for whoever stands at the reader."""
    if code in NO_SERVICE:
        return DeviceError(
            "no_device",
            "The smart card service of this computer does not run (pcscd on Linux,"
            " “Smart Card” on Windows). It is tried again by itself.",
        )
    if code == scard.SCARD_W_SECURITY_VIOLATION:  # also while the service stops
        return DeviceError(
            "no_device",
            "The smart card service lets this user in no longer: start the agent as one"
            " who may use it (on Linux: polkit, org.debian.pcsc-lite.access_pcsc).",
        )
    if code in NO_READER:
        return DeviceError("no_device", "The card reader is not plugged in.")
    if code in NO_CARD:
        return DeviceError(
            "card_removed",
            "The card left the reader too early. Put it back and leave it there.",
        )
    if code in MUTE:
        return DeviceError(
            "unsupported",
            "The card does not answer: turn it round, or take another kind of card.",
        )
    if code in (scard.SCARD_E_SHARING_VIOLATION, scard.SCARD_W_RESET_CARD):
        return DeviceError(
            "busy", "Another program uses the card reader: close it and try again."
        )
    name = scard.SCardGetErrorMessage(code).strip().rstrip(".")
    return DeviceError("device_error", f"The card reader failed: {name}.")


def card_removed() -> DeviceError:
    return error(scard.SCARD_W_REMOVED_CARD)


def check(code: int) -> None:
    """Raise what an error code of PC/SC means; nothing if it is none.

    :raise DeviceError:
    """
    if code != scard.SCARD_S_SUCCESS:
        raise error(code)


@dataclass(frozen=True)
class Slot:
    """What a reader says about its slot."""

    is_present: bool = False
    is_mute: bool = False
    changes: int = 0
    """How often cards came and went, where the service counts it: a card that was
    swapped between two looks is seen by that."""


class Service:
    """One thread's connection to the service; only `cancel` is for other threads."""

    def __init__(self):
        """Connect.

        :raise DeviceError: no_device, the service does not run.
        """
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        check(code)
        self._waiting = threading.Event()
        self._cancelled = threading.Event()
        self._pause = threading.Event()

    def close(self):
        """Let go; may be called twice."""
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def reader_names(self) -> list[str]:
        """Return the readers' names, as the service gives them.

        :raise DeviceError: no_device, the service is gone.
        """
        code, names = scard.SCardListReaders(self._context, [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        check(code)
        return list(names)

    def wait(self, reader: str, known: int, timeout_s: float) -> int:
        """Wait until a reader's state is not `known` any more.

        :param known: what was returned the last time; at first SCARD_STATE_UNAWARE.
        :return: the state now, the same if nothing happened or `cancel` was called.
        :raise DeviceError: no_device.
        """
        self._waiting.set()
        try:
            if self._cancelled.is_set():
                return known
            code, states = scard.SCardGetStatusChange(
                self._context, max(0, int(timeout_s * 1000)), [(reader, known)]
            )
        finally:
            self._waiting.clear()
            self._cancelled.clear()
        if code in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
            return known
        check(code)
        state = states[0][1]
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise error(scard.SCARD_E_READER_UNAVAILABLE)
        return state & ~scard.SCARD_STATE_CHANGED

    def cancel(self):
        """Make a running `wait` return, or the next one that is about to begin.

        The service forgets a cancel that comes a moment before the wait: so again,
        until it has ended.
        """
        self._cancelled.set()
        for _ in range(100):
            context = self._context
            if context is None or not self._waiting.is_set():
                return
            scard.SCardCancel(context)
            self._pause.wait(0.002)

    def connect(self, reader: str) -> "Card":
        """Talk to the card in a reader, undisturbed by other programs.

        :raise DeviceError: no_card, unsupported (it is mute), busy, no_device.
        """
        code, handle, protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_SHARED, PROTOCOLS
        )
        if code in NO_CARD:
            raise DeviceError("no_card", "There is no card on the reader: put one on.")
        check(code)
        card = Card(handle, protocol)
        try:
            check(scard.SCardBeginTransaction(handle))
        except DeviceError:
            card.close()
            raise
        return card


class Card:
    """One card, from `connect` until `close`."""

    def __init__(self, handle, protocol):
        self._handle = handle
        self._protocol = protocol
        self._in_the_end = scard.SCARD_LEAVE_CARD

    def close(self):
        """Let go; may be called twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)
            scard.SCardDisconnect(handle, self._in_the_end)

    def will_be_opened(self):
        """Have nothing stay open, for other programs, that keys are about to open."""
        self._in_the_end = scard.SCARD_RESET_CARD

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def atr(self) -> bytes:
        """Return what the card said first: it tells the kind.

        :raise DeviceError:
        """
        code, _reader, _state, _protocol, atr = scard.SCardStatus(self._handle)
        check(code)
        return bytes(atr)

    def reset(self) -> None:
        """Begin anew with the same card: opened sectors and shown PINs are forgotten.

        A chip that refused a key says nothing more before that.

        :raise DeviceError: card_removed …
        """
        code, self._protocol = scard.SCardReconnect(
            self._handle, scard.SCARD_SHARE_SHARED, PROTOCOLS, scard.SCARD_RESET_CARD
        )
        self._check(code)

    def transmit(self, command: bytes) -> apdu.Response:
        """Send a command, return the answer, also if it is a refusal.

        :raise DeviceError: card_removed, no_device …
        """
        response = self._send(command)
        if response.sw >> 8 == 0x6C and len(command) == 5:
            response = self._send(command[:4] + bytes([response.sw & 0xFF]))
        data = b""
        while response.sw >> 8 == 0x61 and len(data) < 4096:
            data += response.data
            response = self._send(apdu.get_response(response.sw & 0xFF))
        return apdu.Response(data + response.data, response.sw)

    def ask(self, command: bytes) -> bytes:
        """Send a command, return the answer's data.

        :raise DeviceError: also if the card refuses; see `apdu.refusal`.
        """
        response = self.transmit(command)
        if not response.is_ok:
            raise DeviceError(*apdu.refusal(response.sw))
        return response.data

    def _send(self, command):
        code, answer = scard.SCardTransmit(
            self._handle, PCI[self._protocol], list(command)
        )
        if code == scard.SCARD_S_SUCCESS and len(answer) < 2:
            code = scard.SCARD_E_NOT_TRANSACTED  # some readers say nothing instead
        self._check(code)
        return apdu.parse(bytes(answer))

    def _check(self, code):
        """Raise an error; a card that is gone must not be reset in the end.

        pcscd would take the slot for empty from then on, also if the card was put back
        before it looked.
        """
        if code != scard.SCARD_S_SUCCESS:
            self._in_the_end = scard.SCARD_LEAVE_CARD
            raise error(code)


def slot(state: int) -> Slot:
    """Return what a state says."""
    return Slot(
        is_present=bool(state & scard.SCARD_STATE_PRESENT),
        is_mute=bool(state & scard.SCARD_STATE_MUTE),
        changes=state >> 16,
    )
