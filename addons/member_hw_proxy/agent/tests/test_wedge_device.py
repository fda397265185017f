"""A grabbed keyboard: on the records that the kernel would hand over."""

import sys

import fake_evdev
import pytest

from member_hw_agent.drivers.evdev import KeyboardWedge
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import DeviceInfo

TYPED = [7, 3, 2, 11, 28]
"""6210 and Enter."""


@pytest.fixture
def keyboard(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "evdev", fake_evdev)
    keyboard = fake_evdev.Keyboard(tmp_path / "event0")
    yield keyboard
    keyboard.pull()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def make(heard):
    """Return a function that makes a driver, closed after the test."""
    made = []

    def make(**options):
        info = DeviceInfo("w", "input.evdev", "W", options)
        driver = KeyboardWedge(info, lambda kind, data: heard.append((kind, data)))
        made.append(driver)
        return driver

    yield make
    for driver in made:
        driver.close()


def refusal(ask):
    with pytest.raises(DeviceError) as refused:
        ask()
    return refused.value


def test_what_it_types_is_a_scan(keyboard, make, heard):
    driver = make(path=keyboard.path)
    driver.open()
    keyboard.type(TYPED)
    driver.poll(1)
    assert heard == [("scan", "6210")]
    driver.clock = lambda: driver._last_at + 2
    assert driver.test({})["last_scan_seconds_ago"] == 2


def test_a_code_without_enter_ends_by_itself(keyboard, make, heard):
    driver = make(path=keyboard.path, gap_s=0.02)
    driver.open()
    keyboard.type(TYPED[:-1])
    while not heard:
        driver.poll(5)
    assert heard == [("scan", "6210")]


def test_it_is_found_by_its_usb_ids(keyboard, make, heard):
    driver = make(usb="0C2E:0200")
    driver.open()
    keyboard.type(TYPED)
    driver.poll(1)
    assert heard == [("scan", "6210")]
    error = refusal(make(usb="1111:2222").open)
    assert error.code == "no_device"


def test_a_reader_that_another_program_took_is_told(keyboard, make):
    make(path=keyboard.path).open()
    error = refusal(make(path=keyboard.path).open)
    assert error.code == "busy"
    assert keyboard.path in str(error)


def test_a_pulled_reader_is_told_and_comes_back(keyboard, make, heard):
    driver = make(path=keyboard.path)
    driver.open()
    keyboard.pull()
    assert refusal(lambda: driver.test({})).code == "no_device"
    assert refusal(lambda: driver.poll(1)).code == "no_device"
    driver.close()
    assert refusal(driver.open).code == "no_device"
    keyboard.plug_in()
    driver.open()
    keyboard.type(TYPED)
    driver.poll(1)
    assert heard == [("scan", "6210")]


def test_no_keyboard_is_taken_unasked(make):
    assert refusal(make).code == "bad_request"
    assert list(KeyboardWedge.discover({})) == []
