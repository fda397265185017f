"""A chip with a processor and the member applet; see virtual_chips.py."""

from tests.simulators.virtual_reader import (
    NOT_FOUND,
    OK,
    OUTSIDE,
    REFUSED,
    UNKNOWN_CLA,
    UNKNOWN_INS,
    WRONG_LENGTH,
    Chip,
)


class Iso7816(Chip):
    """The member applet of card/iso7816.py, in a contact card (T=0) unless `uid`."""

    AID = bytes.fromhex("F04D454D424552")
    NEW_PIN = b"0" * 8
    TRIES = 3

    def __init__(self, uid="", size=64, **options):
        super().__init__(uid, **options)
        is_contactless = uid is None or uid
        self.atr = bytes.fromhex(
            "3B80800101" if is_contactless else "3B6500002063CB6800"
        )
        self.is_contact = not is_contactless
        self.file = bytes(size)
        self.pin = self.NEW_PIN
        self.is_forgetful = False
        self.tries = self.TRIES

    def power_on(self):
        super().power_on()
        self.is_selected = self.has_file = self.is_open = False
        self.waiting = b""

    def dump(self):
        return self.file

    def answer(self, apdu):
        if self.is_contact and apdu[:1] == b"\xff":
            return UNKNOWN_CLA
        return super().answer(apdu)

    def command(self, apdu):
        cla, ins, p1, p2 = apdu[:4]
        body = apdu[5:]
        if cla:
            return UNKNOWN_CLA
        if ins == 0xC0:
            answer, self.waiting = self.waiting, b""
            return answer + OK
        if ins == 0xA4:
            return self._select(p1, body)
        if not self.is_selected:
            return b"\x69\x85"
        if ins == 0x20:
            return self._verify(p2, body)
        if ins == 0x24:
            return self._change(p2, body)
        if ins == 0xCA:
            state = b"\x00" if self.pin == self.NEW_PIN else b"\x01"
            return state + OK if (p1, p2) == (1, 1) else b"\x6a\x88"
        if ins in (0xB0, 0xD6) and self.has_file:
            return self._binary(ins, p1 << 8 | p2, apdu[4], body)
        return UNKNOWN_INS

    def _select(self, p1, name):
        if p1 == 4 and name == self.AID:
            self.is_selected, self.has_file, self.is_open = True, False, False
            self.waiting = b"\x6f\x09\x84\x07" + self.AID
            return b"\x61\x0b" if self.is_contact else self.waiting + OK
        if p1 == 2 and self.is_selected and name == b"\x00\x01":
            self.has_file = True
            return OK
        return NOT_FOUND

    def _verify(self, reference, pin):
        if reference != 1:
            return b"\x6a\x88"
        if self.tries == 0:
            return b"\x69\x83"
        if not pin:
            return OK if self.is_open else bytes([0x63, 0xC0 | self.tries])
        self.is_open = pin == self.pin
        self.tries = self.TRIES if self.is_open else self.tries - 1
        return OK if self.is_open else bytes([0x63, 0xC0 | self.tries])

    def _change(self, reference, pins):
        if len(pins) != 16:
            return WRONG_LENGTH
        answer = self._verify(reference, pins[:8])
        if answer == OK:
            self.pin = pins[8:]
        return answer

    def _binary(self, ins, offset, length, data):
        if offset + (length or 256) > len(self.file):
            return OUTSIDE
        if ins == 0xB0:
            return self.file[offset : offset + length] + OK
        if not self.is_open:
            return REFUSED
        if self.is_forgetful:
            return OK
        self.file = self.file[:offset] + data + self.file[offset + len(data) :]
        return OK
