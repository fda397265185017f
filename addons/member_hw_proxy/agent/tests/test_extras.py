"""An agent without the extras: a device says what to install."""

import sys

import pytest

from member_hw_agent.drivers.escpos import EscposPrinter
from member_hw_agent.drivers.evdev import KeyboardWedge
from member_hw_agent.drivers.pole import PoleDisplay
from member_hw_agent.drivers.serial_reader import SerialReader
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import DeviceInfo

EXTRAS = ("barcode", "escpos", "evdev", "qrcode", "serial", "usb")


@pytest.mark.parametrize(
    ("cls", "options", "extra"),
    [
        (SerialReader, {"port": "COM3"}, "serial"),
        (PoleDisplay, {"port": "COM3"}, "serial"),
        (KeyboardWedge, {"path": "/dev/input/event0"}, "evdev"),
        (EscposPrinter, {"transport": "usb"}, "printer"),
        (EscposPrinter, {"transport": "serial", "port": "COM3"}, "serial"),
    ],
)
def test_the_device_says_what_to_install(monkeypatch, cls, options, extra):
    for name in EXTRAS:
        monkeypatch.setitem(sys.modules, name, None)
    driver = cls(DeviceInfo("x", cls.kind, "X", options), None)
    with pytest.raises(DeviceError, match=rf"member-hw-agent\[{extra}\]") as missing:
        driver.open()
    assert missing.value.code == "unsupported"
    driver.close()


def test_a_printer_without_codes_says_what_to_install(monkeypatch):
    for name in EXTRAS:
        monkeypatch.setitem(sys.modules, name, None)
    options = {"transport": "file", "path": "/dev/usb/lp0"}
    driver = EscposPrinter(
        DeviceInfo("x", "printer.escpos", "X", {**options, "has_qr": False}), None
    )
    with pytest.raises(DeviceError, match=r"member-hw-agent\[printer\]"):
        driver.print_text({"lines": [{"qr": "x"}]})
