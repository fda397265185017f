"""MIFARE Ultralight and NTAG21x: pages of four bytes, the latter with a password.

NXP, MF0ICU1 and NTAG213/215/216 data sheets (8.5, 8.8, 10). The password guards
writing only, so every till reads the card; without a limit of tries, for that would
let anybody spoil a card.
"""

from ..drivers.pcsc import apdu
from ..errors import DeviceError
from .chip import Chip
from .member_application import LENGTH

FIRST_PAGE = 4
FACTORY_PASSWORD = b"\xff" * 4
NO_PAGE = 0xFF
"""AUTH0 of a chip without a password."""
GET_VERSION = b"\x60"
PASSWORD = b"\x1b"
SIZES = {0x0F: (0x29, 144), 0x11: (0x83, 504), 0x13: (0xE3, 888)}
"""First page of the configuration and bytes for users, by the size byte of the version:
NTAG213, 215, 216."""
CONTAINER_SIZES = {0x12: 0x0F, 0x3E: 0x11, 0x6D: 0x13}
"""The same size byte by what the capability container (page 3) says."""


class Ultralight(Chip):
    """A plain one: nothing guards it but the server."""

    type = "ultralight"
    unit = 4

    def read(self):
        return b"".join(
            self.card.ask(apdu.read_block(page))
            for page in range(FIRST_PAGE, FIRST_PAGE + LENGTH // 4, 4)
        )

    def open(self, keys):
        pass

    def write_unit(self, index, data):
        self._write_page(FIRST_PAGE + index, data)

    def is_locked(self, keys):
        return True

    def lock(self, keys):
        pass

    def unlock(self):
        pass

    def _write_page(self, page, data):
        response = self.card.transmit(apdu.update_block(page, data))
        if response.is_ok:
            return
        code, message = apdu.refusal(response.sw)
        if code == "auth_failed":
            code, message = (
                "write_failed",
                "The card is locked and cannot be written any more: take another one.",
            )
        raise DeviceError(code, message)


class Ntag(Ultralight):
    """With a password, if the reader can hand one to the chip; open otherwise."""

    type = "ntag"

    def __init__(self, card, uid, settings, size):
        super().__init__(card, uid, settings)
        self._config, self.capacity = SIZES[size]
        self._password = None

    def open(self, keys):
        self._password = None
        if not self._is_guarded():
            return
        if self.settings.passthrough == "none":
            raise DeviceError(
                "unsupported",
                "This reader cannot open a card with a password: use another reader.",
            )
        for password in (keys.get("pwd"), FACTORY_PASSWORD):
            if password and self._opens(password):
                self._password = password
                return
        raise DeviceError(*apdu.refusal(apdu.SECURITY_NOT_SATISFIED))

    def is_locked(self, keys):
        if "pwd" not in keys or self.settings.passthrough == "none":
            return True
        return self._auth0() == FIRST_PAGE and self._password == keys["pwd"]

    def lock(self, keys):
        """Set the password first and what it guards last.

        So nobody is locked out, whenever the card leaves.
        """
        if self.is_locked(keys):
            return
        self._write_page(self._config + 2, keys["pwd"])
        self._write_page(self._config + 3, bytes(4))
        self._write_page(
            self._config + 1, bytes([0, *self._page(self._config + 1)[1:]])
        )
        self._set_auth0(FIRST_PAGE)

    def unlock(self):
        if not self._is_guarded():
            return
        self._set_auth0(NO_PAGE)
        self._write_page(self._config + 2, FACTORY_PASSWORD)

    def _is_guarded(self):
        return self._auth0() <= self._config + 3

    def _auth0(self):
        return self._page(self._config)[3]

    def _set_auth0(self, page):
        self._write_page(self._config, self._page(self._config)[:3] + bytes([page]))

    def _page(self, page):
        return self.card.ask(apdu.read_block(page))[:4]

    def _opens(self, password):
        if exchange(self.card, self.settings, PASSWORD + password):
            return True
        self.reset()
        return False


def exchange(card, settings, command: bytes) -> bytes | None:
    """Hand a command to the chip as it is; None if it refused or the reader cannot."""
    if settings.passthrough == "acs":
        return apdu.acs_answer(card.transmit(apdu.acs_exchange(command)))
    if settings.passthrough == "transparent":
        if not card.transmit(apdu.transparent_session(True)).is_ok:
            return None
        answer = apdu.transparent_answer(
            card.transmit(apdu.transparent_exchange(command))
        )
        card.transmit(apdu.transparent_session(False))
        return answer
    return None


def tell_apart(card, uid, settings) -> Ultralight:
    """Return the chip: readers call all of them Ultralight."""
    version = exchange(card, settings, GET_VERSION)
    if version and len(version) == 8 and version[2] == 4 and version[6] in SIZES:
        return Ntag(card, uid, settings, version[6])
    if version is None and settings.passthrough != "none":
        card.reset()
    container = card.ask(apdu.read_block(3))[:4]
    if container[0] == 0xE1 and container[2] in CONTAINER_SIZES:
        return Ntag(card, uid, settings, CONTAINER_SIZES[container[2]])
    return Ultralight(card, uid, settings)
