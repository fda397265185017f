"""A contactless reader and the card in its field, before it is any kind of chip."""

import secrets

OK = b"\x90\x00"
REFUSED = b"\x69\x82"
FAILED = b"\x63\x00"
WRONG_LENGTH = b"\x67\x00"
WRONG_PARAMETERS = b"\x6a\x86"
NOT_FOUND = b"\x6a\x82"
UNKNOWN_INS = b"\x6d\x00"
UNKNOWN_CLA = b"\x6e\x00"
OUTSIDE = b"\x6b\x00"
FACTORY_KEY = b"\xff" * 6


def storage_atr(name: int) -> bytes:
    """Return the ATR that PC/SC part 3 gives to a chip without a processor."""
    atr = bytes.fromhex("3B8F8001804F0CA000000306") + b"\x03"
    atr += name.to_bytes(2, "big") + bytes(4)
    check = 0
    for byte in atr[1:]:
        check ^= byte
    return atr + bytes([check])


class Chip:
    """A card in the field of a contactless reader.

    `commands_left`: so many are answered, then the card is gone and the reader, as an
    ACR122U does, has not noticed and answers that the command failed.

    :param uid: as the chip says it; None draws a new one each time, as phones do.
    :param passthrough: how the reader hands commands on: acs, transparent, none.
    :param uid_reversed: the reader turns the UID round.
    """

    atr = b""

    def __init__(self, uid="04A1B2C3", passthrough="acs", uid_reversed=False):
        self.is_random = uid is None
        self.uid = bytes.fromhex(uid or "08000000")
        self.passthrough = passthrough
        self.uid_reversed = uid_reversed
        self.in_session = False
        self.commands_left = None
        self.power_on()

    def power_on(self):
        """The reader woke the chip up; what was opened is shut."""
        if self.is_random:
            self.uid = b"\x08" + secrets.token_bytes(3)
        self.in_session = False

    def dump(self) -> bytes:
        """Return the memory, secrets and all."""
        raise NotImplementedError

    def answer(self, apdu: bytes) -> bytes:
        """Answer a command, in the reader's stead where it is meant for that."""
        if len(apdu) < 4:
            return WRONG_LENGTH
        if self.commands_left is not None:
            if not self.commands_left:
                return FAILED
            self.commands_left -= 1
        if apdu[0] != 0xFF:
            return self.command(apdu)
        ins, p1, p2 = apdu[1:4]
        if ins == 0xCA:
            uid = self.uid[::-1] if self.uid_reversed else self.uid
            return uid + OK if (p1, p2) == (0, 0) else b"\x6a\x81"
        if (ins, p1, p2) == (0, 0, 0) and self.passthrough == "acs":
            return self._acs(apdu[5:])
        if ins == 0xC2 and self.passthrough == "transparent":
            return self._transparent(p2, apdu[5:])
        return self.reader_command(ins, p1, p2, apdu[4:])

    def command(self, apdu):
        """Answer what only a chip with a processor understands."""
        return b"\x6a\x81"

    def reader_command(self, ins, p1, p2, body):
        """Answer what the reader translates for this chip."""
        return UNKNOWN_INS

    def raw(self, frame: bytes) -> bytes | None:
        """Answer a frame as the chip does; None: it says nothing."""
        return None

    def _acs(self, data):
        if data[:2] != b"\xd4\x42":
            return FAILED
        answer = self.raw(data[2:])
        return b"\xd5\x43" + (b"\x01" if answer is None else b"\x00" + answer) + OK

    def _transparent(self, p2, data):
        ok = b"\xc0\x03\x00\x90\x00"
        if p2 == 0 and data[:1] in (b"\x81", b"\x82"):
            self.in_session = data[:1] == b"\x81"
            return ok + OK
        if p2 == 1 and self.in_session and data[:1] == b"\x95":
            answer = self.raw(data[2 : 2 + data[1]])
            if answer is None:
                return b"\xc0\x03\x01\x64\x01" + OK
            return ok + b"\x97" + bytes([len(answer)]) + answer + OK
        return WRONG_PARAMETERS
