"""`printer.escpos`: receipts, slips and the cash drawer."""

import contextlib
import dataclasses
import threading
import time

from ...errors import DeviceError
from ...values import CONNECTED, CONNECTING, PRINT, SETUP, Action, Status
from .. import serial_port
from ..base import Driver
from . import commands, printer_status, test_page
from .document import Paper
from .printer_status import PrinterStatus
from .transports import make_transport

MAX_LINES = 500
ANSWER_S = 2.0
"""DLE EOT is answered at once; what takes longer will not come."""
DONE_S = 10.0
"""A long receipt on a slow printer."""
HALF_WAY = "The receipt may not be printed to its end."
MAX_TEXT = 2000
LINE_SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": MAX_TEXT},
        "align": {"type": "string", "enum": ["left", "center", "right"]},
        "bold": {"type": "boolean"},
        "size": {"type": "integer", "minimum": 1, "maximum": 4},
        "qr": {"type": "string", "minLength": 1, "maxLength": 600},
        "barcode": {"type": "string", "pattern": "[ -~]{1,40}"},
        "cut": {"type": "boolean"},
    },
}
KEY = {"type": "string", "maxLength": 100}
IMAGE_SCHEMA = {
    "type": "object",
    "properties": {"image": {"type": "string", "minLength": 1}, "key": KEY},
    "required": ["image"],
}
TEXT_SCHEMA = {
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "items": LINE_SCHEMA,
            "minItems": 1,
            "maxItems": MAX_LINES,
        },
        "key": KEY,
    },
    "required": ["lines"],
}


class EscposPrinter(Driver):
    """A receipt printer, with a drawer at its socket.

    Before a job it is asked for paper, cover and faults, and refuses in words; after
    the job it is asked again, so that a receipt that stopped half way is reported.
    Whether a silent printer is an error is the profile's `answers`: `required` (it
    always answers), `optional` (many cheap ones never do; what they print cannot be
    known) or `never`.
    """

    kind = "printer.escpos"
    options_schema = {
        "type": "object",
        "properties": {
            **serial_port.OPTIONS,
            "transport": {
                "type": "string",
                "enum": ["network", "usb", "serial", "file"],
            },
            "host": {"type": "string", "minLength": 1},
            "port": {
                "anyOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "integer", "minimum": 1, "maximum": 65535},
                ]
            },
            "path": {"type": "string", "minLength": 1},
            "timeout_s": {"type": "number", "minimum": 0.1, "maximum": 60},
            "answers": {"type": "string", "enum": ["required", "optional", "never"]},
            "check_every_s": {"type": "number", "minimum": 1, "maximum": 3600},
            "drawer_pin": {"type": "integer", "enum": [2, 5]},
            "drawer_on_ms": {"type": "integer", "minimum": 2, "maximum": 510},
            "drawer_off_ms": {"type": "integer", "minimum": 2, "maximum": 510},
            "dots": {"type": "integer", "minimum": 64, "maximum": 1024},
            "columns": {"type": "integer", "minimum": 8, "maximum": 128},
            "text_mode": {"type": "string", "enum": ["raster", "gb18030", "ascii"]},
            "has_cutter": {"type": "boolean"},
            "has_qr": {"type": "boolean"},
            "has_barcode": {"type": "boolean"},
            "feed_lines": {"type": "integer", "minimum": 0, "maximum": 20},
            "band_rows": {"type": "integer", "minimum": 8, "maximum": 2000},
            "ink": {"type": "integer", "minimum": 1, "maximum": 255},
            "font": {"type": "string"},
        },
    }

    def __init__(self, info, emit):
        super().__init__(info, emit)
        options = info.options
        self.transport = make_transport(options)
        fields = {field.name for field in dataclasses.fields(Paper)}
        self.paper = Paper(**{k: v for k, v in options.items() if k in fields})
        self.answers = options.get("answers", "required")
        self.check_every_s = options.get("check_every_s", 10.0)
        self._is_silent = self.answers == "never"
        self._tells_done = True
        self._is_done = False
        self._status = Status(CONNECTING)
        self._checked_at = None
        self._woken = threading.Event()

    # === LIFE === #

    def open(self):
        self._is_silent = self.answers == "never"
        self._tells_done = True
        with self.connected():
            self._ask()

    def close(self):
        self.transport.close()

    def status(self):
        return self._status

    def poll(self, timeout_s):
        """Ask the printer how it is, every `check_every_s`."""
        due_in = self._checked_at + self.check_every_s - time.monotonic()
        if due_in > 0:
            self._woken.wait(min(timeout_s, due_in))
            self._woken.clear()
        else:
            with self.connected():
                self._ask()

    def wake(self):
        self._woken.set()

    @contextlib.contextmanager
    def connected(self):
        """Open the transport for one job or question, and translate its errors."""
        try:
            self.transport.open()
            yield
        except OSError as error:
            self.transport.close()
            raise DeviceError(
                "offline",
                "The connection to the printer was lost. Look at its cable and its "
                "lights, then print again.",
            ) from error
        finally:
            if not self.transport.stays_open:
                self.transport.close()

    # === STATUS === #

    def _ask(self):
        """Ask how the printer is and keep the answer.

        :raise DeviceError: timeout, it says nothing though it should.
        """
        answer = self._question_all()
        if answer is None:
            self._status = Status(CONNECTED)
        else:
            self._status = answer.as_status()
        self._checked_at = time.monotonic()
        return answer

    def _question_all(self) -> PrinterStatus | None:
        if self._is_silent or not self.transport.can_read:
            return None
        answers = []
        for question in printer_status.QUESTIONS:
            self.transport.write(printer_status.ask(question))
            byte = self._read_answer()
            if byte is None and self.answers == "optional" and not answers:
                self._is_silent = True
                return None
            if byte is None:
                raise DeviceError(
                    "timeout",
                    "The printer is connected but does not answer. Switch it off and "
                    "on; if it prints but never answers, set `answers` of this "
                    'printer to "never".',
                )
            answers.append(byte)
        return PrinterStatus(*answers)

    def _read_answer(self):
        """Return the next byte that is an answer, or None when the time is over."""
        until = time.monotonic() + ANSWER_S
        while (rest := until - time.monotonic()) > 0:
            found = [
                byte for byte in self._read(rest) if printer_status.is_answer(byte)
            ]
            if found:
                return found[-1]
        return None

    def _read(self, timeout_s):
        heard = self.transport.read(timeout_s)
        self._is_done |= any(map(printer_status.is_done, heard))
        return heard

    # === ACTIONS === #

    def actions(self):
        return {
            "print_image": Action(self.print_image, PRINT, 60.0, IMAGE_SCHEMA),
            "print_text": Action(self.print_text, PRINT, 60.0, TEXT_SCHEMA),
            "open_drawer": Action(self.open_drawer, PRINT, 15.0),
            "status": Action(self.tell_status, PRINT, 15.0),
            "test": Action(self.test, SETUP, 60.0),
        }

    def print_image(self, params):
        return self.print_job(self.paper.image_job(params["image"]))

    def print_text(self, params):
        return self.print_job(self.paper.text_job(params["lines"]))

    def test(self, _params):
        """Print a page that shows whether width, Chinese, codes and knife are right."""
        return self.print_job(
            self.paper.text_job(test_page.lines(self.info.name, self.paper))
        )

    def open_drawer(self, _params):
        """Pulse the drawer; done also without paper, as change must be given."""
        options = self.info.options
        with self.connected():
            self.transport.write(
                commands.kick_drawer(
                    options.get("drawer_pin", 2),
                    options.get("drawer_on_ms", 100),
                    options.get("drawer_off_ms", 100),
                )
            )
        return {"opened": True}

    def tell_status(self, _params):
        """Ask now; return code and sentence, and the level at the drawer's pin 3."""
        with self.connected():
            answer = self._ask()
        return {
            "state": self._status.state,
            "code": self._status.code,
            "message": self._status.message,
            "drawer_pin_high": answer.drawer_pin_high if answer else None,
        }

    def print_job(self, data: bytes):
        """Print, and return `{"printed": true, "warning": "paper_low" or ""}`.

        :raise DeviceError: paper_out, cover_open, offline, device_error, timeout,
            no_device; the sentence says if a part may be on paper already.
        """
        with self.connected():
            before = self._ask()
            if before:
                before.refuse()
            after = self._send(data)
        return {"printed": True, "warning": after.code if after else ""}

    def _send(self, data):
        """Send the job and wait until the printer took it out of its buffer."""
        try:
            self.transport.write(data)
            if self._is_silent or not self.transport.can_read:
                return None
            return self._wait_until_processed()
        except OSError as error:
            self.transport.close()
            raise DeviceError(
                "offline",
                f"{HALF_WAY} The printer broke off: look at its paper, its cable and "
                "its lights, then print again.",
            ) from error

    def _wait_until_processed(self) -> PrinterStatus:
        """Return how the printer is after the job.

        Printers that never say that they are done are not waited for a second time.
        """
        self._is_done = False
        until = time.monotonic() + (DONE_S if self._tells_done else 0.0)
        self.transport.write(printer_status.ASK_PROCESSED * self._tells_done)
        while True:
            rest = until - time.monotonic()
            if rest > 0 and not self._is_done:
                self._read(min(1.0, rest))
            after = self._ask()
            after.refuse(HALF_WAY)
            if self._is_done:
                return after
            if time.monotonic() >= until:
                self._tells_done = False
                return after
