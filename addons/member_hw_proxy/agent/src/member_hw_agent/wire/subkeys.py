"""Keys for one purpose each, derived from the secret of a pairing (RFC 5869)."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CONTEXT = b"member-hw/1 "

TOKEN = "token"
READING = "reading"
ORDER = "order"
RECEIPT = "receipt"
REPORT = "report"


def derive(key: bytes, info: bytes, salt: bytes | None = None) -> bytes:
    """Return 32 bytes of HKDF-SHA256."""
    return HKDF(SHA256(), 32, salt, info).derive(key)


def subkey(secret: bytes, purpose: str) -> bytes:
    """Return the 32-byte key of `purpose`."""
    return derive(secret, CONTEXT + purpose.encode("ascii"))
