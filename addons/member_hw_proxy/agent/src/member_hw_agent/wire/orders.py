"""What Odoo orders to be done to a card, once the seal is open."""

import re
from dataclasses import dataclass

from ..values import WriteOrder
from . import fields
from .error import WireError
from .sealed import open_sealed
from .subkeys import ORDER
from .tokens import SKEW_S

OPERATIONS = frozenset({"write", "format"})
MAX_CONTENT = 4096
MAX_ORDER_S = 15 * 60
_UID = re.compile(r"(?:[0-9A-F]{2}){4,10}", re.ASCII)


@dataclass(frozen=True)
class SealedOrder:
    """An order and what guards it against being carried out twice."""

    order: WriteOrder
    jti: str
    issued_at: int
    expires_at: int


def open_order(secret: bytes, agent_id: str, text: object, now: float) -> SealedOrder:
    """Return the order in a sealed message that is still good.

    :raise WireError: malformed, bad_seal, clock, expired.
    """
    body = open_sealed(secret, ORDER, agent_id, text)
    op = fields.text(body, "op", longest=16)
    if op not in OPERATIONS:
        raise WireError("malformed", "This order is for nothing that is known.")
    uid = fields.optional_text(body, "uid", longest=20)
    if uid is not None and not _UID.fullmatch(uid):
        raise WireError("malformed", "The field “uid” is missing or wrong.")
    keys = body.get("keys")
    if not isinstance(keys, dict) or len(keys) > 16:
        raise WireError("malformed", "The field “keys” is missing or wrong.")
    issued_at = fields.integer(body, "iat")
    expires_at = fields.integer(body, "exp")
    if issued_at > now + SKEW_S:
        raise WireError(
            "clock",
            "The clock of this computer is behind that of Odoo's server: set the time.",
        )
    if now > min(expires_at, issued_at + MAX_ORDER_S):
        raise WireError("expired", "This order has expired: ask for a new one.")
    return SealedOrder(
        WriteOrder(
            request_key=fields.text(body, "card", longest=128),
            op=op,
            uid=uid,
            content=fields.hexadecimal(body, "content", longest=MAX_CONTENT),
            keys={name: fields.hexadecimal(keys, name, longest=64) for name in keys},
        ),
        jti=body["jti"],
        issued_at=issued_at,
        expires_at=expires_at,
    )
