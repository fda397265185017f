"""Magnetic tracks as readers send them: `%track 1?;track 2?+track 3?`.

Sources: ISO/IEC 7811-2 (sentinels, check character, characters of 7 and 5 bits);
MagTek's RS-232 swipe reader manuals (what is sent around them, `E` for a track that
could not be read).
"""

from dataclasses import dataclass, field

STARTS = {"%": 1, ";": 2, "+": 3}
END = "?"
SEPARATOR = {1: "^", 2: "=", 3: "="}
BASE = {1: 0x20, 2: 0x30, 3: 0x30}
"""What is added to a character's value on the stripe to make ASCII."""
FRAME_ENDS = "\r\n\x03"
MAX_TRACK = 107
"""Characters of the longest track, the third, with its sentinels."""
ERROR = "E"


@dataclass
class Swipe:
    """One card drawn through: the tracks that were read, and those that were not."""

    tracks: dict[int, str] = field(default_factory=dict)
    """By number, without sentinels."""
    bad: set[int] = field(default_factory=set)

    @property
    def number(self) -> str | None:
        """Return the card number: of track 2, else 1. Names and dates are dropped."""
        for track in (2, 1, 3):
            if number := number_of(track, self.tracks.get(track, "")):
                return number
        return None


def number_of(track: int, text: str) -> str:
    """Return what stands before the first separator, without a format letter."""
    head = text.partition(SEPARATOR[track])[0].strip()
    if track == 1 and head[:1] == "B" and SEPARATOR[1] in text:
        head = head[1:]
    return head.replace(" ", "")


def check_character(track: int, text: str) -> str:
    """Return the LRC of a track, given with its sentinels.

    :raise ValueError: a character that no such track can hold.
    """
    total, most = 0, 0x3F if track == 1 else 0x0F
    for char in text:
        value = ord(char) - BASE[track]
        if not 0 <= value <= most:
            raise ValueError(char)
        total ^= value
    return chr(total + BASE[track])


class StripeReader:
    """Puts swipes together from bytes that arrive in any pieces.

    A swipe ends with CR, LF or ETX, or when nothing came for `gap_s`: some readers
    send no end at all.

    :param lrc: whether the reader sends the check character after each track; it
        cannot be told from what follows by looking.
    """

    def __init__(self, lrc: bool = False, gap_s: float = 0.15):
        self.lrc = lrc
        self.gap_s = gap_s
        self._reset()

    def _reset(self):
        self._swipe = Swipe()
        self._track = None
        self._text = ""
        self._wants_lrc = False
        self._heard_at = None

    @property
    def is_waiting(self):
        """Tell whether a swipe has begun and not ended."""
        return self._heard_at is not None

    def feed(self, data: bytes, now: float) -> list[Swipe]:
        """Take bytes that arrived at `now` (monotonic seconds); return whole swipes."""
        swipes = self.tick(now)
        for char in data.decode("ascii", "replace"):
            if char in FRAME_ENDS and not self._wants_lrc:
                swipes += self._finish()
            else:
                self._take(char)
                if self._track or self._swipe.tracks or self._swipe.bad:
                    self._heard_at = now
        return swipes

    def tick(self, now: float) -> list[Swipe]:
        """Return the swipe that has ended because nothing follows it."""
        if self.is_waiting and now - self._heard_at >= self.gap_s:
            return self._finish()
        return []

    def _take(self, char):
        if self._wants_lrc:
            self._wants_lrc = False
            self._end_track(char)
        elif self._track is None:
            if char in STARTS:
                self._track, self._text = STARTS[char], char
        elif char == END:
            self._text += char
            self._wants_lrc = self.lrc
            if not self.lrc:
                self._end_track(None)
        else:
            self._text += char
            if len(self._text) > MAX_TRACK:
                self._swipe.bad.add(self._track)
                self._track = None

    def _end_track(self, lrc):
        track, text, self._track = self._track, self._text, None
        body = text[1:-1]
        try:
            is_good = lrc == check_character(track, text) if self.lrc else bool(body)
        except ValueError:
            is_good = False
        if is_good and body not in ("", ERROR):
            self._swipe.tracks[track] = body
        else:
            self._swipe.bad.add(track)

    def _finish(self):
        """Return what has come, unless it was nothing; a track cut short is bad."""
        if self._track:
            self._swipe.bad.add(self._track)
        swipe = self._swipe
        self._reset()
        return [swipe] if swipe.tracks or swipe.bad else []
