"""What drivers of devices behind one port have in common."""

from abc import abstractmethod
from typing import Protocol

from ..values import CONNECTED, CONNECTING, Status
from .base import Driver


class Port(Protocol):
    """What was opened; whatever else it can is between the driver and it."""

    def close(self) -> None: ...


class PortDriver(Driver):
    """A device that is there as long as its port is, and has no state besides."""

    def __init__(self, info, emit):
        super().__init__(info, emit)
        self._port: Port | None = None
        self._status = Status(CONNECTING)

    @abstractmethod
    def connect(self) -> Port:
        """Return the port, opened.

        :raise DeviceError: as `open`.
        """

    def open(self):
        self._port = self.connect()
        self._status = Status(CONNECTED)

    def close(self):
        port, self._port = self._port, None
        if port:
            port.close()

    def status(self):
        return self._status
