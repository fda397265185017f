"""The bytes that printers get, byte for byte."""

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from member_hw_agent.drivers.escpos import commands, picture
from member_hw_agent.drivers.escpos.document import Paper
from member_hw_agent.errors import DeviceError
from tests.simulators import escpos_paper

NARROW = Paper(dots=64, columns=8, band_rows=2)


def hexadecimal(text):
    return bytes.fromhex(text)


def test_the_drawer_is_kicked_for_a_tenth_of_a_second():
    assert commands.kick_drawer() == hexadecimal("1b 70 00 32 32")
    assert commands.kick_drawer(5, 50, 250) == hexadecimal("1b 70 01 19 7d")


def test_a_picture_goes_out_in_bands():
    rows = bytes(range(1, 7))
    assert commands.raster(rows, 2, band_rows=2) == hexadecimal(
        "1d 76 30 00 0200 0200 01 02 03 04  1d 76 30 00 0200 0100 05 06"
    )


def test_no_picture_opens_the_drawer_or_asks_anything():
    """Dots that spell a real-time command get one dot more."""
    rows = bytes.fromhex("10140100 01100400 10050010 14000000")
    band = commands.raster(rows, 4)
    assert band[8:] == bytes.fromhex("10150100 01100600 10070010 15000000")
    assert escpos_paper.read(band)[1] == b""


def test_a_qr_code_is_the_printer_s_own():
    assert commands.qr("会员".encode()) == hexadecimal(
        "1d 28 6b 0400 31 41 32 00"
        "1d 28 6b 0300 31 43 06"
        "1d 28 6b 0300 31 45 31"
        "1d 28 6b 0900 31 50 30 e4bc9a e59198"
        "1d 28 6b 0300 31 51 30"
    )


def test_a_barcode_has_its_text_below():
    assert commands.code128("62{1") == hexadecimal(
        "1d 68 50 1d 77 02 1d 48 02 1d 6b 49 07 7b 42 36 32 7b 7b 31"
    )


def test_a_slip_in_the_printer_s_own_chinese():
    slip = [
        {"text": "会员 ¥5", "align": "center", "bold": True, "size": 2},
        {"barcode": "62"},
        {"cut": True},
    ]
    paper = Paper(text_mode="gb18030")
    assert paper.text_job(slip) == hexadecimal(
        "1b40"  # initialize
        "1b6101 1d2111 1b4501 1c26 1c5701"  # centre, double, bold, Chinese, double
        "bbe1 d4b1 20 a3a4 35 0a"  # 会员 ￥5
        "1c2e 1d2100 1b4500 1b6100"  # as it was
        "1b6101 1d6850 1d7702 1d4802 1d6b49 04 7b42 3632 1b6100"
        "1d564200"  # one cut, not two
    )


def test_ascii_goes_out_as_text_and_the_rest_as_a_picture():
    paper = Paper(text_mode="ascii")
    assert b"Total 5.00\n" in paper.text_job([{"text": "Total 5.00"}])
    assert b"\x1dv0\x00" in paper.text_job([{"text": "合计 5.00"}])


def test_a_black_corner_is_the_first_bit():
    page = Image.new("L", (64, 4), 255)
    page.putpixel((0, 0), 0)
    page.putpixel((63, 2), 0)
    data = io.BytesIO()
    page.save(data, "PNG")
    job = NARROW.image_job(base64.b64encode(data.getvalue()).decode())
    assert job == hexadecimal(
        "1b40"
        "1d763000 0800 0200 8000000000000000 0000000000000000"
        "1d763000 0800 0100 0000000000000001"  # the white row below is not printed
        "1d564200"
    )


def test_without_a_knife_the_paper_is_fed():
    paper = Paper(has_cutter=False, feed_lines=4, text_mode="ascii")
    assert paper.text_job([{"text": "x"}]).endswith(hexadecimal("1b6404"))


@given(st.lists(st.text(max_size=200), max_size=5), st.sampled_from([1, 2, 3]))
def test_no_text_becomes_a_command(texts, size):
    """Names typed by anybody are printed, whatever they hold."""
    paper = Paper(text_mode="gb18030", columns=32)
    job = paper.text_job([{"text": text, "size": size} for text in texts])
    read, rest = escpos_paper.read(job)
    assert rest == b""
    known = {"initialize", "align", "size", "bold", "chinese", "chinese_size"}
    assert {one.name for one in read} <= known | {"text", "line_feed", "cut"}
    assert all(len(one.value) <= 32 // size for one in read if one.name == "text"), (
        "a line is wider than the paper"
    )


@pytest.mark.parametrize(
    "text", ["", "no base64!", "aGVsbG8=", "data:image/png;base64,iVBORw0KGgo="]
)
def test_what_is_no_picture_is_refused(text):
    with pytest.raises(DeviceError) as refused:
        NARROW.image_job(text)
    assert refused.value.code == "bad_request"


def test_a_picture_too_large_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    Image.new("1", (6000, 6000)).save(bomb, "PNG")
    with pytest.raises(DeviceError, match="too large"):
        picture.decode(base64.b64encode(bomb.getvalue()).decode())
