"""Which card lies on a reader, and that this is noticed, whatever becomes of pcscd."""

import contextlib
import logging

import pytest
from pcsc_bench import CONTENT, MEDIA, NUMBER, OTHER, UID4, UID7, UID10, order

from conftest import PATIENCE_S
from member_hw_agent import config
from member_hw_agent.drivers.pcsc.driver import PcscReader
from member_hw_agent.errors import DeviceError
from member_hw_agent.logs import MaskingFormatter
from member_hw_agent.values import CONNECTED, DeviceInfo, Status


@pytest.mark.parametrize("uid", [UID4, UID7, UID10])
@pytest.mark.parametrize("chip", ["mifare_classic_1k", "iso7816"])
def test_a_card_is_announced_with_its_uid(bench, chip, uid):
    card = bench.put(chip, uid=uid)
    ((kind, seen),) = bench.said
    assert (kind, seen.uid, seen.number) == ("card", uid, None)
    assert (seen.medium, seen.type) == ("contactless", chip)
    bench.take_away(card)
    assert [kind for kind, _data in bench.said] == ["card", "card_removed"]


def test_a_reader_may_turn_the_uid_round(open_bench):
    bench = open_bench(uid_reversed=True)
    bench.put(uid=UID7, uid_reversed=True)
    assert bench.cards_seen()[0].uid == UID7


@pytest.mark.parametrize(
    ("chip", "type_"),
    [("ntag213", "ntag"), ("ultralight", "ultralight")],
)
def test_kinds_that_readers_call_the_same_are_told_apart(bench, chip, type_):
    bench.put(chip)
    assert bench.cards_seen()[0].type == type_


@pytest.mark.parametrize("passthrough", ["acs", "transparent", "none"])
def test_an_ntag_is_known_in_every_reader(open_bench, passthrough):
    bench = open_bench(passthrough=passthrough)
    bench.put("ntag213", passthrough=passthrough)
    assert bench.act("inspect")["type"] == "ntag"


@pytest.mark.parametrize("chip", MEDIA)
def test_inspect_tells_of_a_new_card(bench, chip):
    bench.put(chip)
    found = bench.act("inspect")
    assert found["present"]
    assert found["is_blank"]
    assert found["capacity"] >= 48
    assert found["reading"].number is None
    assert found["unfinished"] is None


@pytest.mark.parametrize("chip", MEDIA)
def test_a_written_card_is_announced_with_its_number(bench, chip):
    """Also with a UID: Odoo sees by both whether the card was copied."""
    card = bench.put(chip)
    bench.act("write", order(chip))
    bench.take_away(card)
    bench.said.clear()
    bench.insert(card)
    (seen,) = bench.cards_seen()
    assert seen.number == NUMBER
    assert seen.uid == (MEDIA[chip]["uid"] or None)
    assert bench.act("inspect")["masked"] == "…" + NUMBER[-4:]


def test_inspect_without_a_card(bench):
    assert bench.act("inspect") == {"present": False}


def test_a_swapped_card_is_noticed_while_nobody_looks(bench):
    """The reader's slot looks the same before and after; the service counts."""
    first = bench.put(uid=UID4)
    second = bench.card("mifare_classic_1k", uid=UID7)
    first.remove()
    bench.until(lambda: "card_removed" in [kind for kind, _data in bench.said])
    bench.insert(second)
    second.remove()
    _wait_until_gone(bench)
    first.insert()
    bench.until(lambda: len(bench.cards_seen()) == 3)
    uids = [data and data.uid for _kind, data in bench.said]
    assert uids == [UID4, None, UID7, None, UID4]


def _wait_until_gone(bench):
    """Wait for the service without polling the driver."""
    is_there = True
    while is_there:
        with contextlib.suppress(DeviceError):
            is_there = bench.act("inspect")["present"]


def test_a_card_with_a_random_uid_is_refused_in_words(bench):
    card = bench.put(uid=None)
    assert bench.cards_seen() == []
    status = bench.driver.status()
    assert (status.state, status.code) == (CONNECTED, "unsupported")
    assert "take another card" in status.message
    bench.take_away(card)
    assert bench.driver.status() == Status(CONNECTED)
    assert bench.said == []


def test_a_random_uid_with_a_number_on_the_card_is_known_by_the_number(bench):
    card = bench.card("mifare_classic_1k", uid=None)
    blocks = card.get("blocks")
    padded = CONTENT.ljust(48, b"\x00")
    blocks[4:7] = [padded[i : i + 16].hex() for i in (0, 16, 32)]
    card.set("blocks", blocks)
    bench.insert(card)
    (seen,) = bench.cards_seen()
    assert (seen.uid, seen.number) == (None, NUMBER)


def test_a_new_contact_chip_says_nothing_and_complains_of_nothing(bench):
    bench.put("iso7816")
    assert bench.said == []
    assert bench.driver.status() == Status(CONNECTED)


def test_a_contact_chip_of_somebody_else_is_refused_in_words(bench):
    card = bench.card("iso7816")
    card.set("AID", "F000000000")
    bench.insert(card)
    assert bench.driver.status().code == "unsupported"
    assert bench.act("inspect")["capacity"] == 0
    with pytest.raises(DeviceError) as refused:
        bench.act("write", order("iso7816"))
    assert refused.value.code == "unsupported"


def test_a_mute_card_is_refused_in_words(bench):
    card = bench.card("iso7816")
    card.set("atr", "00")
    card.insert()
    bench.until(lambda: bench.driver.status().code)
    assert bench.driver.status().code == "unsupported"
    with pytest.raises(DeviceError) as refused:
        bench.act("inspect")
    assert "turn it round" in str(refused.value)
    bench.take_away(card)
    assert bench.driver.status() == Status(CONNECTED)


def test_two_slots_are_two_readers(open_bench):
    first, second = open_bench(), open_bench(slot=1)
    second.put(uid=UID7)
    first.driver.poll(0)
    assert first.said == []
    assert [seen.uid for seen in second.cards_seen()] == [UID7]


def test_raw_commands_only_where_the_settings_allow_them(open_bench):
    assert "transmit" not in open_bench().driver.actions()
    bench = open_bench(allow_raw=True)
    bench.put()
    run = bench.driver.actions()["transmit"].run
    assert run({"apdu": "FFCA000000"}) == {"data": UID4, "sw": "9000"}
    assert run({"apdu": "FFB0000810"}) == {"data": "", "sw": "6982"}


# === PCSCD AND THE READER COME AND GO === #


def test_without_pcscd_nothing_is_found_and_open_says_why(service, bench):
    bench.driver.close()
    service.stop()
    assert list(PcscReader.discover({})) == []
    with pytest.raises(DeviceError) as refused:
        bench.driver.open()
    assert refused.value.code == "no_device"
    assert "smart card service" in str(refused.value)
    service.start()
    bench.driver.open()
    assert bench.driver.status().state == CONNECTED


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_pcscd_may_end_and_come_back(service, start, bus, bench, how):
    """The supervisor opens the reader again; the card on it is announced anew."""
    bench.driver.close()
    card = bench.card("mifare_classic_1k")
    supervisor = start([bench.info])
    bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
    card.insert()
    bus.wait(lambda bus: bus.kinds().count("card") == 1, "the card")
    getattr(service, how)()
    bus.wait(lambda bus: bus.states()[-1] != CONNECTED, "told that it is away")
    assert bus.kinds().count("card_removed") == 1
    state = supervisor.device(bench.info.stable_id)
    assert state.code == "no_device", state.message
    service.start()
    bus.wait(lambda bus: bus.states()[-1] == CONNECTED, "connected again")
    card.insert()
    bus.wait(lambda bus: bus.kinds().count("card") == 2, "the card again")
    future = supervisor.call(bench.info.stable_id, "inspect")
    assert future.result(PATIENCE_S)["reading"].uid == UID4


def test_a_reader_that_is_pulled_and_plugged_in_keeps_its_id(service, start, bus):
    service.restart(readers=0)
    supervisor = start(discover=["card.pcsc"])
    assert supervisor.devices() == []
    service.restart(readers=1)
    bus.wait(lambda bus: bus.states("virtual-reader-a")[-1:] == [CONNECTED], "found")
    service.restart(readers=0)
    bus.wait(lambda bus: bus.states("virtual-reader-a")[-1] != CONNECTED, "pulled")
    state = supervisor.device("virtual-reader-a")
    assert state.code == "no_device"
    assert state.message.endswith(".")
    service.restart(readers=2)
    bus.wait(lambda bus: bus.states("virtual-reader-a")[-1] == CONNECTED, "again")
    bus.wait(lambda bus: bus.states("virtual-reader-b")[-1:] == [CONNECTED], "another")


def test_an_action_that_meets_a_dead_service_says_so(service, bench):
    bench.put()
    service.kill()
    with pytest.raises(DeviceError) as refused:
        bench.act("write", order("mifare_classic_1k"))
    assert refused.value.code == "no_device"


def test_a_reader_that_is_named_is_found_by_a_part_of_its_name(pcscd):
    found, missing = (
        PcscReader(
            DeviceInfo("counter", "card.pcsc", "Counter", {"reader": name}),
            lambda kind, data: None,
        )
        for name in ("reader a 00 01", "ACR122")
    )
    found.open()
    assert found.status().state == CONNECTED
    found.close()
    with pytest.raises(DeviceError) as refused:
        missing.open()
    missing.close()
    assert refused.value.code == "no_device"
    assert "ACR122" in str(refused.value)


def test_a_reader_in_the_settings_must_be_named(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[[device]]\nid = "counter"\ndriver = "card.pcsc"\n')
    with pytest.raises(config.ConfigError) as refused:
        config.load(path)
    assert "“reader” is missing" in str(refused.value)
    path.write_text(path.read_text() + 'reader = "ACR122"\nallow_raw = "yes"\n')
    with pytest.raises(config.ConfigError) as refused:
        config.load(path)
    assert "allow_raw" in str(refused.value)
    path.write_text(path.read_text().replace('"yes"', "true"))
    assert config.load(path).devices[0].options == {
        "reader": "ACR122",
        "allow_raw": True,
    }


# === SECRETS === #


def test_keys_and_uids_are_in_no_log_and_no_event(bench, caplog):
    """Nor in what an exception or a value shows when it is printed."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(MaskingFormatter())
    card = bench.put()
    good = order("mifare_classic_1k")
    bench.act("write", good)
    errors = []
    for wrong in (
        order("mifare_classic_1k", uid=UID7),
        order("mifare_classic_1k", content=OTHER),
    ):
        with pytest.raises(DeviceError) as refused:
            bench.act("verify", wrong)
        errors.append(str(refused.value))
    bench.take_away(card)
    shown = " ".join([repr(good), *errors, *map(repr, caplog.records), caplog.text])
    events = repr([data for kind, data in bench.said if kind != "card"])
    for key in good.keys.values():
        for secret in (key.hex(), key.hex().upper(), repr(key)[2:-1]):
            assert secret not in shown + events
    assert UID4 not in caplog.text + " ".join(errors) + events
    assert CONTENT.hex() not in caplog.text + " ".join(errors) + events
