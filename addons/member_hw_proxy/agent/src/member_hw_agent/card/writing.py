"""How a card is written: so that it is never half a card that is reported as done.

The journal notes the begin; the area is written so that it reads as no application
until its last unit; it is read back and compared; the card is locked; it is reset and
read as a till would. Only then is it done. The same order again, after a crash or when
the card was pulled away, finds how far it came and finishes it.
"""

import contextlib
import hashlib

from ..errors import DeviceError
from ..state import StateError
from ..values import WriteOrder, Written
from .chip import Chip
from .member_application import LENGTH, number_in

WRITTEN, SAME, FORMATTED = "written", "same", "formatted"
ONCE_TOUCHED = {
    "bad_request": "device_error",
    "busy": "card_removed",
    "no_card": "card_removed",
    "no_device": "closed",
    "wrong_card": "card_removed",
}
"""Codes by which Odoo gives a number to another card, for nothing was written on this
one; and what is said instead when that is not certain."""


def write(chip: Chip, order: WriteOrder, journal) -> Written:
    """Write the order's content on the card and lock it; nothing, if it is there.

    :raise DeviceError: wrong_card, auth_failed, verify_failed, card_removed …; what
        was begun is finished by the same order.
    """
    content = area(order.content)
    check_card(chip, order)
    now = chip.read()
    check_number(chip, now, content)
    chip.open(order.keys)
    if now == content and chip.is_locked(order.keys):
        with touched():
            journal.finish(order, SAME)
        return written(order, content, SAME)
    journal.begin(order)
    with touched():
        fill(chip, order, content)
        compare(chip, content)
        chip.open(order.keys)
        chip.lock(order.keys)
        compare(chip, content)
        journal.finish(order, WRITTEN)
    return written(order, content, WRITTEN)


def erase(chip: Chip, order: WriteOrder, journal) -> Written:
    """Make the card as new: no content, no keys of ours.

    The keys first: those of a chip without a UID are known by its number, which must
    be there until it needs none.

    :raise DeviceError: as `write`.
    """
    check_card(chip, order)
    chip.open(order.keys)
    journal.begin(order)
    with touched():
        chip.unlock()
        fill(chip, order, bytes(LENGTH))
        compare(chip, bytes(LENGTH))
        journal.finish(order, FORMATTED)
    return Written(order.request_key, order.op, order.uid, "", FORMATTED)


def verify(chip: Chip, order: WriteOrder) -> Written:
    """Compare the card with the order; nothing is written.

    :raise DeviceError: wrong_card, verify_failed, auth_failed …
    """
    content = area(order.content)
    check_card(chip, order)
    compare(chip, content)
    return written(order, content, SAME)


@contextlib.contextmanager
def touched():
    """Say nothing of a card from here on that means that nothing was written on it."""
    try:
        yield
    except StateError as error:
        raise DeviceError("device_error", str(error)) from error
    except DeviceError as error:
        if error.code not in ONCE_TOUCHED:
            raise
        raise DeviceError(ONCE_TOUCHED[error.code], str(error)) from error


def area(content: bytes) -> bytes:
    """Return the whole area with this content.

    :raise DeviceError: bad_request, too long or empty.
    """
    if not content or len(content) > LENGTH:
        raise DeviceError(
            "bad_request", f"A card takes 1 to {LENGTH} bytes, not {len(content)}."
        )
    return content.ljust(LENGTH, b"\x00")


def check_card(chip, order):
    """Refuse another card than the one that the order is for.

    :raise DeviceError: wrong_card.
    """
    if order.uid != chip.uid:
        raise DeviceError(
            "wrong_card",
            "This is another card than the one that was read before: put that one on"
            " the reader.",
        )


def check_number(chip, now, content):
    """Refuse a chip without a UID that carries another number, before its PIN is tried.

    :raise DeviceError: wrong_card.
    """
    number = number_in(now)
    if chip.uid is None and number and number != number_in(content):
        raise DeviceError(
            "wrong_card",
            "This card carries another number: erase it first, or take a new one.",
        )


def fill(chip, order, content):
    """Write what differs, the first unit last and cleared before.

    So a card that is pulled away at any moment carries no application, rather than
    parts of two.
    """
    now = chip.read()
    chip.open(order.keys)
    units = [content[i : i + chip.unit] for i in range(0, LENGTH, chip.unit)]
    old = [now[i : i + chip.unit] for i in range(0, LENGTH, chip.unit)]
    blank = bytes(chip.unit)
    if old[0] != blank and old != units:
        chip.write_unit(0, blank)
        old[0] = blank
    for index in range(len(units) - 1, -1, -1):
        if old[index] != units[index]:
            chip.write_unit(index, units[index])


def compare(chip, content):
    """Read the card as a till does.

    :raise DeviceError: verify_failed, auth_failed.
    """
    chip.reset()
    if chip.read() != content:
        raise DeviceError(
            "verify_failed",
            "The card does not hold what was written. Try again; if it fails again,"
            " take another card.",
        )


def written(order, content, result):
    """Return what was read back: `content`, without what it was padded with."""
    found = content[: len(order.content)]
    digest = hashlib.sha256(found).hexdigest()
    return Written(order.request_key, order.op, order.uid, digest, result)
