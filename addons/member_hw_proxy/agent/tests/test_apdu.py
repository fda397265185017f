"""The bytes of commands, and what answers mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers.pcsc import apdu
from member_hw_agent.errors import CODES


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (apdu.get_uid(), "FFCA000000"),
        (apdu.load_key(b"\xa0\xa1\xa2\xa3\xa4\xa5"), "FF82000006A0A1A2A3A4A5"),
        (apdu.load_key(bytes(6), 1, is_kept=True), "FF82200106000000000000"),
        (apdu.authenticate(7, apdu.KEY_B), "FF860000050100076100"),
        (apdu.read_block(4), "FFB0000410"),
        (apdu.update_block(5, b"\x01\x02\x03\x04"), "FFD600050401020304"),
        (apdu.acs_exchange(b"\x60"), "FF00000003D44260"),
        (apdu.transparent_session(True), "FFC20000028100"),
        (apdu.transparent_session(False), "FFC20000028200"),
        (apdu.transparent_exchange(b"\x1b\x01"), "FFC200010495021B0100"),
        (apdu.select_application(b"\xf0\x01"), "00A4040002F001"),
        (apdu.select_file(1), "00A4020C020001"),
        (apdu.read_binary(16, 48), "00B0001030"),
        (apdu.update_binary(256, b"\xaa"), "00D6010001AA"),
        (apdu.verify(1), "00200001"),
        (apdu.verify(1, b"1234"), "002000010431323334"),
        (apdu.change_pin(1, b"1", b"2"), "00240001023132"),
        (apdu.get_data(0x0101), "00CA010100"),
        (apdu.get_response(11), "00C000000B"),
    ],
)
def test_commands(command, expected):
    assert command.hex().upper() == expected


@pytest.mark.parametrize(
    ("sw", "code", "words"),
    [
        (0x6982, "auth_failed", "take another card"),
        (0x6300, "auth_failed", "take another card"),
        (0x63C2, "auth_failed", "Tries left: 2."),
        (0x63C0, "blocked", "take another card"),
        (0x6983, "blocked", "take another card"),
        (0x6A82, "unsupported", "no member application"),
        (0x6581, "write_failed", "worn out"),
        (0x6B00, "unsupported", "too small"),
        (0x6D00, "unsupported", "6D00"),
    ],
)
def test_refusals_in_words(sw, code, words):
    said, sentence = apdu.refusal(sw)
    assert said == code
    assert words in sentence


@given(st.integers(0, 0xFFFF))
def test_every_refusal_has_a_code_and_says_what_to_do(sw):
    code, sentence = apdu.refusal(sw)
    assert code in CODES
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("sw", "left"),
    [(0x63C3, 3), (0x63C0, 0), (0x6983, 0), (0x6300, None), (0x9000, None)],
)
def test_tries_left(sw, left):
    assert apdu.Response(b"", sw).tries_left == left


@given(st.binary(min_size=2, max_size=300))
def test_any_answer_is_parsed(answer):
    response = apdu.parse(answer)
    assert response.data + response.sw.to_bytes(2, "big") == answer
    assert response.is_ok == (answer[-2:] == b"\x90\x00")


@given(st.binary(max_size=60))
def test_what_chips_say_through_a_reader_never_crashes(data):
    """A passed-through answer is the chip's, or None."""
    for response in (apdu.Response(data, apdu.OK), apdu.Response(data, apdu.FAILED)):
        for read in (apdu.acs_answer, apdu.transparent_answer):
            answer = read(response)
            assert answer is None or (response.is_ok and answer in data)


def test_passed_through_answers():
    ok = apdu.Response(bytes.fromhex("D543000004"), apdu.OK)
    assert apdu.acs_answer(ok) == b"\x00\x04"
    assert apdu.acs_answer(apdu.Response(b"\xd5\x43\x01", apdu.OK)) is None
    said = bytes.fromhex("C003009000 9702ABCD")
    assert apdu.transparent_answer(apdu.Response(said, apdu.OK)) == b"\xab\xcd"
    refused = bytes.fromhex("C003016401")
    assert apdu.transparent_answer(apdu.Response(refused, apdu.OK)) is None
