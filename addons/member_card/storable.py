"""Texts from outside, made such that the database and JSON can keep them."""

import re

NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
MAX_DEPTH = 16
"""No verb looks deeper into what it is given."""


def storable(value, depth=MAX_DEPTH):
    """Return `value` without what PostgreSQL refuses in its texts.

    That is NUL, and half a pair of surrogates: nobody types those, but a device sends
    the one, and a page that cuts a text after so many units leaves the other. Lists,
    tuples and dictionaries are looked into, keys as well.
    """
    if isinstance(value, str):
        return NOT_STORABLE.sub("", value)
    if not depth:
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(storable(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return {
            storable(name, 0): storable(each, depth - 1) for name, each in value.items()
        }
    return value
