"""Which card lies on the reader."""

from ...card import ultralight
from ...card.chip import Chip
from ...card.iso7816 import Iso7816
from ...card.mifare_classic import MifareClassic, MifareClassic4K
from ...errors import DeviceError
from ...values import CardSeen
from . import apdu, transport

STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""How the ATR of a chip without a processor goes on (PC/SC part 3, 3.1.3.2.3)."""
CLASSIC_1K, CLASSIC_4K = 0x0001, 0x0002
ULTRALIGHTS = frozenset({0x0003, 0x003A, 0x003D, 0x0044})
UID_LENGTHS = (4, 7, 8, 10)
"""Bytes: ISO 14443 has 4, 7 and 10; ISO 15693 and FeliCa have 8."""
RANDOM = 0x08
"""The first of four bytes that are new each time (ISO 14443-3, 6.5.4)."""


def is_contactless(atr: bytes) -> bool:
    """Tell whether a reader made this ATR for a contactless card (PC/SC part 3)."""
    return len(atr) >= 4 and atr[1] & 0xF0 == 0x80 and atr[2:4] == b"\x80\x01"


def read_uid(card, settings) -> str | None:
    """Return the UID, most significant byte first; None if there is none that stays.

    :raise DeviceError: card_removed …
    """
    response = card.transmit(apdu.get_uid())
    if response.sw == apdu.FAILED:  # the reader has not noticed yet that it is gone
        raise transport.card_removed()
    uid = response.data
    if not response.is_ok or len(uid) not in UID_LENGTHS:
        return None
    if settings.uid_reversed:
        uid = uid[::-1]
    return None if len(uid) == 4 and uid[0] == RANDOM else uid.hex().upper()


def identify(card, settings) -> tuple[Chip | None, CardSeen]:
    """Return the chip, None if it is of an unknown kind, and what is known at once.

    The number is not read yet.

    :raise DeviceError: card_removed …
    """
    atr = card.atr()
    if not is_contactless(atr):
        return Iso7816(card, None, settings), CardSeen(
            None, None, "contact_ic", Iso7816.type
        )
    uid = read_uid(card, settings)
    chip = chip_of(card, atr, uid, settings)
    return chip, CardSeen(uid, None, "contactless", chip.type if chip else "unknown")


def chip_of(card, atr, uid, settings):
    if atr[4:12] != STORAGE_CARD:
        return Iso7816(card, uid, settings)
    name = int.from_bytes(atr[13:15], "big")
    if name == CLASSIC_1K:
        return MifareClassic(card, uid, settings)
    if name == CLASSIC_4K:
        return MifareClassic4K(card, uid, settings)
    if name in ULTRALIGHTS:
        return ultralight.tell_apart(card, uid, settings)
    return None


def content_of(chip: Chip | None) -> bytes | None:
    """Return the area of the member application, None if it cannot be read.

    :raise DeviceError: card_removed, no_device …
    """
    if chip is None:
        return None
    try:
        return chip.read()
    except DeviceError as error:
        if error.code in ("auth_failed", "unsupported"):
            return None
        raise
