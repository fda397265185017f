"""Reading numbers that a browser sends: only what the database can hold goes further.

Verbs answer malformed input as they answer input that is wrong; it is no fault of the
server. Texts are seen to by `member_card.storable`.
"""

MOST = 2**31 - 1
"""The largest number of a record, or of records."""


def is_number(value, least=0) -> bool:
    """Tell whether this is a whole number that can count or name records."""
    return type(value) is int and least <= value <= MOST


def record_id(value):
    """Return the id of a record that was sent, False when it is none."""
    return is_number(value, 1) and value
