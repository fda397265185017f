"""`card.pcsc`: tells which card is on a reader, and writes the member application."""

import dataclasses

from ...card import member_application, writing
from ...errors import DeviceError
from ...journal import Journal, Memory
from ...masking import masked
from ...state import StateError
from ...values import (
    CARD_READ,
    CARD_WRITE,
    CONNECTED,
    DISCONNECTED,
    SETUP,
    Action,
    CardSeen,
    DeviceInfo,
    Status,
)
from ..base import Driver
from . import settings, transport
from .identify import content_of, identify, read_uid

WRITE_TIMEOUT_S = 20.0
FOUND = "is_found"
"""The option of a reader that no settings name: it is known by its id."""
ORDER = {"properties": {"order": {"format": "order"}}, "required": ["order"]}
REFUSALS = frozenset({"auth_failed", "unsupported", "verify_failed", "write_failed"})
RAW = {
    "properties": {
        "apdu": {"type": "string", "pattern": "(?:[0-9A-Fa-f]{2}){4,261}"},
    },
    "required": ["apdu"],
}
NO_IDENTITY = (
    "This card or phone shows a new number each time, so nobody is known by it: take"
    " another card."
)
NO_APPLICATION = "There is no member application on this chip: take another card."


class PcscReader(Driver):
    """One reader. A card is announced when it comes and when it goes.

    Nothing of a card is logged, and no command or answer.
    """

    kind = "card.pcsc"
    options_schema = settings.SCHEMA

    def __init__(self, info, emit):
        super().__init__(info, emit)
        if not info.options.get("reader") and FOUND not in info.options:
            raise DeviceError(
                "bad_request",
                "“reader” is missing: the reader's name, or a part of it, as"
                " `member-hw-agent list` shows it.",
            )
        self._settings = settings.Settings.of(info.options)
        self._is_announced = False
        self._journal = Journal(info.options.get("state") or Memory())
        self._service = None
        self._reader = None
        self._state = transport.UNAWARE
        self._slot = transport.Slot()
        self._status = Status(DISCONNECTED)

    @classmethod
    def discover(cls, options):
        try:
            with transport.Service() as service:
                names = service.reader_names()
        except DeviceError:
            return []
        return [
            DeviceInfo(
                stable_id,
                cls.kind,
                settings.title(name),
                {**options, FOUND: True},
            )
            for stable_id, name in usable(names, options).items()
        ]

    def open(self):
        self._service = transport.Service()
        self._reader = self._find_reader(self._service.reader_names())
        self._settings = settings.Settings.of(
            {**settings.profile_for(self._reader), **self.info.options}
        )
        self._state = transport.UNAWARE
        self._slot = transport.Slot()
        self._status = Status(CONNECTED)

    def close(self):
        service, self._service = self._service, None
        if service:
            service.close()
        self._slot = transport.Slot()
        self._take_away()
        self._status = Status(DISCONNECTED)

    def status(self):
        return self._status

    def wake(self):
        if service := self._service:
            service.cancel()

    def actions(self):
        actions = {
            "inspect": Action(self._inspect, CARD_READ),
            "verify": Action(self._verify, CARD_WRITE, schema=ORDER),
            "write": Action(self._write, CARD_WRITE, WRITE_TIMEOUT_S, ORDER),
            "format": Action(self._format, CARD_WRITE, WRITE_TIMEOUT_S, ORDER),
        }
        if self._settings.allow_raw:
            actions["transmit"] = Action(self._transmit, SETUP, schema=RAW)
        return actions

    def poll(self, timeout_s):
        before = self._slot
        self._state = self._service.wait(self._reader, self._state, timeout_s)
        self._slot = now = transport.slot(self._state)
        is_swapped = before.is_present and now.changes != before.changes
        if before.is_present and (is_swapped or not now.is_present):
            self._take_away()
            before = transport.Slot()
        if now.is_present and not before.is_present:
            self._announce(now)

    # === READER AND CARD === #

    def _find_reader(self, names):
        """Return the reader's name of today: the one named, or the one found before."""
        wanted = self.info.options.get("reader")
        if wanted:
            found = [name for name in names if wanted.lower() in name.lower()]
        else:
            name = usable(names, self.info.options).get(self.info.stable_id)
            found = [name] if name else []
        if not found:
            raise DeviceError(
                "no_device",
                f"The card reader {wanted or self.info.name} is not plugged in.",
            )
        return found[0]

    def _announce(self, slot):
        if slot.is_mute:
            self._status = Status(
                CONNECTED,
                "unsupported",
                "The card does not answer: turn it round, or take another kind.",
            )
            return
        try:
            with self._card() as card:
                chip, seen = identify(card, self._settings)
                content = content_of(chip)
        except DeviceError as error:
            if error.code in ("no_device", "device_error"):
                raise
            if error.code not in ("card_removed", "no_card"):
                self._status = Status(CONNECTED, error.code, str(error))
            return
        seen = with_number(seen, content)
        if seen.uid or seen.number:
            self._is_announced = True
            self.emit("card", seen)
        elif seen.medium == "contactless":
            self._status = Status(CONNECTED, "unsupported", NO_IDENTITY)
        elif content is None:
            self._status = Status(CONNECTED, "unsupported", NO_APPLICATION)

    def _take_away(self):
        if self._is_announced:
            self._is_announced = False
            self.emit("card_removed", None)
        self._status = Status(CONNECTED)

    def _card(self):
        if self._service is None:
            raise DeviceError("closed", "The card reader is closed.")
        return self._service.connect(self._reader)

    # === ACTIONS === #

    def _inspect(self, params):
        try:
            card = self._card()
        except DeviceError as error:
            if error.code == "no_card":
                return {"present": False}
            raise
        with card:
            chip, seen = identify(card, self._settings)
            content = content_of(chip)
        seen = with_number(seen, content)
        return {
            "present": True,
            "type": seen.type,
            "medium": seen.medium,
            "capacity": chip.capacity if content is not None else 0,
            "is_blank": content is not None and member_application.is_blank(content),
            "is_readable": content is not None,
            "unfinished": self._journal.unfinished(seen.uid),
            "reading": seen,
            "masked": masked(seen.number or seen.uid),
        }

    def _write(self, params):
        writing.area(params["order"].content)
        return self._with_chip(
            params["order"],
            lambda chip, order: writing.write(chip, order, self._journal),
        )

    def _format(self, params):
        return self._with_chip(
            params["order"],
            lambda chip, order: writing.erase(chip, order, self._journal),
        )

    def _verify(self, params):
        return self._with_chip(params["order"], writing.verify)

    def _with_chip(self, order, do):
        with self._card() as card:
            chip, seen = identify(card, self._settings)
            if chip is None:
                raise DeviceError(
                    "unsupported",
                    "This kind of card cannot be written: take another kind.",
                )
            card.will_be_opened()
            try:
                done = do(chip, order)
            except StateError as error:
                raise DeviceError("write_failed", str(error)) from error
            except DeviceError as error:
                if error.code in REFUSALS and not self._is_there(card, seen):
                    raise transport.card_removed() from error
                raise
        return {"receipt": done, "result": done.result}

    def _is_there(self, card, seen):
        """Tell whether the card refused, or is gone: some readers say the same then."""
        try:
            card.reset()
            return seen.uid is None or read_uid(card, self._settings) == seen.uid
        except DeviceError:
            return False

    def _transmit(self, params):
        with self._card() as card:
            response = card.transmit(bytes.fromhex(params["apdu"]))
        return {"data": response.data.hex().upper(), "sw": f"{response.sw:04X}"}


def usable(names: list[str], options: dict) -> dict[str, str]:
    """Return the readers that customers' cards are put on, by their stable ids."""
    return settings.stable_ids(
        [name for name in names if not settings.is_ignored(name, options)]
    )


def with_number(seen: CardSeen, content: bytes | None) -> CardSeen:
    """Add the number that the member application holds.

    Also where the UID tells the card: Odoo sees by both together that one was copied.
    """
    number = member_application.number_in(content) if content else None
    return dataclasses.replace(seen, number=number)
