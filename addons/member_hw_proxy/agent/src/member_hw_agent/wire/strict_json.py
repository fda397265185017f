"""JSON as both halves write it, and a reader that takes nothing surprising."""

import json
import math
from typing import Any

from .error import WireError

MAX_DEPTH = 16
MAX_NODES = 20_000
"""More values than any honest message has; a picture is one value."""
MAX_INTEGER = 2**53 - 1
"""What JavaScript can hold exactly."""


def dumps(value: Any) -> bytes:
    """Return compact UTF-8 with sorted keys: the same bytes for the same value."""
    return json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode()


def loads(data: bytes | str) -> Any:
    """Return the value of `data`.

    :raise WireError: malformed: not UTF-8, not JSON, a name twice, a number that is
        not finite or beyond 2**53, half a surrogate pair, too deep or too many values.
    """
    try:
        text = data.decode() if isinstance(data, bytes) else data
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except WireError:
        raise
    except (ValueError, RecursionError):
        # A ValueError of json quotes what it read, which may be secret.
        raise WireError("malformed", "This is not valid JSON.") from None
    _check_tree(value)
    return value


def load_object(data: bytes | str) -> dict[str, Any]:
    """Return the JSON object in `data`.

    :raise WireError: malformed.
    """
    value = loads(data)
    if not isinstance(value, dict):
        raise WireError("malformed", "A JSON object was expected.")
    return value


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WireError("malformed", "A name stands twice in one JSON object.")
    return found


def _constant(_text):
    raise WireError("malformed", "Only finite numbers are JSON.")


def _float(text):
    number = float(text)
    if not math.isfinite(number):
        raise WireError("malformed", "Only finite numbers are taken.")
    return number


def _integer(text):
    if len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise WireError("malformed", "This number is too large.")
    return number


def _check_tree(value):
    level = [value]
    nodes = 0
    for _depth in range(MAX_DEPTH):
        nodes += len(level)
        if nodes > MAX_NODES:
            raise WireError("malformed", "This JSON has too many values.")
        below = []
        for node in level:
            if isinstance(node, str):
                _check_text(node)
            elif isinstance(node, list):
                below.extend(node)
            elif isinstance(node, dict):
                for name in node:
                    _check_text(name)
                below.extend(node.values())
        if not below:
            return
        level = below
    raise WireError("malformed", "This JSON is nested too deeply.")


def _check_text(text):
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise WireError("malformed", "This text is not valid Unicode.") from None
