"""What goes to Odoo through the browser is sealed here, what comes from it is opened.

A driver knows no pairing: it hands out CardSeen and Written as they are, and gets a
plain WriteOrder. They exist unsealed between the device's thread and this module only.
"""

import hashlib
import hmac
import secrets
from typing import Any

from .. import __version__
from ..errors import DeviceError
from ..events import CARD, SCAN, STATUS, Event
from ..masking import masked
from ..pairing import Pairing
from ..values import CardSeen, Written
from ..wire import b64u, sealed
from ..wire.error import WireError
from ..wire.orders import open_order
from ..wire.subkeys import READING, RECEIPT, REPORT, subkey
from ..wire.tokens import SKEW_S
from .context import Context

CHANGES = frozenset({"write", "format"})
"""Actions that change a card: their order must be for just that."""
_RUN = secrets.token_bytes(16)
"""Event ids begin anew in each run; with this they are told apart."""


def device_dict(state) -> dict[str, Any]:
    """Return what pages and Odoo learn of a device."""
    return {
        "id": state.id,
        "kind": state.kind,
        "driver": state.driver,
        "name": state.name,
        "state": state.state,
        "code": state.code,
        "message": state.message,
    }


class Sealer:
    """Seals for one pairing, and opens what that one sealed."""

    def __init__(self, context: Context, pairing: Pairing):
        self._context = context
        self._pairing = pairing
        self._agent_id = context.pairings.agent_id

    def event_data(self, event: Event) -> Any:
        """Return what a page may see of an event."""
        if event.kind == CARD:
            return self._card(event)
        if event.kind == SCAN:
            return {"code": event.data}
        if event.kind == STATUS:
            return {
                "state": event.data.state,
                "code": event.data.code,
                "message": event.data.message,
                "report": self.report(),
            }
        return None

    def report(self) -> str:
        """Return how all devices are, for Odoo, which takes no older one after it."""
        now = self._context.now()
        return self._seal(
            REPORT,
            {
                "at_ms": int(now * 1000),
                "agent": self._agent_id,
                "name": self._context.agent.config.name,
                "version": __version__,
                "devices": [
                    device_dict(one) for one in self._context.agent.supervisor.devices()
                ],
            },
            int(now),
        )

    def result(self, device: str, value: Any) -> Any:
        """Return an action's value with cards and receipts sealed."""
        if not isinstance(value, dict):
            return value
        return {name: self._sealed_value(device, item) for name, item in value.items()}

    def params(
        self, action: str, schema: dict[str, Any], params: dict[str, Any]
    ) -> dict[str, Any]:
        """Return an action's parameters with orders opened, each good for one time.

        :raise WireError: malformed, bad_seal, clock, expired, replayed.
        :raise DeviceError: bad_request: it is for another action.
        """
        described = schema.get("properties", {})
        return {
            name: self._opened(action, value)
            if described.get(name, {}).get("format") == "order"
            else value
            for name, value in params.items()
        }

    def _opened(self, action, text):
        found = open_order(
            self._pairing.secret, self._agent_id, text, self._context.now()
        )
        if action in CHANGES and found.order.op != action:
            raise DeviceError("bad_request", "This order is for another action.")
        kept_until = found.expires_at + SKEW_S
        if not self._context.orders.take((self._pairing.id, found.jti), kept_until):
            raise WireError(
                "replayed", "This order was sent before: ask Odoo for a new one."
            )
        return found.order

    def _sealed_value(self, device, value):
        if isinstance(value, CardSeen):
            return self._reading(device, value, int(self._context.now()), new_jti())
        if isinstance(value, Written):
            return self._seal(
                RECEIPT,
                {
                    "card": value.request_key,
                    "op": value.op,
                    "uid": value.uid,
                    "content_sha256": value.content_sha256,
                    "result": value.result,
                },
            )
        return value

    def _card(self, event):
        """Seal a tap as of when it happened, under one name for all open pages.

        So Odoo takes it for fresh, and takes it, once, however often it is replayed.
        """
        name = hmac.new(
            subkey(self._pairing.secret, READING),
            _RUN + event.id.to_bytes(8, "big"),
            hashlib.sha256,
        ).digest()
        card = event.data
        return {
            "reading": self._reading(
                event.device, card, int(event.at), b64u.encode(name[:16])
            ),
            "type": card.type,
            "masked": masked(card.number or card.uid),
        }

    def _reading(self, device, card, iat, jti):
        body = {
            "uid": card.uid,
            "number": card.number,
            "medium": card.medium,
            "type": card.type,
            "device": device,
        }
        return self._seal(READING, body, iat, jti)

    def _seal(self, purpose, body, iat=None, jti=None):
        stamped = {
            **body,
            "iat": int(self._context.now()) if iat is None else iat,
            "jti": jti or new_jti(),
        }
        return sealed.seal(self._pairing.secret, purpose, self._agent_id, stamped)


def new_jti() -> str:
    return b64u.encode(secrets.token_bytes(16))
