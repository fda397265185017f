"""The bytes by which a card says whose it is; Odoo makes them, see card_application.py.

A row of fields: one byte of tag, one of length, the value: version (01 01 01), issuer,
number (two digits a byte, an odd one followed by F), MAC. In that order, each once,
then nothing but 0x00.
"""

from dataclasses import dataclass

LENGTH = 48
"""Bytes that are kept for it on every chip: three blocks, twelve pages."""
VERSION = 1
MIN_DIGITS, MAX_DIGITS = 10, 19
FIELDS = {1: (1, 1), 2: (4, 4), 3: (5, 10), 4: (8, 8)}
"""Shortest and longest value in bytes, by tag, in order."""
BLANK_NTAG = (bytes.fromhex("0103A00C340300FE"), bytes.fromhex("0300FE"))
"""What makers put on a new NTAG: an empty NDEF message."""


class NotAnApplication(ValueError):
    """These bytes are not a member application, or only part of one."""


@dataclass(frozen=True)
class Application:
    issuer: bytes = b""
    number: str = ""
    mac: bytes = b""


def parse(content: bytes) -> Application:
    """Return what `content` says, whatever it is.

    :raise NotAnApplication: anything else than a whole application.
    """
    values = []
    rest = content
    for tag, (shortest, longest) in FIELDS.items():
        if len(rest) < 2 or rest[0] != tag or not shortest <= rest[1] <= longest:
            raise NotAnApplication(f"no field {tag} where one must be")
        if len(rest) < 2 + rest[1]:
            raise NotAnApplication(f"the field {tag} is cut short")
        values.append(rest[2 : 2 + rest[1]])
        rest = rest[2 + rest[1] :]
    if any(rest):
        raise NotAnApplication("something follows the last field")
    version, issuer, number, mac = values
    if version[0] != VERSION:
        raise NotAnApplication("another version")
    return Application(issuer, digits(number), mac)


def digits(packed: bytes) -> str:
    """Unpack two digits a byte.

    :raise NotAnApplication: a half byte that is no digit, too few or too many digits.
    """
    text = packed.hex()
    text = text.removesuffix("f")
    if not text.isdigit() or not MIN_DIGITS <= len(text) <= MAX_DIGITS:
        raise NotAnApplication("no card number")
    return text


def number_in(content: bytes) -> str | None:
    """Return the card's number, or None if this is no member application."""
    try:
        return parse(content).number
    except NotAnApplication:
        return None


def is_blank(content: bytes) -> bool:
    """Tell whether nothing is lost if these bytes are written over."""
    if not content.strip(b"\x00") or not content.strip(b"\xff"):
        return True
    return content.rstrip(b"\x00") in BLANK_NTAG
