"""What a customer display gets, by profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent import config
from member_hw_agent.drivers.pole import PoleDisplay
from member_hw_agent.drivers.pole.commands import Display
from member_hw_agent.errors import DeviceError
from tests.simulators.pty_pair import PtyPair

UPPER, LOWER = "会员价 三体", "￥68.00"
ASCII = ("??? ??", "Y68.00")


@pytest.fixture
def cable(tmp_path):
    cable = PtyPair(tmp_path)
    yield cable
    cable.close()


@pytest.fixture
def open_pole(cable, tmp_path):
    """Return a function that opens a display of a profile, closed after the test."""
    opened = []

    def open_pole(profile, **options):
        table = {
            "id": "pole",
            "driver": "display.pole",
            "profile": profile,
            "port": cable.path,
            **options,
        }
        path = tmp_path / "config.toml"
        info = config.read(path, {"device": [table]}).devices[0]
        driver = PoleDisplay(info, lambda kind, data: None)
        opened.append(driver)
        driver.open()
        return driver

    yield open_pole
    for driver in opened:
        driver.close()


@pytest.mark.parametrize(
    ("profile", "begin", "before_rows", "shown"),
    [
        ("generic-2x20", "1b40 0c", ("0b", ""), (UPPER, LOWER)),
        ("epson-dm-d", "1b401f01 1f4300 0c", ("1f240101", "1f240102"), ASCII),
        ("cd5220", "1b401b11 1b5f00 0c", ("1b6c0101", "1b6c0102"), ASCII),
    ],
)
def test_two_rows_in_each_command_set(
    open_pole, cable, profile, begin, before_rows, shown
):
    driver = open_pole(profile)
    begin = bytes.fromhex(begin)
    assert cable.received(len(begin)) == begin
    driver.show({"lines": [UPPER, LOWER]})
    expected = b"".join(
        bytes.fromhex(before) + row.encode("gb18030").ljust(20)
        for before, row in zip(before_rows, shown, strict=True)
    )
    assert cable.received(len(expected)) == expected


def test_a_display_with_chinese_can_be_of_any_profile(open_pole, cable):
    driver = open_pole("epson-dm-d", encoding="gb18030")
    cable.received(8)
    driver.show({"lines": [UPPER]})
    assert UPPER.encode("gb18030") in cable.received(48)


def test_a_row_can_be_set_to_the_right(open_pole, cable):
    driver = open_pole("generic-2x20")
    cable.received(3)
    driver.show({"lines": ["Total", {"text": "￥128.50", "align": "right"}]})
    assert cable.received(41)[21:] == "            ￥128.50".encode("gb18030")


def test_clear_leaves_nothing(open_pole, cable):
    driver = open_pole("cd5220")
    cable.received(8)
    driver.clear({})
    assert cable.received(1) == b"\x0c"


def test_a_pulled_display_is_told(open_pole, cable):
    driver = open_pole("generic-2x20")
    cable.pull()
    for ask in (lambda: driver.poll(0), lambda: driver.show({"lines": ["x"]})):
        with pytest.raises(DeviceError) as gone:
            ask()
        assert gone.value.code == "no_device"


def test_a_port_in_use_is_told(open_pole):
    open_pole("generic-2x20")
    with pytest.raises(DeviceError) as busy:
        open_pole("generic-2x20")
    assert busy.value.code == "busy"


@given(st.lists(st.text(), max_size=5), st.sampled_from(["gb18030", "ascii"]))
def test_no_text_becomes_a_command(lines, encoding):
    """All rows are filled to their end, whatever is shown: nothing old stays."""
    display = Display(encoding=encoding, home=b"\x0b", position="")
    shown = display.show(lines)
    assert len(shown) == 1 + 2 * 20
    assert all(byte >= 0x20 for byte in shown[1:])


def test_a_display_needs_a_port():
    path_less = {"id": "pole", "driver": "display.pole"}
    with pytest.raises(config.ConfigError, match="`port`"):
        config.read(None, {"device": [path_less]})
