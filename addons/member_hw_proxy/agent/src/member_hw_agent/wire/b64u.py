"""base64url without padding (RFC 4648): one text for each sequence of bytes."""

import base64
import binascii
import re

from .error import WireError

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: object, length: int | None = None) -> bytes:
    """Return the bytes of `text`.

    :param length: how many bytes there must be, if that is known.
    :raise WireError: malformed: another alphabet, padding, stray bits at the end, or
        another length.
    """
    if not isinstance(text, str) or not _ALPHABET.fullmatch(text):
        raise WireError("malformed", "This is not base64url text.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise WireError("malformed", "This is not base64url text.") from None
    if encode(data) != text:
        raise WireError("malformed", "This base64url text has stray bits at its end.")
    if length is not None and len(data) != length:
        raise WireError("malformed", f"This should be {length} bytes long.")
    return data
