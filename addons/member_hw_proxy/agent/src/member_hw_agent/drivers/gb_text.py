"""Text as Chinese printers and displays count it: in columns, which are GB18030 bytes.

A Latin character is one byte and one column wide, a Chinese one two of each. Printers
and displays know the one and two byte codes only, so nothing longer is ever made.
"""

import unicodedata

ENCODING = "gb18030"
REPLACEMENTS = {
    "\u00a0": " ",
    "\u00a5": "\uffe5",
    "\u20ac": "EUR",
    "\u2011": "-",
    "\u2013": "-",
    "\u202f": " ",
    "\u2212": "-",
}
"""What GB18030 has no two byte code for, and what stands for it. The yen sign is the
Chinese one, full width."""


def plain(text: str) -> str:
    """Return `text` of which every character is one or two bytes in GB18030.

    Controls are dropped, so that a name typed into a form can never become a command
    to a printer; what a device cannot show becomes a question mark.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(REPLACEMENTS.get(char, char) for char in text)
    return "".join(known(char) for char in text if unicodedata.category(char)[0] != "C")


def known(char: str) -> str:
    return char if len(char.encode(ENCODING)) <= 2 else "?"


def encode(text: str) -> bytes:
    """Return the bytes of `text`, as many as it has columns."""
    return plain(text).encode(ENCODING)


def columns(text: str) -> int:
    return len(encode(text))


def cut(text: str, width: int) -> str:
    """Return as much of `text` as fits `width` columns; no character is halved."""
    kept = []
    for char in plain(text):
        width -= columns(char)
        if width < 0:
            break
        kept.append(char)
    return "".join(kept)


def fit(text: str, width: int, align: str = "left") -> bytes:
    """Return exactly `width` bytes: `text` cut if it is too long, else padded.

    :param align: left, center or right.
    """
    data = encode(cut(text, width))
    return getattr(
        data, {"left": "ljust", "center": "center", "right": "rjust"}[align]
    )(width)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of `text`, none wider than `width` columns, at least one.

    Breaks at the last space of a line if there is one, else anywhere: Chinese has none.
    """
    lines = []
    for paragraph in text.split("\n"):
        rest = plain(paragraph)
        while columns(rest) > width:
            head = cut(rest, width)
            if not head:
                break
            space = -1 if rest[len(head)] == " " else head.rfind(" ")
            head = head[:space] if space > 0 else head
            lines.append(head.rstrip())
            rest = rest[len(head) :].lstrip()
        lines.append(rest)
    return lines
