"""The bytes that a card's chip carries, and the keys that guard them. No Odoo here.

The *member application* is at most 48 bytes (three blocks of a MIFARE Classic sector),
a row of fields, each one byte of tag, one byte of length, then that many bytes:

==== ======= ====== ===========================================================
tag  what    bytes  value
==== ======= ====== ===========================================================
0x01 version 1      0x01; first, so that a chip of ours begins with 01 01 01
0x02 issuer  4      the legal entity that the card is good for, see `issuer`
0x03 number  5–10   the card's number, two digits a byte, an odd one is followed
                    by a half byte 0xF
0x04 mac     8      the first bytes of HMAC-SHA256 over all bytes before this
                    field and the bytes of the UID; Odoo alone has the key
==== ======= ====== ===========================================================

In this order, each once. What follows the last field is 0x00 (a chip is written in
whole blocks or pages). A reader that meets another first field, or a tag that it does
not know, reads no number. The agent's parser is `member_hw_agent/card/
member_application.py`; both sides test `agent/tests/vectors_application.json`.

The application identifies and proves nothing that matters: the number is printed on
the card, the UID of most chips can be copied, and paying asks for the PIN.
"""

import hashlib
import hmac

VERSION = 1
MAX_LENGTH = 48
ISSUER_LENGTH = 4
MAC_LENGTH = 8
TAG_VERSION, TAG_ISSUER, TAG_NUMBER, TAG_MAC = 1, 2, 3, 4

KEY_LENGTHS = {"key_b": 6, "pwd": 4, "pin": 8}
"""Bytes of the keys in an order: MIFARE Classic's key B, NTAG's password, a PIN."""


def issuer(database_uuid: str, company_id: int) -> bytes:
    """Name a legal entity in four bytes that tell nobody anything else."""
    text = f"member-card issuer|{database_uuid}|{company_id}"
    return hashlib.sha256(text.encode()).digest()[:ISSUER_LENGTH]


def build(key: bytes, issuer: bytes, number: str, uid: str | None) -> bytes:
    """Return the application of one card on one chip, always the same.

    :param key: 32 bytes, of the purpose `card-application`.
    :param number: 10 to 19 digits.
    :param uid: hexadecimal; None for a chip that has none.
    :raise ValueError: a number that is none.
    """
    if not (number.isascii() and number.isdigit() and 10 <= len(number) <= 19):
        raise ValueError("a card number has 10 to 19 digits")
    digits = bytes.fromhex(number + "F" * (len(number) % 2))
    content = (
        _field(TAG_VERSION, bytes([VERSION]))
        + _field(TAG_ISSUER, issuer)
        + _field(TAG_NUMBER, digits)
    )
    mac = hmac.new(key, content + bytes.fromhex(uid or ""), hashlib.sha256).digest()
    content += _field(TAG_MAC, mac[:MAC_LENGTH])
    assert len(content) <= MAX_LENGTH
    return content


def chip_keys(key: bytes, company_id: int, chip: str) -> dict[str, bytes]:
    """Return the keys of one chip: whoever opens one opens no other.

    :param key: 32 bytes, of the purpose `card-write`.
    :param chip: the UID in hexadecimal, or the card's number if the chip has no UID.
    :return: by the names of an order, see KEY_LENGTHS.
    """
    return {
        name: hmac.new(
            key, f"{company_id}|{chip}|{name}".encode(), hashlib.sha256
        ).digest()[:length]
        for name, length in KEY_LENGTHS.items()
    }


def _field(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value
