"""What simple RFID readers send when a card comes near.

Sources: `hex_checksum`: the ID-12 and RDM6300 readers (STX, ten hexadecimal digits, the
XOR of their five bytes as two, perhaps CR LF, ETX). `length_bcc`: readers that send
STX, length, type of card, serial number, BCC, ETX. `line`: a number or a UID and CR
or LF.
"""

from dataclasses import dataclass

STX, ETX = 0x02, 0x03
MAX_FRAME = 64
TYPES = {0x01: "mifare_classic_1k", 0x02: "em4100"}
"""What `length_bcc` readers call them: 1 is "MF Classic", 2 "EM4100"."""


@dataclass(frozen=True)
class Tag:
    """What a frame said: a UID, or a text that is a number."""

    uid: str | None
    text: str | None = None
    type: str = "unknown"


class HexChecksumFrames:
    """STX, 10 hexadecimal digits, 2 of checksum, ETX."""

    def __init__(self):
        self._buffer = b""

    def feed(self, data: bytes) -> list[Tag]:
        tags = []
        self._buffer += data
        while (end := self._buffer.find(ETX)) >= 0:
            frame, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
            tags += self.read(frame.rpartition(bytes([STX]))[2].strip(b"\r\n"))
        self._buffer = self._buffer[-MAX_FRAME:]
        return tags

    def read(self, digits: bytes) -> list[Tag]:
        """Return the tag, or nothing if the checksum is wrong."""
        try:
            data = bytes.fromhex(digits.decode("ascii"))
        except ValueError:
            return []
        if len(digits) != 12 or len(data) != 6 or xor(data):
            return []
        return [Tag(data[:5].hex().upper(), type="em4100")]


class LengthBccFrames:
    """STX, length of all, type, serial number, BCC, ETX."""

    def __init__(self):
        self._buffer = b""

    def feed(self, data: bytes) -> list[Tag]:
        tags = []
        self._buffer += data
        while (start := self._buffer.find(STX)) >= 0:
            self._buffer = self._buffer[start:]
            if len(self._buffer) < 2:
                return tags
            length = self._buffer[1]
            if 6 <= length <= MAX_FRAME and len(self._buffer) < length:
                return tags
            tag = self.read(self._buffer[:length])
            tags += tag
            self._buffer = self._buffer[length if tag else 1 :]
        self._buffer = b""
        return tags

    def read(self, frame: bytes) -> list[Tag]:
        """Return the tag, or nothing if the frame is none."""
        if len(frame) < 6 or frame[-1] != ETX or xor(frame[1:-1]):
            return []
        return [Tag(frame[3:-2].hex().upper(), type=TYPES.get(frame[2], "unknown"))]


class LineFrames:
    """Something printable and CR or LF.

    :param content: number (a card number, as a scan), uid_hex, or uid_decimal.
    :param uid_bytes: of a UID written in decimal, which drops leading zeros.
    """

    def __init__(self, content: str = "number", uid_bytes: int = 4):
        self.content = content
        self.uid_bytes = uid_bytes
        self._buffer = b""

    def feed(self, data: bytes) -> list[Tag]:
        *lines, self._buffer = (
            (self._buffer + data).replace(b"\r", b"\n").replace(b"\x03", b"\n")
        ).split(b"\n")
        self._buffer = self._buffer[-MAX_FRAME:]
        texts = [
            line.decode("ascii", "ignore").strip("\x02 \t") for line in lines if line
        ]
        return [tag for text in texts if (tag := self.read(text))]

    def read(self, text: str) -> Tag | None:
        if self.content == "number":
            return Tag(None, text) if text.isprintable() and text else None
        try:
            if self.content == "uid_hex":
                uid = bytes.fromhex(text)
            else:
                uid = int(text).to_bytes(self.uid_bytes, "big")
        except (ValueError, OverflowError):
            return None
        return Tag(uid.hex().upper()) if len(uid) in range(4, 11) else None


def xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total


def reverse(uid: str) -> str:
    """Return the bytes of a UID the other way round."""
    return bytes.fromhex(uid)[::-1].hex().upper()
