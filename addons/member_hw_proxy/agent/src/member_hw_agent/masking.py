"""Numbers of cards and people, as a log or a screen may show them."""

import re

HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8,}(?![0-9A-Za-z])")
"""A UID or a key, which has at least four bytes."""
BYTES = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :-]){3,}[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?=(?:[A-Za-z]*\d){6})[0-9A-Za-z]{7,}(?![0-9A-Za-z])"
)
"""A card number, a phone number: letters may stand in it, six digits must."""
CAPABILITY = re.compile(r"/[A-Za-z0-9_-]{22}/hw_proxy")
PATTERNS = (BYTES, HEX, NUMBER)
SHOWN = 4


def masked(value: str | None) -> str:
    """Return the last four characters after an ellipsis; of a short one, nothing."""
    if not value:
        return ""
    return "…" + (value[-SHOWN:] if len(value) >= 2 * SHOWN - 1 else "")


def masked_text(text: str) -> str:
    """Mask all that looks like a UID, a key or a number in a text for the log."""
    text = CAPABILITY.sub("/…/hw_proxy", text)
    for pattern in PATTERNS:
        text = pattern.sub(lambda match: masked(re.sub(r"[ :-]", "", match[0])), text)
    return text
