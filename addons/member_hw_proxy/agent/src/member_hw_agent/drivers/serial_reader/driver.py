"""`card.serial`: a card drawn through or held to a reader at a serial port."""

import time

from ...errors import DeviceError
from ...values import CONNECTED, SETUP, Action, CardSeen, Status
from .. import serial_port
from ..port_driver import PortDriver
from .frames import HexChecksumFrames, LengthBccFrames, LineFrames, reverse
from .stripe import StripeReader

FRAMINGS = ("stripe", "hex_checksum", "length_bcc", "line")


class SerialReader(PortDriver):
    """Emits `scan` (the number of a magnetic stripe or a line) or `card` (a UID).

    A card that stays on the reader, which many readers send again and again, is told
    once until it has been silent for `repeat_s`. A number is told each time, unless
    `repeat_s` is set: two of one article are scanned one after the other.
    """

    kind = "card.serial"
    options_schema = {
        "type": "object",
        "properties": {
            **serial_port.OPTIONS,
            "framing": {"type": "string", "enum": list(FRAMINGS)},
            "lrc": {"type": "boolean"},
            "gap_s": {"type": "number", "minimum": 0.02, "maximum": 2},
            "content": {"type": "string", "enum": ["number", "uid_hex", "uid_decimal"]},
            "uid_bytes": {"type": "integer", "minimum": 4, "maximum": 10},
            "reversed_uid": {"type": "boolean"},
            "repeat_s": {"type": "number", "minimum": 0, "maximum": 60},
        },
    }
    clock = staticmethod(time.monotonic)

    def __init__(self, info, emit):
        super().__init__(info, emit)
        options = info.options
        serial_port.check_options(options)
        self.framing = options.get("framing", "stripe")
        if self.framing not in FRAMINGS:
            raise DeviceError(
                "bad_request", f"`framing` must be one of: {', '.join(FRAMINGS)}."
            )
        tells_numbers = options.get("content", "number") == "number"
        is_scanner = self.framing == "line" and tells_numbers
        self.repeat_s = options.get("repeat_s", 0.0 if is_scanner else 1.5)
        self._parser = None
        self._seen = (None, 0.0)
        self._last_at = None

    def connect(self):
        return serial_port.open_port(self.info.options, 0.2)

    def open(self):
        super().open()
        self._parser = self.make_parser()

    def make_parser(self):
        options = self.info.options
        if self.framing == "stripe":
            return StripeReader(options.get("lrc", False), options.get("gap_s", 0.15))
        if self.framing == "line":
            return LineFrames(
                options.get("content", "number"), options.get("uid_bytes", 4)
            )
        if self.framing == "hex_checksum":
            return HexChecksumFrames()
        return LengthBccFrames()

    def poll(self, timeout_s):
        """Wait for a card.

        :raise DeviceError: no_device, the reader was unplugged.
        """
        is_stripe = self.framing == "stripe"
        if is_stripe and self._parser.is_waiting:
            timeout_s = min(timeout_s, self._parser.gap_s)
        try:
            data = serial_port.read_some(self._port, timeout_s)
        except OSError as error:
            raise gone() from error
        now = self.clock()
        if is_stripe:
            self._tell_swipes(self._parser.feed(data, now))
        else:
            self._tell_tags(self._parser.feed(data), now)

    def wake(self):
        serial_port.wake(self._port)

    def actions(self):
        return {"test": Action(self.test, SETUP, 5.0)}

    def test(self, _params):
        """Tell how the reader is set up, and when it last read a card.

        :raise DeviceError: no_device, it was unplugged.
        """
        try:
            serial_port.check_there(self._port)
        except OSError as error:
            raise gone() from error
        ago = None if self._last_at is None else round(self.clock() - self._last_at, 1)
        return {"framing": self.framing, "last_card_seconds_ago": ago}

    # === CARDS === #

    def _tell_swipes(self, swipes):
        for swipe in swipes:
            if swipe.number:
                self._last_at = self.clock()
                self._tell_good()
                self.emit("scan", swipe.number)
            else:
                self._tell_bad()

    def _tell_bad(self):
        """Say that the stripe was not read; said as long as the next swipe is bad."""
        self._status = Status(
            CONNECTED,
            "device_error",
            "The card could not be read. Draw it through again, evenly.",
        )
        self.emit("status", self._status)

    def _tell_good(self):
        if self._status.code:
            self._status = Status(CONNECTED)
            self.emit("status", self._status)

    def _tell_tags(self, tags, now):
        for tag in tags:
            key = tag.uid or tag.text
            known, at = self._seen
            self._seen = (key, now)
            if key == known and now - at < self.repeat_s:
                continue
            self._last_at = now
            if tag.uid is None:
                self.emit("scan", tag.text)
                continue
            uid = tag.uid
            if self.info.options.get("reversed_uid"):
                uid = reverse(uid)
            self.emit("card", CardSeen(uid, None, "contactless", tag.type))


def gone():
    return DeviceError("no_device", "The card reader is gone. Plug its cable in.")
