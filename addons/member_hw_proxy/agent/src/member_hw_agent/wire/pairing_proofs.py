"""The arithmetic of pairing: a code typed by a person, and a key that no page sees.

Odoo's server and the agent agree on a secret by X25519; the browser carries the public
halves, and the code, which both know, proves that nobody put his own in between.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)

from .error import WireError
from .subkeys import CONTEXT, derive

CODE_LENGTH = 8
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_CODE = re.compile(f"[{_CODE_ALPHABET}]{{{CODE_LENGTH}}}", re.ASCII)


def new_code() -> str:
    """Return a code of 40 random bits as people read it: `ABCD-EFGH`."""
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def normalise_code(typed: object) -> str:
    """Return a typed code without dash and spaces, upper case, O as 0, I and L as 1.

    :raise WireError: malformed.
    """
    if isinstance(typed, str) and len(typed) <= 32:
        code = re.sub(r"[\s-]", "", typed).upper().translate(_LOOKALIKES)
        if _CODE.fullmatch(code):
            return code
    raise WireError("malformed", "A pairing code looks like ABCD-EFGH.")


def code_key(code: str) -> bytes:
    """Return the key that a code stands for, however it was typed."""
    return derive(normalise_code(code).encode("ascii"), CONTEXT + b"pair")


def request_proof(key: bytes, server_public: str, origin: str) -> bytes:
    """Return what shows that Odoo's side knows the code."""
    return _proof(key, "pair 1", server_public, origin)


def answer_proof(
    key: bytes,
    server_public: str,
    agent_public: str,
    agent_id: str,
    capability: str,
    origin: str,
) -> bytes:
    """Return what shows that the agent knows the code and gave these answers."""
    return _proof(
        key, "pair 2", server_public, agent_public, agent_id, capability, origin
    )


def _proof(key, *parts):
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class Agreement:
    """What the agent's half of the key exchange yields."""

    public: bytes
    secret: bytes


def agree(
    key: bytes,
    server_public: bytes,
    agent_id: str,
    origin: str,
    private: bytes | None = None,
) -> Agreement:
    """Return the agent's public key, and the secret shared with Odoo's server.

    :param key: the code's key, which salts the secret.
    :param private: only for test vectors.
    :raise WireError: malformed, a public key that leads nowhere.
    """
    own = (
        X25519PrivateKey.generate()
        if private is None
        else X25519PrivateKey.from_private_bytes(private)
    )
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(server_public))
    except ValueError:
        raise WireError("malformed", "This public key cannot be used.") from None
    return Agreement(
        public=own.public_key().public_bytes_raw(),
        secret=derive(
            shared,
            CONTEXT + b"secret " + agent_id.encode() + b" " + origin.encode(),
            salt=key,
        ),
    )
