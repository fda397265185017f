"""A printer at a USB socket, found by its class and spoken to without a driver."""

import fake_usb
import pytest
import usb.backend.libusb1

from member_hw_agent.drivers.escpos import EscposPrinter
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import DeviceInfo
from tests.simulators.fake_printer import FakePrinter

SLIP = {"lines": [{"text": "余额 128.00"}] * 20}


@pytest.fixture
def printer():
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def device(printer):
    return fake_usb.Device("0483:5743", port=printer.port)


@pytest.fixture
def backend(device, monkeypatch):
    """A computer with a keyboard, a mouse and a printer."""
    keyboard = fake_usb.Device("046d:c31c", interface_class=3)
    backend = fake_usb.Backend(keyboard, device)
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: backend)
    return backend


@pytest.fixture
def driver(backend):
    driver = make()
    yield driver
    driver.close()


def make(**options):
    options = {"transport": "usb", **options}
    return EscposPrinter(DeviceInfo("r", "printer.escpos", "R", options), None)


def refusal(ask):
    with pytest.raises(DeviceError) as refused:
        ask()
    return refused.value


def test_it_prints_in_as_many_transfers_as_it_takes(driver, device, printer):
    driver.open()
    assert device.claimed
    assert not device.kernel_driver
    assert driver.print_text(SLIP) == {"printed": True, "warning": ""}
    assert printer.count("cut") == 1
    assert printer.faults == []
    driver.close()
    assert not device.claimed


def test_it_is_asked_for_paper_too(driver, printer):
    driver.open()
    printer.state = "paper_out"
    assert refusal(lambda: driver.print_text(SLIP)).code == "paper_out"


def test_only_the_wanted_printer_is_taken(backend, device):
    assert refusal(make(usb="04b8:0202").open).code == "no_device"
    wanted = make(usb="0483:5743")
    wanted.open()
    wanted.close()
    device.interface_class = 3
    assert refusal(make(usb="0483:5743").open).code == "no_device"


def test_a_printer_that_another_program_has_is_told(driver, device):
    device.busy = True
    error = refusal(driver.open)
    assert error.code == "busy"
    assert "other programs" in str(error)


def test_a_pulled_printer_is_told_and_comes_back(driver, backend, device, printer):
    driver.open()
    backend.devices.remove(device)
    assert refusal(lambda: driver.print_text(SLIP)).code == "offline"
    driver.close()
    assert refusal(driver.open).code == "no_device"
    backend.devices.append(device)
    driver.open()
    assert driver.print_text(SLIP)["printed"]


def test_a_printer_without_a_way_back_is_not_asked(driver, device, printer):
    device.endpoints = [fake_usb.BULK_OUT]
    driver.open()
    assert driver.print_text(SLIP)["printed"]
    printer.wait_for_cuts()
    assert printer.count("ask") == 0


def test_a_device_that_takes_nothing_is_refused(driver, device):
    device.endpoints = [fake_usb.BULK_IN]
    assert refusal(driver.open).code == "unsupported"


def test_a_computer_without_libusb_says_what_to_install(monkeypatch):
    for name in ("libusb1", "libusb0", "openusb"):
        module = __import__(f"usb.backend.{name}", fromlist=["get_backend"])
        monkeypatch.setattr(module, "get_backend", lambda: None)
    error = refusal(make().open)
    assert error.code == "unsupported"
    assert "libusb" in str(error)
