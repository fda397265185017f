"""What a printer answers when asked how it is, and what that means to people.

Source: Epson's ESC/POS reference, DLE EOT and GS r; Bixolon's SRP-350 and HPRT's TP80K
manuals give the same bits.
"""

from dataclasses import dataclass

from ...errors import DeviceError
from ...values import CONNECTED, ERROR, Status

PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4
QUESTIONS = (PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER)
ASK_PROCESSED = b"\x1dr\x01"
"""GS r 1: answered when everything sent before it has been taken out of the buffer."""

SENTENCES = {
    "cover_open": "The printer's cover is open. Close it, then print again.",
    "paper_out": "The printer has no paper. Put in a new roll, then print again.",
    "device_error": "The printer reports a fault, often a paper jam or a stuck knife. "
    "Switch it off, clear the paper, switch it on, then print again.",
    "offline": "The printer is off line. Look at its lights and press its feed button; "
    "if that does not help, switch it off and on.",
    "paper_low": "The paper is nearly used up. Have a new roll ready.",
}


def ask(question: int) -> bytes:
    """Return DLE EOT n, which is answered at once with one byte, even off line."""
    return b"\x10\x04" + bytes([question])


def is_answer(byte: int) -> bool:
    """Tell an answer to DLE EOT from whatever else the printer sends."""
    return byte & 0x93 == 0x12


def is_done(byte: int) -> bool:
    """Tell the answer to GS r, of which bit 4 is never set."""
    return byte & 0x90 == 0x00


@dataclass(frozen=True)
class PrinterStatus:
    """The four bytes that DLE EOT 1 to 4 were answered with."""

    printer: int = 0x12
    offline_cause: int = 0x12
    error_cause: int = 0x12
    paper: int = 0x12

    @property
    def code(self) -> str:
        """Return what keeps it from printing, paper_low, or nothing."""
        if self.offline_cause & 0x04:
            return "cover_open"
        if self.paper & 0x60 or self.offline_cause & 0x20:
            return "paper_out"
        if self.offline_cause & 0x40 or self.error_cause & 0x6C:
            return "device_error"
        if self.printer & 0x08:
            return "offline"
        return "paper_low" if self.paper & 0x0C else ""

    @property
    def drawer_pin_high(self) -> bool:
        """Return the level of pin 3 of its socket: open or shut, as the drawer is."""
        return bool(self.printer & 0x04)

    @property
    def can_print(self) -> bool:
        return self.code in ("", "paper_low")

    def as_status(self) -> Status:
        state = CONNECTED if self.can_print else ERROR
        return Status(state, self.code, SENTENCES.get(self.code, ""))

    def refuse(self, beforehand: str = "") -> None:
        """Raise if it cannot print; the sentence begins with `beforehand`."""
        if not self.can_print:
            message = f"{beforehand} {SENTENCES[self.code]}".strip()
            raise DeviceError(self.code, message)
