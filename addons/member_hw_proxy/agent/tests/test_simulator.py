"""Simulated devices do what real ones do, and remember it over a restart."""

import base64
import hashlib
import json

import pytest

from conftest import PATIENCE_S
from member_hw_agent.drivers.simulator.display import SimulatedDisplay
from member_hw_agent.drivers.simulator.printer import SimulatedPrinter
from member_hw_agent.drivers.simulator.reader import SimulatedReader
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import CONNECTED, ERROR, CardSeen, DeviceInfo, WriteOrder

UID = "04A1B2C3D4E5F6"


@pytest.fixture
def heard():
    return []


@pytest.fixture
def make(state, heard):
    """Return a function that opens a simulated device."""

    def make(cls, **options):
        options["state"] = state.of_device(cls.kind)
        info = DeviceInfo(cls.kind, cls.kind, "Simulated", options)
        driver = cls(info, lambda kind, data: heard.append((kind, data)))
        driver.open()
        return driver

    return make


def order(content=b"member 1", uid=UID, key="line 1"):
    return {"order": WriteOrder(key, "write", uid, content, {"key_b": b"secret"})}


def refusal(call, *arguments):
    with pytest.raises(DeviceError) as refused:
        call(*arguments)
    return refused.value.code


# === READER === #


@pytest.fixture
def reader(make):
    reader = make(SimulatedReader)
    reader.simulate({"tap": {"uid": UID}})
    return reader


def test_a_card_is_seen_and_goes(reader, heard):
    reader.simulate({"remove": True})
    reader.simulate({"remove": True})
    card = CardSeen(UID, None, "contactless", "mifare_classic_1k")
    assert heard == [("card", card), ("card_removed", None)]
    assert reader.inspect({}) == {"present": False}
    assert refusal(reader.write, order()) == "no_card"


def test_a_card_keeps_what_is_written(reader, make):
    assert reader.inspect({})["is_blank"]
    done = reader.write(order())
    assert done["result"] == done["receipt"].result == "written"
    assert done["receipt"].content_sha256 == hashlib.sha256(b"member 1").hexdigest()
    again = make(SimulatedReader)
    found = again.inspect({})
    assert not found["is_blank"]
    assert found["masked"] == "…E5F6"
    assert again.write(order())["result"] == "same"
    assert again.verify(order())["result"] == "same"
    assert refusal(again.verify, order(b"member 2")) == "verify_failed"


def test_a_card_can_be_made_blank(reader):
    reader.write(order())
    done = reader.format(order())
    assert done["result"] == "formatted"
    assert done["receipt"].content_sha256 == ""
    assert reader.inspect({})["is_blank"]


def test_the_order_is_for_one_card(reader):
    assert refusal(reader.write, order(uid="04FFFFFF")) == "wrong_card"
    assert refusal(reader.write, order(b"x" * 49)) == "bad_request"
    assert reader.write(order(uid=None))["result"] == "written"


def test_it_fails_once_as_it_was_told(reader):
    reader.simulate({"fail_next": "card_removed"})
    assert refusal(reader.write, order()) == "card_removed"
    assert reader.inspect({})["is_blank"]
    assert reader.write(order())["result"] == "written"


# === PRINTER AND DISPLAY === #


def test_slips_are_files(make, tmp_path):
    printer = make(SimulatedPrinter, folder=str(tmp_path / "slips"))
    picture = base64.b64encode(b"a picture").decode()
    assert printer.print_image({"image": picture}) == {"printed": True, "warning": ""}
    printer.print_text({"lines": [{"text": "会员"}]})
    assert (tmp_path / "slips" / "0001.jpg").read_bytes() == b"a picture"
    slip = (tmp_path / "slips" / "0002.json").read_text(encoding="utf-8")
    assert json.loads(slip) == [{"text": "会员"}]
    assert printer.open_drawer({}) == {"opened": True}


@pytest.mark.parametrize(
    ("trouble", "code"),
    [({"paper": "out"}, "paper_out"), ({"cover": "open"}, "cover_open")],
)
def test_a_printer_in_trouble_says_so_and_prints_after_it(make, trouble, code):
    printer = make(SimulatedPrinter)
    printer.simulate(trouble)
    assert (printer.status().state, printer.status().code) == (ERROR, code)
    assert refusal(printer.print_text, {"lines": []}) == code
    assert printer.open_drawer({}) == {"opened": True}
    printer.simulate({"paper": "low", "cover": "closed"})
    assert (printer.status().state, printer.status().code) == (CONNECTED, "paper_low")
    done = printer.print_text({"lines": []})
    assert done == {"printed": True, "warning": "paper_low"}


def test_a_display_shows_what_it_showed(make):
    make(SimulatedDisplay).show({"lines": ["Total", "¥ 8.00"]})
    display = make(SimulatedDisplay)
    assert display.simulate({})["lines"] == ["Total", "¥ 8.00"]
    display.actions()["clear"].run({})
    assert display.simulate({})["lines"] == []


def test_a_pulled_device_refuses_to_open_so_often(start, bus):
    info = DeviceInfo("printer", "simulator.printer", "Printer")
    supervisor = start([info])
    bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
    pulled = supervisor.call("printer", "simulate", {"refuse_opens": 3})
    assert pulled.result(PATIENCE_S)
    bus.wait(lambda bus: bus.states().count(CONNECTED) == 2, "back")
    assert bus.states() == [CONNECTED, "disconnected", CONNECTED]
    assert supervisor.device("printer").restarts == 4
