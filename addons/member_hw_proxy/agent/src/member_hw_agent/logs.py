"""The log: plain lines for people, with numbers and UIDs masked whoever wrote them."""

import logging
import sys

from .masking import masked_text

QUIET = ("aiohttp.access", "PIL", "asyncio")


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, tracebacks included: their messages quote values."""

    def format(self, record):
        stamp = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        return f"{stamp} {record.levelname} {masked_text(text)}"


def level(verbose=False, is_service=False) -> int:
    """Return how much is told: a service tells what happens, a command its troubles."""
    if verbose:
        return logging.DEBUG
    return logging.INFO if is_service else logging.WARNING


def set_up(minimum=logging.INFO, stream=None):
    """Send the log to `stream` (the error output), where systemd keeps it."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(MaskingFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(minimum)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
