"""Messages that pass through the browser and that it can neither read nor make.

`b64u(nonce + AES-256-GCM(body))` under the purpose's subkey; the purpose and the
agent's id are authenticated with it, so that no message can be passed off as another.
"""

import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import b64u, fields, strict_json
from .error import WireError
from .subkeys import CONTEXT, subkey

NONCE_LENGTH = 12
TAG_LENGTH = 16
MAX_LENGTH = 64 * 1024


def seal(
    secret: bytes,
    purpose: str,
    agent_id: str,
    body: dict[str, Any],
    nonce: bytes | None = None,
) -> str:
    """Return `body` sealed for `purpose`.

    :param body: with `iat` (Unix time) and `jti` (unique), like every sealed message.
    :param nonce: only for test vectors; never use one twice.
    """
    nonce = os.urandom(NONCE_LENGTH) if nonce is None else nonce
    assert len(nonce) == NONCE_LENGTH
    assert "iat" in body
    assert "jti" in body
    cipher = AESGCM(subkey(secret, purpose))
    text = cipher.encrypt(nonce, strict_json.dumps(body), _bound(purpose, agent_id))
    return b64u.encode(nonce + text)


def open_sealed(
    secret: bytes, purpose: str, agent_id: str, text: object
) -> dict[str, Any]:
    """Return the body of a sealed message; `iat` and `jti` have their types.

    How fresh it is and whether it came before is for the caller.

    :raise WireError: malformed, bad_seal.
    """
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise WireError("malformed", "This is not a sealed message.")
    data = b64u.decode(text)
    if len(data) < NONCE_LENGTH + TAG_LENGTH:
        raise WireError("malformed", "This is not a sealed message.")
    cipher = AESGCM(subkey(secret, purpose))
    try:
        plain = cipher.decrypt(
            data[:NONCE_LENGTH], data[NONCE_LENGTH:], _bound(purpose, agent_id)
        )
    except InvalidTag:
        raise WireError(
            "bad_seal", "This message was not sealed by the paired side."
        ) from None
    body = strict_json.load_object(plain)
    fields.integer(body, "iat")
    fields.text(body, "jti", longest=64)
    return body


def _bound(purpose, agent_id):
    return CONTEXT + purpose.encode("ascii") + b" " + agent_id.encode()
