"""How a device is, as others see it."""

from dataclasses import dataclass, field
from typing import Any

from .errors import DeviceError
from .values import DISCONNECTED, ERROR, Status

AWAY = frozenset({"closed", "no_device", "offline"})
"""Codes of a device that is not there, rather than there and in trouble."""
KINDS = {"card": "reader", "input": "scanner"}


@dataclass(frozen=True)
class DeviceState:
    """A device as others see it: nothing secret, all of it plain JSON types."""

    id: str
    kind: str
    """reader, scanner, printer or display."""
    driver: str
    name: str
    state: str
    code: str
    message: str
    queue: int
    restarts: int
    stuck: list[str] = field(default_factory=list)
    """Names of threads that hang in the driver and were given up."""
    last_event: dict[str, Any] | None = None
    """`{"kind", "at"}`, at in seconds since 1970."""
    actions: dict[str, str] = field(default_factory=dict)
    """Scope by name of action."""


def failed(error: DeviceError) -> Status:
    state = DISCONNECTED if error.code in AWAY else ERROR
    return Status(state, error.code, str(error))


def kind_of(driver: str) -> str:
    """Return reader, scanner, printer or display."""
    family, _, model = driver.partition(".")
    return model if family == "simulator" else KINDS.get(family, family)
