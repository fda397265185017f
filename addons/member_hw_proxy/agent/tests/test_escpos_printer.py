"""A printer in trouble: what the driver says, and what it never does."""

import os
import socket
import threading

import pytest
import receipts
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers.escpos import EscposPrinter, printer_status
from member_hw_agent.drivers.escpos import driver as escpos_driver
from member_hw_agent.errors import CODES, DeviceError
from member_hw_agent.values import CONNECTED, ERROR, DeviceInfo
from tests.simulators.fake_printer import TROUBLES, FakePrinter
from tests.simulators.pty_pair import PtyPair

SLIP = {"lines": [{"text": "余额 128.00"}]}
LONG = {"lines": receipts.SLIP * 3}


@pytest.fixture
def printer():
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def open_driver(printer):
    """Return a function that opens a driver on the printer, closed after the test."""
    drivers = []

    def open_driver(**options):
        where = {"transport": "network", "host": "127.0.0.1", "port": printer.port}
        info = DeviceInfo("r", "printer.escpos", "R", {**where, **options})
        driver = EscposPrinter(info, lambda kind, data: None)
        drivers.append(driver)
        driver.open()
        return driver

    yield open_driver
    for driver in drivers:
        driver.close()


def refusal(driver, action="print_text", params=SLIP):
    with pytest.raises(DeviceError) as refused:
        driver.actions()[action].run(params)
    return refused.value


@pytest.mark.parametrize(
    ("trouble", "code", "word"),
    [
        ("paper_out", "paper_out", "roll"),
        ("cover_open", "cover_open", "Close"),
        ("knife", "device_error", "jam"),
        ("offline", "offline", "off line"),
    ],
)
def test_a_printer_in_trouble_refuses_before_anything_is_printed(
    printer, open_driver, trouble, code, word
):
    driver = open_driver()
    printer.state = trouble
    error = refusal(driver)
    assert error.code == code
    assert word in str(error)
    assert printer.job() == b""
    assert driver.status().state == ERROR
    assert driver.status().code == code
    printer.state = "ok"
    assert driver.print_text(SLIP) == {"printed": True, "warning": ""}
    assert driver.status().state == CONNECTED


def test_little_paper_is_a_warning(printer, open_driver):
    driver = open_driver()
    printer.state = "paper_low"
    assert driver.print_text(SLIP) == {"printed": True, "warning": "paper_low"}
    assert driver.status().state == CONNECTED
    assert driver.status().code == "paper_low"


def test_paper_that_ends_in_the_midst_is_told(printer, open_driver):
    driver = open_driver()
    printer.out_after = 4000
    error = refusal(driver, params=LONG)
    assert error.code == "paper_out"
    assert str(error).startswith(escpos_driver.HALF_WAY)
    assert printer.job()


def test_a_printer_that_breaks_off_is_told(printer, open_driver):
    driver = open_driver()
    printer.close_after = 4000
    error = refusal(driver, params=LONG)
    assert error.code == "offline"
    assert str(error).startswith(escpos_driver.HALF_WAY)
    printer.close_after = None
    assert driver.print_text(SLIP)["printed"]


def test_a_mute_printer_is_told(printer, open_driver, monkeypatch):
    driver = open_driver()
    monkeypatch.setattr(escpos_driver, "ANSWER_S", 0.05)
    printer.state = "mute"
    error = refusal(driver)
    assert error.code == "timeout"
    assert "does not answer" in str(error)
    assert printer.job() == b""


def test_a_printer_that_may_be_mute_prints(printer, open_driver, monkeypatch):
    monkeypatch.setattr(escpos_driver, "ANSWER_S", 0.05)
    printer.state = "mute"
    driver = open_driver(answers="optional")
    for _again in range(2):
        assert driver.print_text(SLIP) == {"printed": True, "warning": ""}
    printer.wait_for_cuts(2)
    assert printer.count("ask") == 1, "asked once, then known to be mute"


def test_a_printer_that_never_answers_is_not_asked(printer, open_driver):
    driver = open_driver(answers="never")
    driver.print_text(SLIP)
    printer.wait_for_cuts()
    assert printer.count("ask") == 0


def test_one_that_never_says_done_is_waited_for_once(printer, open_driver, monkeypatch):
    monkeypatch.setattr(escpos_driver, "DONE_S", 0.05)
    printer.tells_done = False
    driver = open_driver()
    for _again in range(3):
        assert driver.print_text(SLIP)["printed"]
    assert printer.count("ask_paper") == 1


def test_a_missing_printer_is_told_with_its_address():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))  # nobody else may listen there meanwhile
        port = mute.getsockname()[1]
        where = {"transport": "network", "host": "127.0.0.1", "port": port}
        driver = EscposPrinter(DeviceInfo("r", "printer.escpos", "R", where), None)
        with pytest.raises(DeviceError, match=f"127.0.0.1, port {port}") as missing:
            driver.open()
    assert missing.value.code == "no_device"


def test_a_slow_printer_gets_all_of_it(printer, open_driver):
    driver = open_driver(timeout_s=2)
    printer.slow_s = 0.001
    driver.print_text({"lines": receipts.SLIP})
    assert printer.count("cut") == 1
    assert printer.faults == []


@pytest.mark.parametrize("state", ["ok", "paper_out", "cover_open", "mute"])
def test_the_drawer_opens_in_any_state(printer, open_driver, state):
    """Change must be given, paper or not."""
    driver = open_driver()
    printer.state = state
    driver.open_drawer({})
    printer.wait(lambda printer: printer.kicks, "a kick")
    assert printer.job() == bytes.fromhex("1b 70 00 32 32")


def test_the_drawer_s_pin_and_pulse_are_the_profile_s(printer, open_driver):
    open_driver(drawer_pin=5, drawer_on_ms=50, drawer_off_ms=100).open_drawer({})
    printer.wait(lambda printer: printer.kicks, "a kick")
    assert printer.job() == bytes.fromhex("1b 70 01 19 32")


def test_status_is_asked_now_and_tells_the_drawer(printer, open_driver):
    driver = open_driver()
    printer.state, printer.drawer_open = "cover_open", True
    told = driver.tell_status({})
    assert told["code"] == "cover_open"
    assert told["drawer_pin_high"] is True


def test_the_poll_tells_a_change(printer, open_driver):
    driver = open_driver(check_every_s=1)
    printer.state = "paper_low"
    driver._checked_at -= 10
    driver.poll(0)
    assert driver.status().code == "paper_low"


def test_each_job_has_a_connection_of_its_own(printer, open_driver):
    """Other tills print on the same printer."""
    driver = open_driver()
    before = printer.connections
    for _job in range(3):
        driver.print_text(SLIP)
        assert printer.is_free
    assert printer.connections == before + 3


@given(st.binary(min_size=4, max_size=4))
def test_any_answer_has_a_meaning(answer):
    status = printer_status.PrinterStatus(*answer)
    assert status.code in CODES | {"", "paper_low"}
    assert status.as_status().message or not status.code


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_usual_answer_is_told_from_other_bytes(trouble):
    answers = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12, **TROUBLES[trouble]}
    for byte in answers.values():
        assert printer_status.is_answer(byte)
        assert not printer_status.is_done(byte)


# === OTHER WAYS TO A PRINTER === #


def test_a_file_gets_what_the_network_would(printer, open_driver, tmp_path):
    open_driver().print_text(SLIP)
    path = tmp_path / "lp0"
    path.touch()
    info = DeviceInfo(
        "r", "printer.escpos", "R", {"transport": "file", "path": str(path)}
    )
    driver = EscposPrinter(info, None)
    driver.open()
    driver.print_text(SLIP)
    driver.close()
    assert path.read_bytes() == printer.job()


def test_a_file_is_never_made(tmp_path):
    """A wrong name is a missing printer, not a file that grows."""
    options = {"transport": "file", "path": str(tmp_path / "lp0")}
    driver = EscposPrinter(DeviceInfo("r", "printer.escpos", "R", options), None)
    with pytest.raises(DeviceError) as missing:
        driver.open()
    assert missing.value.code == "no_device"
    assert list(tmp_path.iterdir()) == []


def test_a_serial_printer_answers_too(printer, tmp_path):
    cable = PtyPair(tmp_path)
    options = {"transport": "serial", "port": cable.path, "baud": 115200}
    driver = EscposPrinter(DeviceInfo("r", "printer.escpos", "R", options), None)
    bridge = Bridge(cable, printer.port)
    try:
        driver.open()
        printer.state = "paper_out"
        assert refusal(driver).code == "paper_out"
        printer.state = "ok"
        assert driver.print_text(SLIP)["printed"]
        assert printer.count("cut") == 1
    finally:
        driver.close()
        bridge.close()
        is_free = cable.is_free()
        cable.close()
    assert is_free


class Bridge:
    """Copies between a serial cable and a fake printer."""

    def __init__(self, cable, port):
        self.slave = os.open(cable.path, os.O_RDWR | os.O_NOCTTY)
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.threads = [
            threading.Thread(target=self.run, args=one, daemon=True)
            for one in (
                (lambda: cable.received(1), self.socket.sendall),
                (lambda: self.socket.recv(4096), cable.write),
            )
        ]
        for thread in self.threads:
            thread.start()

    def run(self, read, write):
        try:
            while data := read():
                write(data)
        except (OSError, TypeError):
            return

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        os.close(self.slave)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"transport": "network"},
        {"transport": "file"},
        {"transport": "serial"},
        {"transport": "usb", "usb": "Epson"},
    ],
)
def test_options_that_name_no_printer_are_refused(options):
    with pytest.raises(DeviceError) as refused:
        EscposPrinter(DeviceInfo("r", "printer.escpos", "R", options), None)
    assert refused.value.code == "bad_request"
