"""Cards that are pulled out of a real pcscd's readers; see test_card_tearing.py too."""

import hashlib

import pytest
from pcsc_bench import CONTENT, MEDIA, NUMBER, Bench, order

from member_hw_agent.errors import DeviceError
from member_hw_agent.journal import Journal
from member_hw_agent.state import State


def tear(bench, card, given, after, how="before"):
    """Have the card leave at its n-th update."""
    card.tear(after, how=how, of="updates")
    with pytest.raises(DeviceError) as refused:
        bench.act("write", given)
    assert refused.value.code == "card_removed"
    assert "Put it back" in str(refused.value)


def put_back(bench, card):
    bench.until(lambda: not bench.driver._slot.is_present)
    bench.insert(card)


@pytest.mark.parametrize("how", ["before", "half", "after"])
@pytest.mark.parametrize("chip", MEDIA)
def test_a_torn_write_is_finished_by_the_same_order(bench, chip, how):
    journal = Journal(bench.info.options["state"])
    card, given = bench.put(chip), order(chip)
    tear(bench, card, given, 1, how)
    assert journal.result(given.request_key) is None
    put_back(bench, card)
    found = bench.act("inspect")
    assert found["reading"].number in (None, NUMBER)
    if given.uid:
        assert found["unfinished"] == given.request_key
    done = bench.act("write", given)
    assert done["result"] == "written"
    assert done["receipt"].content_sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert journal.result(given.request_key) == "written"
    assert bench.act("inspect")["unfinished"] is None
    assert bench.act("write", given)["result"] == "same"


@pytest.mark.parametrize("chip", MEDIA)
def test_another_process_finishes_what_was_torn(bench, pcscd, state, chip):
    """The agent died with the card half written; the journal is on the disk."""
    card, given = bench.put(chip), order(chip)
    tear(bench, card, given, 1)
    bench.driver.close()
    card.remove()
    later = Bench(pcscd, State(state.directory))
    try:
        later.insert(card)
        if given.uid:
            assert later.act("inspect")["unfinished"] == given.request_key
        assert later.act("write", given)["result"] == "written"
        assert later.act("inspect")["unfinished"] is None
    finally:
        later.close()


def test_the_answer_that_was_lost_is_found_again(bench):
    """All was written, and the last answer never came: the card tells by itself."""
    first = bench.put("ultralight")
    bench.act("write", order("ultralight"))
    last = sum(command[1] == 0xD6 for command in first.commands()) - 1
    bench.take_away(first)
    card, given = bench.put("ultralight"), order("ultralight", "line:2")
    tear(bench, card, given, last, "after")
    assert CONTENT in card.dump()
    put_back(bench, card)
    assert bench.act("write", given)["result"] == "same"


def test_another_card_does_not_finish_the_first(bench):
    card, given = bench.put(uid="04A1B2C3"), order("mifare_classic_1k")
    tear(bench, card, given, 1)
    bench.until(lambda: not bench.driver._slot.is_present)
    bench.put(uid="04FFFFFF")
    assert bench.act("inspect")["unfinished"] is None
    with pytest.raises(DeviceError) as refused:
        bench.act("write", given)
    assert refused.value.code == "wrong_card"


@pytest.mark.parametrize("chip", ["mifare_classic_1k", "ntag213", "ultralight"])
def test_a_reader_that_has_not_noticed(bench, chip):
    """It says “failed” for a card that is gone, which is no card of somebody else."""
    card, given = bench.put(chip), order(chip)
    for commands in (0, 3, 6, 9, 12):
        card.set("commands_left", commands)
        with pytest.raises(DeviceError) as refused:
            bench.act("write", given)
        assert refused.value.code == "card_removed"
        card.set("commands_left", None)
    assert bench.act("write", given)["result"] == "written"


def test_a_card_that_is_torn_is_told_to_have_gone(bench):
    card = bench.put()
    bench.said.clear()
    tear(bench, card, order("mifare_classic_1k"), 0)
    bench.until(lambda: bench.said == [("card_removed", None)])
