"""Chips as the reader in front of them answers, byte by byte; no sockets here.

Written from the data sheets and not from the agent's code, so that a mistake in one is
not made in the other: access bits, locks, passwords and tries are really enforced.
"""

from tests.simulators.virtual_applet import Iso7816
from tests.simulators.virtual_reader import (
    FACTORY_KEY,
    FAILED,
    OK,
    REFUSED,
    UNKNOWN_INS,
    WRONG_LENGTH,
    WRONG_PARAMETERS,
    Chip,
    storage_atr,
)


class MifareClassic1K(Chip):
    """MF1S50: sixteen sectors of three blocks and a trailer.

    :param keeps_keys: the reader has no volatile memory for keys.
    """

    atr = storage_atr(0x0001)
    # Who may, by C1 C2 C3: read, write. NXP MF1S50yyX, table 8.
    BLOCK = {
        0b000: ("AB", "AB"),
        0b010: ("AB", ""),
        0b100: ("AB", "B"),
        0b110: ("AB", "B"),
        0b001: ("AB", ""),
        0b011: ("B", "B"),
        0b101: ("B", ""),
        0b111: ("", ""),
    }
    # The trailer: write key A and B, read bits, write bits, read key B. Table 7.
    TRAILER = {
        0b000: ("A", "A", "", "A"),
        0b010: ("", "A", "", "A"),
        0b100: ("B", "AB", "", ""),
        0b110: ("", "AB", "", ""),
        0b001: ("A", "A", "A", "A"),
        0b011: ("B", "AB", "B", ""),
        0b101: ("", "AB", "B", ""),
        0b111: ("", "AB", "", ""),
    }

    def __init__(self, uid="04A1B2C3", keeps_keys=False, **options):
        self.keeps_keys = keeps_keys
        self.kept = {}
        super().__init__(uid, **options)
        self.blocks = [bytes(16) for _ in range(64)]
        for trailer in range(3, 64, 4):
            self.blocks[trailer] = FACTORY_KEY + bytes.fromhex("FF078069") + FACTORY_KEY
        self.blocks[0] = self.uid.ljust(16, b"\x00")

    def power_on(self):
        super().power_on()
        self.loaded = self.kept if self.keeps_keys else {}
        self.opened = None
        self.is_halted = False

    def dump(self):
        return b"".join(self.blocks)

    def access(self, block: int) -> int | None:
        """Return C1 C2 C3 of a block; None: the bits contradict themselves."""
        b6, b7, b8 = self.blocks[block | 3][6:9]
        c1, c2, c3 = b7 >> 4, b8 & 0xF, b8 >> 4
        if (b6 & 0xF, b6 >> 4, b7 & 0xF) != (c1 ^ 0xF, c2 ^ 0xF, c3 ^ 0xF):
            return None
        bit = block & 3
        return (c1 >> bit & 1) << 2 | (c2 >> bit & 1) << 1 | c3 >> bit & 1

    def reader_command(self, ins, p1, p2, body):
        if ins == 0x82:
            if p1 != (0x20 if self.keeps_keys else 0x00):
                return b"\x69\x86"
            if body[:1] != b"\x06" or len(body) != 7:
                return WRONG_LENGTH
            self.loaded[p2] = body[1:]
            return OK
        if ins == 0x86:
            return self._authenticate(body[1:])
        if ins == 0xB0:
            return self._read(p2, body[0] if body else 16)
        if ins == 0xD6:
            return self._write(p2, body[1:])
        return UNKNOWN_INS

    def _authenticate(self, data):
        if len(data) != 5 or data[2] > 63:
            return WRONG_PARAMETERS
        block, letter, slot = data[2], {0x60: "A", 0x61: "B"}.get(data[3]), data[4]
        trailer = self.blocks[block | 3]
        key = trailer[:6] if letter == "A" else trailer[10:]
        self.opened = None
        if self.is_halted or self.loaded.get(slot) != key or letter is None:
            self.is_halted = True
            return FAILED
        self.opened = (block | 3, letter)
        return OK

    def _letter(self, block):
        """Return by which key the block's sector is open, if it is."""
        if not self.opened or self.opened[0] != block | 3 or self.is_halted:
            return ""
        letter = self.opened[1]
        rights = self.access(block | 3)
        if rights is None or (letter == "B" and self.TRAILER[rights][3]):
            return ""  # a key B that can be read opens nothing
        return letter

    def _read(self, block, length):
        letter = self._letter(block) if block < 64 else ""
        rights = self.access(block) if letter else None
        if not letter or rights is None:
            return REFUSED
        data = self.blocks[block]
        if block & 3 == 3:
            _keys, read_bits, _write_bits, read_b = self.TRAILER[rights]
            bits = data[6:10] if letter in read_bits else bytes(4)
            data = bytes(6) + bits + (data[10:] if letter in read_b else bytes(6))
        elif letter not in self.BLOCK[rights][0]:
            return REFUSED
        return data[: length or 16] + OK

    def _write(self, block, data):
        letter = self._letter(block) if block < 64 else ""
        rights = self.access(block) if letter else None
        if not letter or rights is None or block == 0:
            return REFUSED
        if len(data) != 16:
            return WRONG_LENGTH
        if block & 3 == 3:
            keys, _read_bits, write_bits, _read_b = self.TRAILER[rights]
            if letter not in keys or letter not in write_bits:
                return REFUSED
        elif letter not in self.BLOCK[rights][1]:
            return REFUSED
        self.blocks[block] = data
        return OK


class Ultralight(Chip):
    """MF0ICU1: sixteen pages of four bytes, no keys; lock bits that never clear."""

    atr = storage_atr(0x0003)
    PAGES = 16
    CONTAINER = bytes(4)
    NEW = b""

    def __init__(self, uid="04A1B2C3D4E5F6", **options):
        super().__init__(uid, **options)
        self.pages = [bytes(4) for _ in range(self.PAGES)]
        self.pages[0] = self.uid[:3] + bytes([0x88 ^ self._xor(self.uid[:3])])
        self.pages[1] = self.uid[3:7].ljust(4, b"\x00")
        self.pages[3] = self.CONTAINER
        for index in range(0, len(self.NEW), 4):
            self.pages[4 + index // 4] = self.NEW[index : index + 4]

    def power_on(self):
        super().power_on()
        self.is_silent = False

    @staticmethod
    def _xor(data):
        result = 0
        for byte in data:
            result ^= byte
        return result

    def dump(self):
        return b"".join(self.pages)

    def reader_command(self, ins, p1, p2, body):
        if self.is_silent:
            return FAILED
        if ins == 0xB0:
            pages = [self.page(p2 + i) for i in range(4)] if p2 < self.PAGES else [None]
            if None in pages:
                return FAILED
            return b"".join(pages)[: body[0] if body else 16] + OK
        if ins == 0xD6:
            if len(body) != 5:
                return WRONG_LENGTH
            return self._write(p2, body[1:])
        return UNKNOWN_INS

    def raw(self, frame):
        """Fall silent, as after any command that is not known."""
        self.is_silent = True

    def page(self, number) -> bytes | None:
        """Return a page as it is read; behind the last comes the first."""
        return self.pages[number % self.PAGES]

    def is_locked(self, page):
        locks = int.from_bytes(self.pages[2][2:], "little")
        return 3 <= page <= 15 and bool(locks >> page & 1)

    def _write(self, page, data):
        if not 2 <= page < self.PAGES or self.is_locked(page):
            return FAILED
        if page in (2, 3):  # bits are set and never cleared
            data = bytes(a | b for a, b in zip(self.pages[page], data, strict=True))
        self.pages[page] = data
        return OK


class Ntag213(Ultralight):
    """NTAG213: 45 pages, the last four a password and what it guards."""

    PAGES = 45
    CONTAINER = bytes.fromhex("E1101200")
    NEW = bytes.fromhex("0103A00C340300FE")
    VERSION = bytes.fromhex("0004040201000F03")
    CONFIG = 0x29

    def __init__(self, uid="04A1B2C3D4E5F6", **options):
        super().__init__(uid, **options)
        self.pages[self.CONFIG] = bytes.fromhex("040000FF")
        self.pages[self.CONFIG + 1] = bytes.fromhex("00050000")
        self.pages[self.CONFIG + 2] = b"\xff" * 4

    def power_on(self):
        super().power_on()
        self.is_open = False

    def page(self, number):
        number %= self.PAGES
        if number >= self.CONFIG + 2:
            return bytes(4)
        is_guarded = self._is_guarded(number) and self.pages[self.CONFIG + 1][0] & 0x80
        return None if is_guarded else self.pages[number]

    def raw(self, frame):
        if self.is_silent:
            return None
        if frame == b"\x60":
            return self.VERSION
        if frame[:1] == b"\x1b" and frame[1:] == self.pages[self.CONFIG + 2]:
            self.is_open = True
            return self.pages[self.CONFIG + 3][:2]
        self.is_open = False
        return super().raw(frame)

    def _is_guarded(self, page):
        return not self.is_open and page >= self.pages[self.CONFIG][3]

    def _write(self, page, data):
        return FAILED if self._is_guarded(page) else super()._write(page, data)


CHIPS = {
    "mifare_classic_1k": MifareClassic1K,
    "ultralight": Ultralight,
    "ntag213": Ntag213,
    "iso7816": Iso7816,
}
UPDATES = (0xD6, 0x24)
"""Commands (INS) that change what a chip holds."""
