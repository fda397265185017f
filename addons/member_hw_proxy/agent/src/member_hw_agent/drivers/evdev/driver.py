"""`input.evdev`: a reader or scanner that types, heard without a focused field."""

import time

from ...errors import DeviceError
from ...values import SETUP, Action
from ..port_driver import PortDriver
from .input_device import InputDevice
from .wedge import Wedge


class KeyboardWedge(PortDriver):
    """Emits `scan`. Never discovered: the only keyboard of a till must not be taken."""

    kind = "input.evdev"
    options_schema = {
        "type": "object",
        "properties": {
            "path": {"type": "string", "pattern": "/dev/input/.+"},
            "usb": {"type": "string", "pattern": "[0-9a-fA-F]{4}:[0-9a-fA-F]{4}"},
            "gap_s": {"type": "number", "minimum": 0.02, "maximum": 2},
            "min_length": {"type": "integer", "minimum": 1, "maximum": 50},
        },
    }
    clock = staticmethod(time.monotonic)

    def __init__(self, info, emit):
        super().__init__(info, emit)
        options = info.options
        if not options.get("path") and not options.get("usb"):
            raise DeviceError(
                "bad_request",
                'Say which reader: `path` ("/dev/input/by-id/…-event-kbd") or `usb` '
                '("0c2e:0200").',
            )
        self._wedge = Wedge(options.get("gap_s", 0.1), options.get("min_length", 3))
        self._last_at = None

    def connect(self):
        return InputDevice(self.info.options)

    def poll(self, timeout_s):
        """Wait for a code.

        :raise DeviceError: no_device, the reader was unplugged.
        """
        if self._wedge.is_waiting:
            timeout_s = min(timeout_s, self._wedge.gap_s)
        try:
            keys = self._port.read(timeout_s)
        except OSError as error:
            raise gone() from error
        now = self.clock()
        codes = self._wedge.tick(now)
        for key, value in keys:
            codes += self._wedge.feed(key, value, now)
        for code in codes:
            self._last_at = now
            self.emit("scan", code)

    def wake(self):
        port = self._port
        if port:
            port.wake()

    def actions(self):
        return {"test": Action(self.test, SETUP, 5.0)}

    def test(self, _params):
        """Tell when it last read something.

        :raise DeviceError: no_device, it was unplugged.
        """
        try:
            self._port.check_there()
        except OSError as error:
            raise gone() from error
        ago = None if self._last_at is None else round(self.clock() - self._last_at, 1)
        return {"last_scan_seconds_ago": ago}


def gone():
    return DeviceError("no_device", "The reader is gone. Plug its cable in.")
