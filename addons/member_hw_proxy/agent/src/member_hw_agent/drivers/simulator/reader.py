"""`simulator.reader`: a card reader and writer whose cards are told to be there."""

import hashlib

from ...card import member_application
from ...errors import DeviceError
from ...events import CARD, CARD_REMOVED, SCAN
from ...masking import masked
from ...values import CARD_READ, CARD_WRITE, SETUP, Action, CardSeen, Written
from .device import SimulatedDevice

CAPACITY = 48
ORDER = {"properties": {"order": {"format": "order"}}, "required": ["order"]}
UID = {"type": "string", "pattern": "(?:[0-9A-F]{2}){4,10}"}


class SimulatedReader(SimulatedDevice):
    """Its cards keep what is written on them.

    `simulate {"tap": {"uid", "number", "medium", "type"}}` puts a card on it,
    `{"remove": true}` takes it away, `{"scan": code}` swipes or scans one.
    """

    kind = "simulator.reader"
    world = {"card": None, "contents": {}}
    simulated = {
        "tap": {
            "type": "object",
            "properties": {
                "uid": UID,
                "number": {"type": "string", "pattern": "[0-9]{4,32}"},
                "medium": {
                    "type": "string",
                    "enum": ["contactless", "contact_ic", "magnetic"],
                },
                "type": {"type": "string"},
            },
        },
        "remove": {"type": "boolean"},
        "scan": {"type": "string", "minLength": 1, "maxLength": 200},
    }

    def actions(self):
        return {
            **super().actions(),
            "inspect": Action(self.inspect, CARD_READ),
            "write": Action(self.write, CARD_WRITE, schema=ORDER),
            "format": Action(self.format, CARD_WRITE, schema=ORDER),
            "verify": Action(self.verify, CARD_WRITE, schema=ORDER),
            "test": Action(lambda _params: {"ok": True}, SETUP),
        }

    def simulate(self, params):
        self.must_be_there()
        params = dict(params)
        card, scan = params.pop("tap", None), params.pop("scan", None)
        if params.pop("remove", False) and self.world["card"]:
            self.change(card=None)
            self.emit(CARD_REMOVED, None)
        if card is not None:
            self.change(card=card)
            self.emit(CARD, self.seen())
        if scan:
            self.emit(SCAN, scan)
        super().simulate(params)
        return {"card": masked(self.card_id()), "cards": len(self.world["contents"])}

    def inspect(self, _params):
        """Say what lies on the reader; the reading is sealed on its way."""
        self.must_work()
        if not self.world["card"]:
            return {"present": False}
        seen = self.seen()
        return {
            "present": True,
            "type": seen.type,
            "medium": seen.medium,
            "capacity": CAPACITY,
            "is_blank": not self.content(),
            "is_readable": True,
            "unfinished": None,
            "reading": seen,
            "masked": masked(seen.number or seen.uid),
        }

    def write(self, params):
        order = params["order"]
        self.must_be_right(order)
        if len(order.content) > CAPACITY:
            raise DeviceError("bad_request", "That is more than fits on the card.")
        if self.content() == order.content:
            return self.written(order, "same")
        self.must_work()
        self.change(
            contents={**self.world["contents"], self.card_id(): order.content.hex()}
        )
        return self.written(order, "written")

    def format(self, params):
        order = params["order"]
        self.must_be_right(order)
        self.must_work()
        contents = dict(self.world["contents"])
        contents.pop(self.card_id(), None)
        self.change(contents=contents)
        return self.written(order, "formatted")

    def verify(self, params):
        order = params["order"]
        self.must_be_right(order)
        self.must_work()
        if self.content() != order.content:
            raise DeviceError("verify_failed", "The card holds something else.")
        return self.written(order, "same")

    # === THE CARD === #

    def seen(self):
        card = self.world["card"]
        content = self.content()
        written = content and member_application.number_in(content)
        return CardSeen(
            uid=card.get("uid"),
            number=written or card.get("number"),
            medium=card.get("medium", "contactless"),
            type=card.get("type", "mifare_classic_1k"),
        )

    def card_id(self):
        card = self.world["card"] or {}
        return card.get("uid") or card.get("number") or ""

    def content(self):
        return bytes.fromhex(self.world["contents"].get(self.card_id(), ""))

    def must_be_right(self, order):
        self.must_be_there()
        if not self.world["card"]:
            raise DeviceError("no_card", "Put the card on the reader.")
        if order.uid and order.uid != self.world["card"].get("uid"):
            raise DeviceError("wrong_card", "This is another card than before.")

    def written(self, order, result):
        content = self.content()
        return {
            "result": result,
            "receipt": Written(
                request_key=order.request_key,
                op=order.op,
                uid=self.world["card"].get("uid"),
                content_sha256=hashlib.sha256(content).hexdigest() if content else "",
                result=result,
            ),
        }
