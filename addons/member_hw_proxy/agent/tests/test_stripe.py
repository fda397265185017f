"""Magnetic stripes, in whatever pieces they arrive."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers.serial_reader.stripe import (
    StripeReader,
    Swipe,
    check_character,
)

BOTH = b"%B6210948800001234^WANG/FANG^4912?;6210948800001234=4912?\r"
NUMBERS = st.text("0123456789", min_size=4, max_size=19)


def swipes(*pieces, lrc=False, apart_s=0.0):
    """Feed pieces `apart_s` one after the other; return all swipes, ended at last."""
    reader, now, found = StripeReader(lrc), 100.0, []
    for piece in pieces:
        found += reader.feed(piece, now)
        now += apart_s
    return found + reader.tick(now + 1)


def numbers(*pieces, **how):
    return [swipe.number for swipe in swipes(*pieces, **how)]


@pytest.mark.parametrize(
    "data",
    [
        BOTH,
        b";6210948800001234?\r",
        b";6210948800001234?",
        b"%6210948800001234?\r\n",
        b"%B6210948800001234^WANG^?",
        b"\x02%E?;6210948800001234=49?\r\x03",
        b"\x02;6210948800001234=4912?+0=0?\x03",
        b"noise;6210948800001234?",
    ],
)
def test_the_number_is_read(data):
    assert numbers(data) == ["6210948800001234"]


def test_track_two_is_believed_before_track_one():
    assert numbers(b"%B1111^X?;2222=9?\r") == ["2222"]


def test_name_and_date_are_not_in_the_number():
    [swipe] = swipes(BOTH)
    assert swipe.number == "6210948800001234"


@pytest.mark.parametrize("data", [b"%E?;E?\r", b";E?\r", b"%?;?\r", b";621094"])
def test_a_card_that_was_not_read_is_told_once(data):
    [swipe] = swipes(data)
    assert swipe.number is None
    assert swipe.bad


def test_two_cards_are_two():
    assert numbers(b";1111?\r;2222?\r") == ["1111", "2222"]
    assert numbers(b";1111?", b";2222?", apart_s=0.5) == ["1111", "2222"]


def test_two_tracks_with_a_moment_between_are_one_card():
    assert len(swipes(b"%B1111^X?", b";1111=49?", apart_s=0.1)) == 1


def test_a_track_that_never_ends_is_dropped():
    assert numbers(b";" + b"1" * 5000, b";2222?\r", apart_s=0.5) == [None, "2222"]


def test_the_check_character_of_the_standard():
    """Worked by hand: 11 ^ 1 ^ 2 ^ 3 ^ 15 is 4."""
    assert check_character(2, ";123?") == "4"


def test_a_good_check_character_is_swallowed_and_a_bad_one_spoils_the_track():
    assert numbers(b";123?4\r", lrc=True) == ["123"]
    assert numbers(b";123?5\r", lrc=True) == [None]
    assert numbers(b";12X?4\r", lrc=True) == [None]


@given(st.sampled_from([1, 2]), NUMBERS)
def test_any_check_character_is_read_even_if_it_is_a_sentinel(track, number):
    text = {1: f"%{number}?", 2: f";{number}?"}[track]
    data = (text + check_character(track, text) + "\r").encode()
    assert numbers(data, lrc=True) == [number]


@given(NUMBERS, st.lists(st.integers(0, len(BOTH)), max_size=6))
def test_any_pieces_make_the_same_swipe(number, cuts):
    data = BOTH.replace(b"6210948800001234", number.encode())
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    assert numbers(*pieces, apart_s=0.01) == [number]


@given(st.lists(st.binary(max_size=40), max_size=8), st.booleans())
def test_noise_breaks_nothing(pieces, lrc):
    """Whatever was heard before, the card drawn through after a pause is read."""
    reader = StripeReader(lrc)
    for at, piece in enumerate(pieces):
        reader.feed(piece, at * 0.01)
    reader.tick(10.0)
    assert not reader.is_waiting
    text = ";6210?"
    data = text + check_character(2, text) * lrc + "\r"
    assert [s.number for s in reader.feed(data.encode(), 11.0)] == ["6210"]


def test_a_swipe_without_tracks_has_no_number():
    assert Swipe().number is None
