"""MIFARE Classic: one sector, anybody reads with key A, only key B writes.

NXP, MF1S50yyX data sheet, 8.6 and 8.7: a sector is three blocks of 16 bytes and a
trailer with key A, access bits and key B. The chip's cipher is broken: this keeps
accidents away and no thief. What a card is worth is on the server.
"""

from ..drivers.pcsc import apdu
from ..errors import DeviceError
from .chip import Chip

FACTORY_KEY = b"\xff" * 6
OPEN_BITS = bytes.fromhex("FF0780")
"""As delivered: key A does everything."""
LOCKED_BITS = bytes.fromhex("787788")
"""Blocks: read by A or B, written by B. Trailer: keys and bits changed by B alone."""
USER_BYTE = b"\x69"
"""As delivered; means nothing."""


class MifareClassic(Chip):
    type = "mifare_classic_1k"
    unit = 16

    def __init__(self, card, uid, settings):
        super().__init__(card, uid, settings)
        self._first = settings.sector * 4

    def read(self):
        if not self._opens(apdu.KEY_A, FACTORY_KEY):
            raise DeviceError(*apdu.refusal(apdu.SECURITY_NOT_SATISFIED))
        return b"".join(
            self.card.ask(apdu.read_block(self._first + index)) for index in range(3)
        )

    def open(self, keys):
        if not self._opens(apdu.KEY_A, FACTORY_KEY):
            raise DeviceError(*apdu.refusal(apdu.SECURITY_NOT_SATISFIED))
        bits = self._access_bits()
        is_open = bits == OPEN_BITS or (
            bits == LOCKED_BITS
            and "key_b" in keys
            and self._opens(apdu.KEY_B, keys["key_b"])
        )
        if not is_open:
            raise DeviceError(*apdu.refusal(apdu.SECURITY_NOT_SATISFIED))

    def write_unit(self, index, data):
        self.card.ask(apdu.update_block(self._first + index, data))

    def is_locked(self, keys):
        return self._access_bits() == LOCKED_BITS

    def lock(self, keys):
        if "key_b" not in keys:
            raise DeviceError("bad_request", "The order lacks the key “key_b”.")
        if not self.is_locked(keys):
            self._write_trailer(LOCKED_BITS, keys["key_b"])

    def unlock(self):
        self._write_trailer(OPEN_BITS, FACTORY_KEY)

    def _write_trailer(self, bits, key_b):
        trailer = FACTORY_KEY + bits + USER_BYTE + key_b
        self.card.ask(apdu.update_block(self._first + 3, trailer))

    def _access_bits(self):
        return self.card.ask(apdu.read_block(self._first + 3))[6:9]

    def _opens(self, key_type, key):
        """Try a key; after a wrong one the chip is silent until it is reset."""
        is_kept = not self.card.transmit(apdu.load_key(key)).is_ok
        if is_kept:  # readers such as OMNIKEY 5321 have no volatile memory for keys
            self.card.ask(apdu.load_key(key, is_kept=True))
        response = self.card.transmit(apdu.authenticate(self._first, key_type))
        if is_kept and key != FACTORY_KEY:
            self.card.ask(apdu.load_key(FACTORY_KEY, is_kept=True))
        if response.is_ok:
            return True
        if response.sw not in (apdu.FAILED, apdu.SECURITY_NOT_SATISFIED):
            raise DeviceError(*apdu.refusal(response.sw))
        self.reset()
        return False


class MifareClassic4K(MifareClassic):
    """Its first 32 sectors are those of a 1K."""

    type = "mifare_classic_4k"
