"""Typed access to the fields of a parsed message."""

from collections.abc import Mapping
from typing import Any

from .error import WireError


def text(
    body: Mapping[str, Any], name: str, *, longest: int = 256, empty: bool = False
) -> str:
    """Return the text field `name`.

    :raise WireError: malformed, naming the field and never quoting its value.
    """
    value = body.get(name)
    if not isinstance(value, str) or len(value) > longest or not (value or empty):
        raise WireError("malformed", f"The field “{name}” is missing or wrong.")
    return value


def optional_text(
    body: Mapping[str, Any], name: str, *, longest: int = 256
) -> str | None:
    return None if body.get(name) is None else text(body, name, longest=longest)


def integer(body: Mapping[str, Any], name: str) -> int:
    """Return the whole number of zero or more in the field `name`.

    :raise WireError: malformed.
    """
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WireError("malformed", f"The field “{name}” is missing or wrong.")
    return value


def texts(body: Mapping[str, Any], name: str, *, most: int = 64) -> tuple[str, ...]:
    """Return the field `name`, a list of up to `most` texts that are not empty.

    :raise WireError: malformed.
    """
    value = body.get(name)
    if (
        not isinstance(value, list)
        or not 0 < len(value) <= most
        or not all(isinstance(one, str) and 0 < len(one) <= 256 for one in value)
    ):
        raise WireError("malformed", f"The field “{name}” is missing or wrong.")
    return tuple(value)


def hexadecimal(body: Mapping[str, Any], name: str, *, longest: int) -> bytes:
    """Return the bytes of the field `name`, at most `longest` of them.

    :raise WireError: malformed.
    """
    value = text(body, name, longest=2 * longest, empty=True)
    try:
        data = bytes.fromhex(value)
    except ValueError:
        data = None
    if data is None or data.hex() != value.lower():
        raise WireError("malformed", f"The field “{name}” is missing or wrong.")
    return data
