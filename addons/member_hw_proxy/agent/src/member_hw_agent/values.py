"""What drivers, the supervisor and the server tell each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CONNECTED = "connected"
CONNECTING = "connecting"
DISCONNECTED = "disconnected"
ERROR = "error"

EVENTS = "events"
PRINT = "print"
DISPLAY = "display"
CARD_READ = "card.read"
CARD_WRITE = "card.write"
SETUP = "setup"
SCOPES = frozenset({EVENTS, PRINT, DISPLAY, CARD_READ, CARD_WRITE, SETUP})
"""What a token may allow; each action of a driver names the one that it needs."""


@dataclass(frozen=True)
class DeviceInfo:
    """A device that is there, or that the configuration names."""

    stable_id: str
    """The same after a restart, and when it is plugged into another socket."""
    driver: str
    """The entry point, such as `card.pcsc`."""
    name: str
    """For people: maker and model, or what the configuration calls it."""
    options: dict[str, Any] = field(default_factory=dict, compare=False)
    """What the profile and the configuration say. `state` is added by the supervisor:
    a State folder of this device's own, for a journal."""


@dataclass(frozen=True)
class Status:
    """How a device is: one of the four states, and a code and a sentence if not well.

    Codes are those of DeviceError, or paper_low, which is a warning of a device that
    works.
    """

    state: str
    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Action:
    """Something a device can do when asked over the wire.

    `run(params)` gets what `schema` (JSON Schema, objects of plain types) allows, and
    returns what JSON can carry; where a CardSeen or a Written stands as a value of the
    returned dictionary, the server puts a sealed reading or receipt in its place.
    It runs in the device's thread and raises DeviceError.
    The parameter of a card's write is described as `{"format": "order"}`: sealed on
    the wire, a WriteOrder when it comes here (schema.py).
    """

    run: Callable[[dict[str, Any]], Any]
    scope: str
    timeout_s: float = 10.0
    schema: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CardSeen:
    """A card on a reader. Never logged and never sent as it is: the server seals it.

    At least one of `uid` (upper-case hexadecimal, most significant byte first) and
    `number` (the digits of a card number) is there.
    """

    uid: str | None
    number: str | None
    medium: str
    """contactless, contact_ic or magnetic, as `member.card.medium` has them."""
    type: str
    """What was told apart: mifare_classic_1k, ntag, ultralight, iso7816, unknown …"""


@dataclass(frozen=True)
class WriteOrder:
    """What Odoo ordered to be written on one card; the server opened the seal."""

    request_key: str
    op: str
    """write or format."""
    uid: str | None
    """The card must have this UID; None for a card that has none (contact chip)."""
    content: bytes = field(repr=False)
    keys: dict[str, bytes] = field(repr=False)
    """Named by the driver: key_b, pwd, pin. Never logged."""


@dataclass(frozen=True)
class Written:
    """What is on the card now, read back: the server seals it as the receipt."""

    request_key: str
    op: str
    uid: str | None
    content_sha256: str
    """Hexadecimal; of the content read back, empty for a formatted card."""
    result: str
    """written, same (it was there already) or formatted."""
