"""Readers that type: what they typed, and nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers.evdev.wedge import (
    CAPS_LOCK,
    DOWN,
    PLAIN,
    REPEAT,
    SHIFTED,
    UP,
    Wedge,
)

ENTER, LEFT_SHIFT = 28, 42
KEYS = {char: (code, False) for code, char in PLAIN.items()}
KEYS |= {char: (code, True) for code, char in SHIFTED.items() if char != " "}
TYPEABLE = string.ascii_letters + string.digits + string.punctuation + " "


def presses(text):
    """Return the key events of a reader that types `text`, and Enter."""
    events = []
    for char in text:
        code, is_shifted = KEYS[char]
        events += [(LEFT_SHIFT, DOWN)] * is_shifted
        events += [(code, DOWN), (code, UP)]
        events += [(LEFT_SHIFT, UP)] * is_shifted
    return [*events, (ENTER, DOWN), (ENTER, UP)]


def typed(events, wedge=None, now=100.0, apart_s=0.005):
    wedge, codes = wedge or Wedge(min_length=1), []
    for event in events:
        codes += wedge.feed(*event, now)
        now += apart_s
    return codes + wedge.tick(now + 1)


@given(st.text(TYPEABLE, min_size=1, max_size=60))
def test_what_is_typed_is_read(text):
    assert typed(presses(text)) == [text]


def test_a_track_of_a_card_with_shift():
    assert typed(presses(";6210948800001234=4912?")) == [";6210948800001234=4912?"]


def test_the_number_block_counts():
    events = [(code, DOWN) for code in (77, 80, 79, 82, 96)]
    assert typed(events) == ["6210"]


def test_a_pause_ends_a_code():
    wedge = Wedge(gap_s=0.1)
    codes = [code for key in (7, 3, 2) for code in wedge.feed(key, DOWN, 100.0)]
    assert codes == []
    assert wedge.tick(100.05) == []
    assert wedge.feed(8, DOWN, 100.2) == ["621"]
    assert wedge.is_waiting


def test_enter_alone_and_a_touched_key_are_nothing():
    assert typed(presses(""), Wedge()) == []
    assert typed(presses("7"), Wedge()) == []


def test_a_key_held_down_is_one_key():
    assert typed([(7, DOWN), (7, REPEAT), (7, REPEAT), (7, UP)]) == ["6"]


def test_caps_lock_turns_letters_only():
    events = [(CAPS_LOCK, DOWN), (CAPS_LOCK, UP), *presses("ab1")]
    assert typed(events) == ["AB1"]


def test_other_keys_type_nothing():
    assert typed([(59, DOWN), (102, DOWN), *presses("621")]) == ["621"]


@given(st.lists(st.tuples(st.integers(0, 767), st.sampled_from([UP, DOWN, REPEAT]))))
def test_any_keys_break_nothing(events):
    assert all(code.isprintable() for code in typed(events))


@pytest.mark.parametrize("shift", [42, 54])
def test_both_shifts(shift):
    assert typed([(shift, DOWN), (30, DOWN), (shift, UP), (30, DOWN)]) == ["Aa"]
