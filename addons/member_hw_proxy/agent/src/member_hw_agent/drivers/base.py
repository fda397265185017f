"""What a driver is. Every driver runs agent/tests/test_driver_contract.py."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from ..values import Action, DeviceInfo, Status


class Driver(ABC):
    """One device, used by one thread: nothing here is called from two at once.

    The exceptions are `wake`, which any thread calls, and `status`, which must answer
    from what is known, without asking the device. Errors of libraries and of the
    device are translated into DeviceError here and nowhere else; anything else that is
    raised means a bug: the supervisor closes the driver and opens it again later.
    """

    kind: ClassVar[str]
    """The entry point's name: `card.pcsc`, `printer.escpos` …"""
    options_schema: ClassVar[dict[str, Any] | None] = None
    """JSON Schema (see schema.py) of what the configuration and the profiles may say
    about such a device: `{"properties": {…}, "required": […]}`. What is unknown or
    wrong is refused at the start, by file and key. None: the driver checks alone."""

    def __init__(self, info: DeviceInfo, emit: Callable[[str, Any], None]):
        """Keep what is given, touch no device.

        :param info: with the checked options of the configuration and its profile.
        :param emit: `emit(event_kind, data)`: card (CardSeen), card_removed (None),
            scan (str), status (Status). Callable from any thread.
        :raise DeviceError: bad_request, an option is missing or wrong; names it.
        """
        self.info = info
        self.emit = emit

    @classmethod
    def discover(cls, options: dict[str, Any]) -> Iterable[DeviceInfo]:
        """Return the devices that can be found without being named in the settings.

        Called every few seconds: cheap, no side effects, and empty, not an error, when
        the library or the service behind it is missing.
        """
        return ()

    @abstractmethod
    def open(self) -> None:
        """Connect.

        :raise DeviceError: no_device, busy, timeout …
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; may be called twice, and after a failed `open`."""

    @abstractmethod
    def status(self) -> Status:
        """Tell how the device is, as last seen; never blocks."""

    @abstractmethod
    def actions(self) -> dict[str, Action]:
        """Return what can be asked of the device, by name."""

    @abstractmethod
    def poll(self, timeout_s: float) -> None:
        """Wait up to `timeout_s` for the device, emit what it says.

        Returns early when `wake` is called. A device that never speaks just waits.
        """

    @abstractmethod
    def wake(self) -> None:
        """Make a running `poll` return soon; harmless when none runs."""
