"""What Odoo and an agent seal for each other, past the browser that carries it.

No Odoo in here. The agent has its own half in `member_hw_agent/wire`; both run the
vectors in `agent/tests/vectors.json`. The browser sees neither a key nor what is
sealed: it can delay or repeat a message, so whoever takes one asks how old it is and
whether it came before.
"""

import base64
import binascii
import hmac
import json
import os
import re
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
DOMAIN = b"member-hw/1 "
KEY_BYTES = 32
NONCE_BYTES = 12
JTI_BYTES = 16
MAX_JTI = 64
LATEST = 2**53
"""Seconds; every date that both sides can tell is before."""
MAX_SEALED = 64 * 1024
"""Characters of a sealed message; a report of many devices is the longest."""
PURPOSES = frozenset({"reading", "order", "receipt", "report"})
CODE_LENGTH = 8
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011")
"""Crockford's base32 has no O, I and L: whoever reads one means a digit."""


class WireError(Exception):
    """What came is not what an agent of ours made; says neither why nor what it was."""


# === TEXT === #


def b64u(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str, length: int | None = None) -> bytes:
    """Read base64url without padding, of `length` bytes if given.

    :raise WireError: it is something else.
    """
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise WireError
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise WireError from error
    if b64u(data) != text or (length is not None and len(data) != length):
        raise WireError
    return data


def to_json(body: dict) -> bytes:
    """Write JSON as both sides do: UTF-8, compact, sorted keys."""
    return json.dumps(
        body, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def new_jti() -> str:
    """Return a name that no other message has."""
    return b64u(os.urandom(JTI_BYTES))


# === KEYS === #


def derive(key: bytes, info: bytes, salt: bytes | None = None) -> bytes:
    """Return 32 bytes of HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)


def subkey(secret: bytes, purpose: str) -> bytes:
    """Return the key of one purpose, derived from the secret of a pairing."""
    return derive(secret, DOMAIN + purpose.encode())


# === TOKENS === #


def mint_token(secret: bytes, payload: dict) -> str:
    """Return what the browser presents to the agent; the agent alone verifies it."""
    first = b64u(to_json(payload))
    return f"{first}.{b64u(_mac(subkey(secret, 'token'), first.encode()))}"


# === SEALED MESSAGES === #


def seal(
    secret: bytes, purpose: str, agent_id: str, body: dict, nonce: bytes | None = None
) -> str:
    """Encrypt `body` so that only the other end of this pairing reads or makes it.

    :param nonce: for the vectors; otherwise drawn anew.
    """
    return seal_bytes(
        subkey(secret, purpose), _aad(purpose, agent_id), to_json(body), nonce
    )


def open_sealed(secret: bytes, purpose: str, agent_id: str, text: str) -> dict:
    """Return the body of what was sealed for this purpose by this agent.

    Its `iat` and `jti` have their types; how old it is and whether it came before is
    for the caller.

    :raise WireError: it was not, or it was changed on its way.
    """
    data = open_bytes(subkey(secret, purpose), _aad(purpose, agent_id), text)
    try:
        body = json.loads(data)
    except ValueError as error:
        raise WireError from error
    if not isinstance(body, dict):
        raise WireError
    issued_at, jti = body.get("iat"), body.get("jti")
    if type(issued_at) is not int or not 0 <= issued_at <= LATEST:
        raise WireError
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI:
        raise WireError
    return body


def seal_bytes(key: bytes, aad: bytes, data: bytes, nonce: bytes | None = None) -> str:
    """Encrypt with AES-256-GCM."""
    nonce = nonce or os.urandom(NONCE_BYTES)
    return b64u(nonce + AESGCM(key).encrypt(nonce, data, aad))


def open_bytes(key: bytes, aad: bytes, text: str) -> bytes:
    """Decrypt what `seal_bytes` made.

    :raise WireError: another key, or it was changed.
    """
    if not isinstance(text, str) or len(text) > MAX_SEALED:
        raise WireError
    data = unb64u(text)
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError) as error:
        raise WireError from error


def _aad(purpose, agent_id):
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return DOMAIN + purpose.encode() + b" " + agent_id.encode()


# === PAIRING === #


def clean_code(text: str) -> str:
    """Return the eight characters of a code as somebody typed it.

    :raise WireError: it cannot be one.
    """
    code = re.sub(r"[\s-]", "", str(text or "")).upper().translate(ALIKE)
    if len(code) != CODE_LENGTH or set(code) - set(CODE_ALPHABET):
        raise WireError
    return code


def code_key(code: str) -> bytes:
    """Return the key that both sides make of the code that `pair` printed."""
    return derive(code.encode(), DOMAIN + b"pair")


def new_private_key() -> bytes:
    """Draw the server's half of one pairing."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """Return what the other side may see of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def request_proof(key: bytes, server_public: str, origin: str) -> str:
    """Show the agent that whoever asks has read the code; keys are base64url."""
    return _proof(key, "pair 1", server_public, origin)


def answer_proof(
    key: bytes,
    server_public: str,
    agent_public: str,
    agent_id: str,
    capability: str,
    origin: str,
) -> str:
    """Show the server that the agent answered that printed the code, and just that."""
    return _proof(
        key, "pair 2", server_public, agent_public, agent_id, capability, origin
    )


def pairing_secret(
    key: bytes, private: bytes, other_public: bytes, agent_id: str, origin: str
) -> bytes:
    """Return the secret that both sides share from now on.

    :raise WireError: the public key is none.
    """
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(other_public)
        )
    except ValueError as error:
        raise WireError from error
    info = DOMAIN + b"secret " + agent_id.encode() + b" " + origin.encode()
    return derive(shared, info, salt=key)


def is_same(one: str, other) -> bool:
    """Compare two proofs without telling how far they agree."""
    return isinstance(other, str) and hmac.compare_digest(one.encode(), other.encode())


def _proof(key, *parts):
    return b64u(_mac(key, "\n".join(parts).encode()))


def _mac(key, data):
    return hmac.new(key, data, sha256).digest()
