"""What can be done with any chip that carries the member application."""

from abc import ABC, abstractmethod
from typing import ClassVar

from .member_application import LENGTH


class Chip(ABC):
    """One card on the reader, from now until it is taken away.

    The area of the member application is LENGTH bytes in units that are written at
    once. A chip that is *locked* is read by everybody and written by the order's keys
    alone; a new one is open. All methods raise DeviceError: card_removed at any time,
    auth_failed if the keys are not the card's, and what apdu.refusal says.
    """

    type: ClassVar[str]
    unit: ClassVar[int]
    """Bytes that are written at once; LENGTH is a multiple of it."""
    medium = "contactless"
    capacity = LENGTH
    """Bytes there is room for."""

    def __init__(self, card, uid: str | None, settings):
        """:param settings: a reader's, see drivers/pcsc/settings.py."""
        self.card = card
        self.uid = uid
        self.settings = settings

    @abstractmethod
    def read(self) -> bytes:
        """Return the whole area, without keys, as a till would read it.

        :raise DeviceError: auth_failed, it is locked by somebody else.
        """

    @abstractmethod
    def open(self, keys: dict[str, bytes]) -> None:
        """Make the area writable: with the order's keys, or as a new card.

        :raise DeviceError: auth_failed, blocked.
        """

    @abstractmethod
    def write_unit(self, index: int, data: bytes) -> None:
        """Write one unit of an open chip."""

    @abstractmethod
    def is_locked(self, keys: dict[str, bytes]) -> bool:
        """Tell whether an open chip is locked by these very keys.

        One that cannot be locked always is.
        """

    @abstractmethod
    def lock(self, keys: dict[str, bytes]) -> None:
        """Let nobody write without these keys; on an open chip."""

    @abstractmethod
    def unlock(self) -> None:
        """Make an open chip as new, its content apart."""

    def reset(self) -> None:
        """Forget what was opened, as if the card came anew."""
        self.card.reset()
