"""What every way to a printer can do. Every transport is closed in `finally`.

`open` and `close` frame one job for network and file, because other tills may share the
printer; a serial or USB printer stays open for as long as the driver does.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

PIECE = 1024
"""Bytes that any printer prints within the time-out: a second at 9600 baud."""


class Transport(ABC):
    stays_open: ClassVar[bool]
    can_read: ClassVar[bool] = True

    def __init__(self, options: dict):
        """Keep the options: `timeout_s`, and what the transport itself needs."""
        self.options = options
        self.timeout_s = options.get("timeout_s", 5.0)

    @abstractmethod
    def open(self) -> None:
        """Connect; does nothing if it is open.

        :raise DeviceError: no_device, busy.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go; may be called at any time, raises nothing."""

    def write(self, data: bytes) -> None:
        """Send all of `data`, as slowly as the printer takes it.

        :raise OSError: it took no piece for `timeout_s`; earlier ones may be printed.
        """
        for start in range(0, len(data), PIECE):
            self.write_piece(data[start : start + PIECE])

    @abstractmethod
    def write_piece(self, data: bytes) -> None: ...

    @abstractmethod
    def read(self, timeout_s: float) -> bytes:
        """Return what arrives first, or nothing when the time is over.

        :raise OSError: the connection is lost.
        """
