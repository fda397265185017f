"""A chip with a processor and the member applet: contact cards, and contactless ones.

The applet: AID F0 4D454D424552 (“MEMBER”), a transparent file 0001 of 64 bytes that
everybody reads, and PIN 01 of eight bytes, which update needs. A new applet's PIN is
eight characters 0; it is changed to the order's after the content is written. GET DATA
0101 answers one byte: 00 for a new applet's PIN, 01 for a changed one. Three wrong ones
block the PIN, so the last try is never used.
"""

from ..drivers.pcsc import apdu
from ..errors import DeviceError
from .chip import Chip
from .member_application import LENGTH

AID = bytes.fromhex("F04D454D424552")
FILE = 0x0001
PIN = 0x01
FACTORY_PIN = b"00000000"
PIN_STATE = 0x0101
KEEP_TRIES = 1
LAST_TRY = (
    "One more wrong PIN would block this card, so none was tried: take another card."
)


class Iso7816(Chip):
    type = "iso7816"
    unit = 16
    capacity = 64

    def __init__(self, card, uid, settings):
        super().__init__(card, uid, settings)
        self.medium = "contactless" if uid else "contact_ic"
        self._shown = None

    def read(self):
        self.select()
        return self.card.ask(apdu.read_binary(0, LENGTH))

    def open(self, keys):
        """Show the PIN: of the order, or the one of a new applet."""
        self.select()
        is_new = self.card.ask(apdu.get_data(PIN_STATE)) == b"\x00"
        pin = FACTORY_PIN if is_new else keys.get("pin")
        if pin is None:
            raise DeviceError("bad_request", "The order lacks the key “pin”.")
        left = self._tries_left()
        if left is not None and left <= KEEP_TRIES:
            raise DeviceError(
                "blocked", LAST_TRY if left else apdu.refusal(apdu.BLOCKED)[1]
            )
        self.card.ask(apdu.verify(PIN, pin))
        self._shown = pin

    def write_unit(self, index, data):
        self.card.ask(apdu.update_binary(index * self.unit, data))

    def is_locked(self, keys):
        return "pin" not in keys or self._shown == keys["pin"]

    def lock(self, keys):
        if not self.is_locked(keys):
            self._change(keys["pin"])

    def unlock(self):
        self._change(FACTORY_PIN)

    def select(self):
        """Choose applet and file.

        :raise DeviceError: unsupported, the chip has no such applet.
        """
        self.card.ask(apdu.select_application(AID))
        self.card.ask(apdu.select_file(FILE))

    def reset(self):
        super().reset()
        self._shown = None

    def _tries_left(self):
        return self.card.transmit(apdu.verify(PIN)).tries_left

    def _change(self, new):
        if self._shown != new:
            self.card.ask(apdu.change_pin(PIN, self._shown, new))
            self._shown = new
