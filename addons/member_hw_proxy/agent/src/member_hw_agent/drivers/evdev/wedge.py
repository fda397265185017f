"""What a reader typed, from the keys that went down.

Source of the key codes: Linux's input-event-codes.h; they are places on a US keyboard,
which is what readers pretend to be.
"""

ENTER = frozenset({28, 96})
"""Enter, and the one of the number block."""
SHIFT = frozenset({42, 54})
CAPS_LOCK = 58
UP, DOWN, REPEAT = 0, 1, 2

ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
NUMBER_BLOCK = {
    **dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82), "7894561230", strict=True)),
    55: "*",
    74: "-",
    78: "+",
    83: ".",
    98: "/",
}
PLAIN = {first + i: char for first, row, _ in ROWS for i, char in enumerate(row)}
SHIFTED = {first + i: char for first, _, row in ROWS for i, char in enumerate(row)}
MAX_CODE = 200


class Wedge:
    """Puts codes together from single keys.

    A code ends with Enter, or when no key came for `gap_s`.

    :param min_length: shorter ones are dropped: a key that was touched.
    """

    def __init__(self, gap_s: float = 0.1, min_length: int = 3):
        self.gap_s = gap_s
        self.min_length = min_length
        self._reset()
        self._shift = set()
        self._caps = False

    def _reset(self):
        self._text = ""
        self._heard_at = None

    @property
    def is_waiting(self):
        """Tell whether a code has begun and not ended."""
        return self._heard_at is not None

    def feed(self, key: int, value: int, now: float) -> list[str]:
        """Take one key event at `now` (monotonic seconds); return whole codes.

        :param value: UP, DOWN or REPEAT; a reader never repeats, it is left out.
        """
        codes = self.tick(now)
        if key in SHIFT:
            (self._shift.discard if value == UP else self._shift.add)(key)
        elif value == DOWN:
            codes += self._press(key, now)
        return codes

    def _press(self, key, now):
        if key in ENTER:
            return self._finish()
        if key == CAPS_LOCK:
            self._caps = not self._caps
            return []
        char = self.char(key)
        if char:
            self._text = (self._text + char)[:MAX_CODE]
            self._heard_at = now
        return []

    def char(self, key):
        """Return what the key types, or nothing."""
        if key in NUMBER_BLOCK:
            return NUMBER_BLOCK[key]
        plain = PLAIN.get(key, "")
        is_shifted = bool(self._shift) != (self._caps and plain.isalpha())
        return SHIFTED.get(key, "") if is_shifted else plain

    def tick(self, now: float) -> list[str]:
        """Return the code that has ended because no key follows it."""
        if self.is_waiting and now - self._heard_at >= self.gap_s:
            return self._finish()
        return []

    def _finish(self):
        text = self._text
        self._reset()
        return [text] if len(text) >= self.min_length else []
