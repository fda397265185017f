"""`display.pole`: what the customer reads beside the till."""

import dataclasses
import threading

from ...errors import DeviceError
from ...values import DISPLAY, Action
from .. import serial_port
from ..port_driver import PortDriver
from .commands import Display

MAX_LINES = 8
LINE_SCHEMA = {
    "anyOf": [
        {"type": "string", "maxLength": 200},
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "maxLength": 200},
                "align": {"type": "string", "enum": ["left", "center", "right"]},
            },
            "required": ["text"],
        },
    ]
}
SHOW_SCHEMA = {
    "type": "object",
    "properties": {
        "lines": {"type": "array", "items": LINE_SCHEMA, "maxItems": MAX_LINES}
    },
    "required": ["lines"],
}
BYTES = ("initialize", "clear_screen", "cursor_off", "home")
HEX = {"type": "string", "pattern": "([0-9a-f]{2})*"}


class PoleDisplay(PortDriver):
    """A display of two lines at a serial port, or at a USB port that is one.

    It never answers: that it is there is known only as far as its port is.
    """

    kind = "display.pole"
    options_schema = {
        "type": "object",
        "properties": {
            **serial_port.OPTIONS,
            "columns": {"type": "integer", "minimum": 8, "maximum": 80},
            "rows": {"type": "integer", "minimum": 1, "maximum": 4},
            "encoding": {"type": "string", "enum": ["gb18030", "ascii"]},
            "position": {"type": "string", "pattern": "([0-9a-f]{2}|{x}|{y})*"},
            **dict.fromkeys(BYTES, HEX),
            "timeout_s": {"type": "number", "minimum": 0.1, "maximum": 60},
        },
    }

    def __init__(self, info, emit):
        super().__init__(info, emit)
        options = dict(info.options)
        serial_port.check_options(options)
        for name in BYTES:
            if name in options:
                options[name] = bytes.fromhex(options[name])
        fields = {field.name for field in dataclasses.fields(Display)}
        self.display = Display(**{k: v for k, v in options.items() if k in fields})
        self._woken = threading.Event()

    def connect(self):
        options = self.info.options
        return serial_port.open_port(options, options.get("timeout_s", 2.0))

    def open(self):
        super().open()
        self._write(self.display.begin())

    def poll(self, timeout_s):
        """Look whether the port is still there: else a pulled cable stays unseen."""
        self._woken.wait(timeout_s)
        self._woken.clear()
        try:
            serial_port.check_there(self._port)
        except OSError as error:
            raise lost() from error

    def wake(self):
        self._woken.set()

    def actions(self):
        return {
            "show": Action(self.show, DISPLAY, 5.0, SHOW_SCHEMA),
            "clear": Action(self.clear, DISPLAY, 5.0),
            "test": Action(self.test, DISPLAY, 5.0),
        }

    def show(self, params):
        self._write(self.display.show(params["lines"]))
        return {"columns": self.display.columns, "rows": self.display.rows}

    def clear(self, _params):
        self._write(self.display.clear())
        return {}

    def test(self, _params):
        """Show a ruler and Chinese."""
        ruler = "".join(str(n % 10) for n in range(1, self.display.columns + 1))
        return self.show({"lines": [ruler, "欢迎光临 Welcome"]})

    def _write(self, data):
        try:
            self._port.write(data)
            self._port.flush()
        except OSError as error:
            raise lost() from error


def lost():
    return DeviceError("no_device", "The customer display is gone. Plug its cable in.")
