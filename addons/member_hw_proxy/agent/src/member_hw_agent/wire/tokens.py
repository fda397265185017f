"""What Odoo lets one session do with the devices of one agent, carried by the browser.

`b64u(payload) + "." + b64u(HMAC-SHA256(subkey("token"), first part as ASCII))`.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from ..values import CARD_WRITE, SCOPES
from . import b64u, fields, strict_json
from .error import WireError
from .subkeys import TOKEN, subkey

VERSION = 1
MAX_LENGTH = 4096
SKEW_S = 30
"""How far the clocks of Odoo's server and of the till may be apart."""
MAX_PRESENT_S = 120
"""The longest time from being made to being presented that is ever accepted."""
MAX_GRANT_S = 12 * 3600
MAX_WRITE_GRANT_S = 15 * 60
ALL_DEVICES = "*"

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class Token:
    """A token whose signature was found right; `check` says whether it is good now."""

    audience: str
    user: int
    session: str
    devices: frozenset[str]
    scopes: frozenset[str]
    origin: str
    issued_at: int
    expires_at: int
    """Unix time by which it must be presented."""
    until: int
    """Unix time until which the connection may last."""
    jti: str

    def allows_device(self, device: str) -> bool:
        return ALL_DEVICES in self.devices or device in self.devices


def parse(token: object, secret: bytes) -> Token:
    """Return what a token says, once its signature is found right.

    :raise WireError: malformed, bad_signature.
    """
    if (
        not isinstance(token, str)
        or len(token) > MAX_LENGTH
        or not _SHAPE.fullmatch(token)
    ):
        raise WireError("malformed", "This is not a token.")
    signed, _dot, signature = token.partition(".")
    expected = hmac.new(
        subkey(secret, TOKEN), signed.encode("ascii"), hashlib.sha256
    ).digest()
    if not hmac.compare_digest(b64u.decode(signature), expected):
        raise WireError("bad_signature", "This token is not from the paired Odoo.")
    body = strict_json.load_object(b64u.decode(signed))
    if fields.integer(body, "v") != VERSION:
        raise WireError("malformed", "This token is of another version: update.")
    scopes = frozenset(fields.texts(body, "scp"))
    if not scopes <= SCOPES:
        raise WireError("malformed", "This token names a right that is not known.")
    return Token(
        audience=fields.text(body, "aud"),
        user=fields.integer(body, "sub"),
        session=fields.text(body, "sid"),
        devices=frozenset(fields.texts(body, "dev")),
        scopes=scopes,
        origin=fields.text(body, "org"),
        issued_at=fields.integer(body, "iat"),
        expires_at=fields.integer(body, "exp"),
        until=fields.integer(body, "til"),
        jti=fields.text(body, "jti", longest=64),
    )


def check(token: Token, *, agent_id: str, origin: str, now: float) -> None:
    """Refuse a token that is not for this agent, this page, or this moment.

    Whether it was presented before is for the caller's replay guard.

    :raise WireError: wrong_audience, wrong_origin, clock, expired, too_long.
    """
    if not hmac.compare_digest(token.audience.encode(), agent_id.encode()):
        raise WireError("wrong_audience", "This token is for another agent.")
    if not hmac.compare_digest(token.origin.encode(), origin.encode()):
        raise WireError("wrong_origin", "This token is for another Odoo address.")
    if token.issued_at > now + SKEW_S:
        raise WireError(
            "clock",
            "The clock of this computer is behind that of Odoo's server: set the time.",
        )
    if now > min(token.expires_at, token.issued_at + MAX_PRESENT_S) or (
        now >= token.until
    ):
        raise WireError(
            "expired",
            "This token has expired. If that happens again, compare the clock of this "
            "computer with that of Odoo's server.",
        )
    longest = MAX_WRITE_GRANT_S if CARD_WRITE in token.scopes else MAX_GRANT_S
    if token.until > token.issued_at + longest + SKEW_S:
        raise WireError("too_long", "This token allows too much for too long.")
