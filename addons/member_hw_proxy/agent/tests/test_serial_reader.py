"""Readers at a serial port: frames, repeats, a cable that is pulled."""

from types import SimpleNamespace

import pytest
import serial.tools.list_ports
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers.serial_reader import SerialReader
from member_hw_agent.drivers.serial_reader.frames import (
    HexChecksumFrames,
    LengthBccFrames,
    LineFrames,
    xor,
)
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import CardSeen, DeviceInfo
from tests.simulators.pty_pair import PtyPair

EM4100 = bytes.fromhex("02 0a 02 06 00 8e 6d 5d b0 03")
"""The example of the reader's data sheet."""


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def cable(tmp_path):
    cable = PtyPair(tmp_path)
    yield cable
    cable.close()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def open_reader(cable, heard):
    """Return a function that opens a reader, closed after the test."""
    opened = []

    def open_reader(**options):
        info = DeviceInfo("r", "card.serial", "R", {"port": cable.path, **options})
        driver = SerialReader(info, lambda kind, data: heard.append((kind, data)))
        driver.clock = Clock()
        opened.append(driver)
        driver.open()
        return driver

    yield open_reader
    for driver in opened:
        driver.close()


def test_a_swipe_in_several_reads_is_one_scan(cable, open_reader, heard):
    driver = open_reader(framing="stripe")
    for piece in (b";62109", b"48800001", b"234=4912?", b"\r"):
        cable.write(piece)
        driver.poll(1)
    assert heard == [("scan", "6210948800001234")]


def test_a_swipe_without_an_end_is_told_after_a_pause(cable, open_reader, heard):
    driver = open_reader(framing="stripe")
    cable.write(b";6210?")
    driver.poll(1)
    assert heard == []
    driver.clock.now += 0.2
    driver.poll(1)
    assert heard == [("scan", "6210")]


def test_a_card_that_was_not_read_is_told_until_one_is(cable, open_reader, heard):
    driver = open_reader(framing="stripe")
    cable.write(b";E?\r")
    driver.poll(1)
    assert [kind for kind, _data in heard] == ["status"]
    assert "again" in driver.status().message
    cable.write(b";6210?\r")
    driver.poll(1)
    assert driver.status().code == ""
    assert heard[-1] == ("scan", "6210")


def test_a_tag_is_a_card_with_a_uid(cable, open_reader, heard):
    driver = open_reader(framing="length_bcc")
    cable.write(EM4100)
    driver.poll(1)
    assert heard == [("card", CardSeen("06008E6D5D", None, "contactless", "em4100"))]


def test_a_reader_that_turns_the_uid_round_is_turned_back(cable, open_reader, heard):
    driver = open_reader(framing="line", content="uid_hex", reversed_uid=True)
    cable.write(b"04A1B2C3\r\n")
    driver.poll(1)
    assert heard[0][1].uid == "C3B2A104"


def test_a_tag_that_stays_is_told_once(cable, open_reader, heard):
    driver = open_reader(framing="length_bcc", repeat_s=1.5)
    for _again in range(5):
        cable.write(EM4100)
        driver.poll(1)
        driver.clock.now += 1
    assert len(heard) == 1
    driver.clock.now += 2
    cable.write(EM4100)
    driver.poll(1)
    assert len(heard) == 2


def test_a_number_in_a_line_is_a_scan(cable, open_reader, heard):
    driver = open_reader(framing="line")
    cable.write(b"\x026210948800001234\r\n\x03")
    driver.poll(1)
    assert heard == [("scan", "6210948800001234")]


def test_two_of_one_article_are_two_scans(cable, open_reader, heard):
    driver = open_reader(framing="line")
    for _again in range(2):
        cable.write(b"4006381333931\r")
        driver.poll(1)
    assert heard == [("scan", "4006381333931")] * 2


def test_it_tells_when_it_last_read(cable, open_reader):
    driver = open_reader(framing="line")
    assert driver.test({})["last_card_seconds_ago"] is None
    cable.write(b"6210\r")
    driver.poll(1)
    driver.clock.now += 3
    assert driver.test({})["last_card_seconds_ago"] == 3


def test_a_pulled_reader_is_told_and_comes_back(cable, open_reader, heard):
    driver = open_reader(framing="line")
    cable.write(b"62")
    driver.poll(1)
    cable.pull()
    with pytest.raises(DeviceError) as gone:
        driver.poll(1)
    assert gone.value.code == "no_device"
    driver.close()
    with pytest.raises(DeviceError) as missing:
        driver.open()
    assert missing.value.code == "no_device"
    cable.plug_in()
    driver.open()
    cable.write(b"6210\r")
    driver.poll(1)
    assert heard == [("scan", "6210")], "half a number of before is forgotten"


@pytest.mark.parametrize("options", [{}, {"port": "COM3", "framing": "morse"}])
def test_wrong_options_are_refused(options):
    with pytest.raises(DeviceError) as refused:
        SerialReader(DeviceInfo("r", "card.serial", "R", options), None)
    assert refused.value.code == "bad_request"


@pytest.fixture
def plugged_in(monkeypatch, cable):
    """The USB adapters of this computer, by the port that each got."""
    ports = [
        SimpleNamespace(device="/dev/ttyS0", vid=None, pid=None, serial_number=None),
        SimpleNamespace(device=cable.path, vid=0x067B, pid=0x2303, serial_number="B"),
    ]
    monkeypatch.setattr(serial.tools.list_ports, "comports", lambda: ports)
    return ports


@pytest.mark.parametrize("more", [{}, {"serial_number": "B"}])
def test_a_reader_is_found_by_its_adapter(plugged_in, cable, open_reader, heard, more):
    """Also when the port has another name after it was plugged in again."""
    driver = open_reader(port="", usb="067B:2303", framing="line", **more)
    cable.write(b"6210\r")
    driver.poll(1)
    assert heard == [("scan", "6210")]


def test_another_adapter_is_not_taken(plugged_in, open_reader):
    for other in ({"usb": "1a86:7523"}, {"usb": "067b:2303", "serial_number": "A"}):
        with pytest.raises(DeviceError) as missing:
            open_reader(port="", **other)
        assert missing.value.code == "no_device"


# === FRAMES === #


@given(st.binary(min_size=5, max_size=5), st.booleans())
def test_hex_frames_are_read_if_their_checksum_is_right(uid, has_newline):
    digits = (uid + bytes([xor(uid)])).hex().upper().encode()
    frame = b"\x02" + digits + b"\r\n" * has_newline + b"\x03"
    assert [tag.uid for tag in HexChecksumFrames().feed(frame)] == [uid.hex().upper()]
    wrong = b"\x02" + digits[:-2] + b"%02X" % (xor(uid) ^ 1) + b"\x03"
    assert HexChecksumFrames().feed(wrong) == []


@given(st.binary(min_size=4, max_size=7), st.integers(0, 20), st.binary(max_size=5))
def test_length_frames_are_read_after_noise_and_in_pieces(uid, cut, noise):
    noise = noise.replace(b"\x02", b"")
    body = bytes([len(uid) + 5, 1]) + uid
    frame = b"\x02" + body + bytes([xor(body)]) + b"\x03"
    data, frames = noise + frame, LengthBccFrames()
    tags = frames.feed(data[:cut]) + frames.feed(data[cut:])
    assert [tag.uid for tag in tags] == [uid.hex().upper()]


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_noise_breaks_no_frames(pieces):
    for frames in (HexChecksumFrames(), LengthBccFrames(), LineFrames("uid_hex")):
        for piece in pieces:
            for tag in frames.feed(piece):
                assert bytes.fromhex(tag.uid)


@pytest.mark.parametrize(
    ("content", "text", "uid"),
    [
        ("uid_hex", "04a1b2c3", "04A1B2C3"),
        ("uid_decimal", "0009334109", "008E6D5D"),
        ("uid_hex", "04a1", None),
        ("uid_decimal", "99999999999", None),
    ],
)
def test_a_line_may_be_a_uid(content, text, uid):
    tags = LineFrames(content).feed(text.encode() + b"\r")
    assert [tag.uid for tag in tags] == ([uid] if uid else [])
