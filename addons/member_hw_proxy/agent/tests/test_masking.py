"""Nothing that tells a card or a person apart reaches the log."""

import io
import logging

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from member_hw_agent import logs
from member_hw_agent.masking import masked, masked_text


@pytest.mark.parametrize(
    "value, shown",
    [
        ("6210948800001234", "…1234"),
        ("04A1B2C3D4E5F6", "…E5F6"),
        ("1234567", "…4567"),
        ("123456", "…"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_last_four_are_shown(value, shown):
    assert masked(value) == shown


@pytest.mark.parametrize(
    "text, shown",
    [
        ("card 6210948800001234 seen", "card …1234 seen"),
        ("uid=04a1b2c3, done", "uid=…b2c3, done"),
        ("uid_04A1B2C3D4E5F6", "uid_…E5F6"),
        ("04 A1 B2 C3 D4", "…C3D4"),
        ("04:A1:B2:C3", "…B2C3"),
        ("ABCDEFAB", "…EFAB"),
        (";6210948800001234=99?", ";…1234=99?"),
        ("VIP00012345", "…2345"),
        ("POST /a2mZRDK_EoClY2pSd_nT3w/hw_proxy/hello", "POST /…/hw_proxy/hello"),
        ("port 8073 on 127.0.0.1, version 19.0.1.0.0", None),
        ("/dev/ttyUSB0 at 115200 baud; the facade faded", None),
    ],
)
def test_numbers_in_a_text_are_masked(text, shown):
    assert masked_text(text) == (text if shown is None else shown)


@given(st.from_regex(r"[0-9]{8,20}|(?:[0-9A-F]{2}){4,10}", fullmatch=True))
@example("00000000")
def test_no_number_or_uid_survives(secret):
    for text in (secret, f"uid={secret}", f"<{secret}>", f"读卡{secret}。"):
        assert secret not in masked_text(text)


@pytest.fixture
def log():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up(logs.level(verbose=True), stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_whoever_logs_is_masked(log):
    """Libraries too, arguments too, and the messages of exceptions."""
    logging.getLogger("some.library").warning("read %s", "04A1B2C3D4E5F6")
    try:
        int("no card 6210948800001234")
    except ValueError:
        logging.getLogger("member_hw_agent").exception("It failed")
    text = log.getvalue()
    assert "WARNING read …E5F6" in text
    assert "ValueError" in text
    assert "no card …1234" in text
    assert "04A1B2C3D4E5F6" not in text
    assert "6210948800001234" not in text


def test_a_command_tells_its_troubles_only():
    assert logs.level() == logging.WARNING
    assert logs.level(is_service=True) == logging.INFO
