"""Cards are written, compared, locked and made new again; refusals come in words."""

import dataclasses
import hashlib

import pytest
from pcsc_bench import (
    CONTENT,
    FOREIGN,
    GUARDED,
    KEYS,
    MEDIA,
    NUMBER,
    OTHER,
    UID7,
    order,
)

from member_hw_agent.errors import DeviceError
from member_hw_agent.values import Written

DIGEST = hashlib.sha256(CONTENT).hexdigest()


def refused(bench, action, given):
    with pytest.raises(DeviceError) as refusal:
        bench.act(action, given)
    assert str(refusal.value).endswith(".")
    return refusal.value.code


def is_updated(card):
    return any(command[1] in (0xD6, 0x24) for command in card.commands())


@pytest.mark.parametrize("chip", MEDIA)
def test_write_then_read_back(bench, chip):
    card = bench.put(chip)
    given = order(chip)
    done = bench.act("write", given)
    assert done["result"] == "written"
    assert done["receipt"] == Written("line:1", "write", given.uid, DIGEST, "written")
    assert CONTENT in card.dump()
    found = bench.act("inspect")
    assert not found["is_blank"]
    assert found["reading"].number == NUMBER
    assert bench.act("verify", given)["result"] == "same"


@pytest.mark.parametrize("chip", MEDIA)
def test_the_same_order_again_changes_nothing(bench, chip):
    card = bench.put(chip)
    bench.act("write", order(chip))
    memory, count = card.dump(), len(card.commands())
    done = bench.act("write", order(chip))
    assert done["result"] == "same"
    assert done["receipt"].content_sha256 == DIGEST
    assert card.dump() == memory
    assert not any(one[1] in (0xD6, 0x24) for one in card.commands()[count:])


@pytest.mark.parametrize("chip", GUARDED)
def test_a_written_card_is_closed_to_others(bench, chip):
    """Not by the keys of a new card, nor by those of another order."""
    card = bench.put(chip)
    bench.act("write", order(chip))
    memory = card.dump()
    for keys in (FOREIGN, {name: bytes(len(key)) for name, key in KEYS.items()}):
        for action, op in (("write", "write"), ("format", "format")):
            given = order(chip, "line:2", op, CONTENT, keys)
            if action == "write":
                given = dataclasses.replace(given, content=CONTENT[:-1] + b"\x00")
            card.set("tries", 3)
            assert refused(bench, action, given) == "auth_failed"
    assert card.dump() == memory
    card.set("tries", 3)
    assert bench.act("verify", order(chip))["result"] == "same"


@pytest.mark.parametrize("chip", MEDIA)
def test_format_makes_a_card_new(bench, chip):
    """Somebody else can write it then."""
    card = bench.put(chip)
    new = card.dump()
    bench.act("write", order(chip))
    done = bench.act("format", order(chip, op="format"))
    assert done["receipt"] == Written(
        "line:1", "format", order(chip).uid, "", "formatted"
    )
    assert bench.act("inspect")["is_blank"]
    if chip != "ntag213":  # what its maker wrote does not come back
        assert card.dump() == new
    theirs = order(chip, "line:2", keys=FOREIGN)
    assert bench.act("write", theirs)["result"] == "written"
    assert bench.act("format", order(chip, "line:3", "format", keys=FOREIGN))


@pytest.mark.parametrize("chip", MEDIA)
def test_format_of_a_new_card_is_harmless(bench, chip):
    bench.put(chip)
    assert bench.act("format", order(chip, op="format"))["result"] == "formatted"
    assert bench.act("write", order(chip, "line:2"))["result"] == "written"


@pytest.mark.parametrize("chip", ["mifare_classic_1k", "ntag213", "ultralight"])
def test_another_number_takes_the_place_of_the_first(bench, chip):
    bench.put(chip)
    bench.act("write", order(chip))
    assert (
        bench.act("write", order(chip, "line:2", content=OTHER))["result"] == "written"
    )
    assert bench.act("verify", order(chip, content=OTHER))
    assert refused(bench, "verify", order(chip)) == "verify_failed"


def test_a_contact_chip_with_another_number_is_left_alone(bench):
    """Its PIN is another one, and a wrong try would be lost."""
    card = bench.put("iso7816")
    bench.act("write", order("iso7816"))
    theirs = order("iso7816", "line:2", content=OTHER, keys=FOREIGN)
    assert refused(bench, "write", theirs) == "wrong_card"
    assert card.get("tries") == 3


@pytest.mark.parametrize("action", ["write", "format", "verify"])
def test_another_card_than_ordered_is_refused(bench, action):
    card = bench.put()
    given = order(
        "mifare_classic_1k", op=action if action == "format" else "write", uid=UID7
    )
    assert refused(bench, action, given) == "wrong_card"
    assert not is_updated(card)


@pytest.mark.parametrize("uid", [None, UID7])
def test_a_contact_chip_is_no_contactless_card(bench, uid):
    """An order for a chip without a UID is for none with one, and the reverse."""
    bench.put("iso7816", uid=UID7 if uid is None else "")
    given = dataclasses.replace(order("iso7816"), uid=uid)
    assert refused(bench, "write", given) == "wrong_card"


def test_a_contactless_chip_with_a_processor_is_written_too(bench):
    bench.put("iso7816", uid=UID7)
    assert bench.act("write", order("iso7816", uid=UID7))["receipt"].uid == UID7


@pytest.mark.parametrize("action", ["write", "format", "verify"])
def test_without_a_card(bench, action):
    assert refused(bench, action, order("mifare_classic_1k")) == "no_card"


@pytest.mark.parametrize("content", [b"", bytes(49)])
def test_content_that_does_not_fit_is_refused(bench, content):
    card = bench.put()
    given = order("mifare_classic_1k", content=content)
    assert refused(bench, "write", given) == "bad_request"
    assert not is_updated(card)


def test_a_full_area_is_written(bench):
    bench.put()
    content = bytes(range(1, 49))
    done = bench.act("write", order("mifare_classic_1k", content=content))
    assert done["receipt"].content_sha256 == hashlib.sha256(content).hexdigest()


def test_another_sector_where_the_settings_say_so(open_bench):
    bench = open_bench(sector=15)
    card = bench.put()
    bench.act("write", order("mifare_classic_1k"))
    blocks = [bytes.fromhex(block) for block in card.get("blocks")]
    assert b"".join(blocks[60:63]).startswith(CONTENT)
    assert blocks[63][6:9].hex() == "787788"
    assert blocks[7][6:9].hex() == "ff0780", "sector 1 stays as it was"


def test_a_reader_that_keeps_keys_for_ever_is_left_without_ours(bench):
    card = bench.put(keeps_keys=True)
    assert bench.act("write", order("mifare_classic_1k"))["result"] == "written"
    assert bench.act("write", order("mifare_classic_1k"))["result"] == "same"
    assert card.get("kept") == {"0": "ff" * 6}


@pytest.mark.parametrize("passthrough", ["acs", "transparent"])
def test_an_ntag_gets_its_password(open_bench, passthrough):
    bench = open_bench(passthrough=passthrough)
    card = bench.put("ntag213", passthrough=passthrough)
    bench.act("write", order("ntag213"))
    pages = card.get("pages")
    assert pages[0x29][6:] == "04", "guarded from the first page on"
    assert pages[0x2B] == KEYS["pwd"].hex()
    assert bench.act("format", order("ntag213", op="format"))
    assert card.get("pages")[0x29][6:] == "ff"


def test_an_ntag_stays_open_in_a_reader_that_cannot_show_a_password(open_bench):
    """It could not be written again there."""
    bench = open_bench(passthrough="none")
    card = bench.put("ntag213", passthrough="none")
    assert bench.act("write", order("ntag213"))["result"] == "written"
    assert card.get("pages")[0x29][6:] == "ff"
    assert bench.act("write", order("ntag213"))["result"] == "same"


def test_a_guarded_ntag_in_a_reader_that_cannot_show_a_password(open_bench):
    bench = open_bench(passthrough="none")
    card = bench.card("ntag213", passthrough="none")
    pages = card.get("pages")
    pages[0x29] = "04000004"
    card.set("pages", pages)
    bench.insert(card)
    assert bench.act("inspect")["present"]
    assert refused(bench, "write", order("ntag213")) == "unsupported"


def test_an_ultralight_that_is_locked_for_ever(bench):
    card = bench.card("ultralight")
    pages = card.get("pages")
    pages[2] = "0000f0ff"
    card.set("pages", pages)
    bench.insert(card)
    assert refused(bench, "write", order("ultralight")) == "write_failed"
    assert bench.act("inspect")["is_blank"]


def test_a_sector_of_somebody_else_is_refused(bench):
    card = bench.card("mifare_classic_1k")
    blocks = card.get("blocks")
    blocks[7] = "a0a1a2a3a4a5" + "78778869" + "b0b1b2b3b4b5"
    card.set("blocks", blocks)
    bench.insert(card)
    found = bench.act("inspect")
    assert (found["is_readable"], found["is_blank"]) == (False, False)
    assert found["reading"].uid
    assert refused(bench, "write", order("mifare_classic_1k")) == "auth_failed"
    assert not is_updated(card)


def test_a_card_that_forgets_is_not_reported_as_done(bench):
    """Its memory takes the bytes and does not keep them."""
    card = bench.card("iso7816")
    card.set("is_forgetful", True)
    bench.insert(card)
    assert refused(bench, "write", order("iso7816")) == "verify_failed"


def test_a_chip_that_is_too_small(bench):
    bench.put("iso7816", size=32)
    assert refused(bench, "write", order("iso7816")) == "unsupported"


# === PIN === #


def test_a_wrong_pin_costs_one_try_and_says_how_many_are_left(bench):
    card = bench.put("iso7816")
    bench.act("write", order("iso7816"))
    wrong = order("iso7816", "line:2", "format", keys=FOREIGN)
    with pytest.raises(DeviceError) as refusal:
        bench.act("format", wrong)
    assert refusal.value.code == "auth_failed"
    assert "Tries left: 2." in str(refusal.value)
    assert card.get("tries") == 2
    bench.act("write", order("iso7816", "line:3"))
    assert card.get("tries") == 3, "the right one gives them back"


def test_the_last_try_is_never_used(bench):
    card = bench.put("iso7816")
    bench.act("write", order("iso7816"))
    wrong = order("iso7816", "line:2", "format", keys=FOREIGN)
    codes = [refused(bench, "format", wrong) for _attempt in range(5)]
    assert codes == ["auth_failed"] * 2 + ["blocked"] * 3
    assert card.get("tries") == 1


def test_a_blocked_pin(bench):
    card = bench.put("iso7816")
    card.set("tries", 0)
    assert refused(bench, "write", order("iso7816")) == "blocked"
    assert bench.act("inspect")["is_blank"]


# === NOTHING STAYS OPEN === #


@pytest.mark.parametrize("chip", GUARDED)
def test_nothing_stays_open_for_other_programs(open_bench, chip):
    bench = open_bench(allow_raw=True)
    card = bench.put(chip)
    bench.act("write", order(chip))
    memory = card.dump()
    update = {
        "mifare_classic_1k": "FFD6000410" + "00" * 16,
        "ntag213": "FFD6000404" + "00" * 4,
        "iso7816": "00D6000001" + "00",
    }[chip]
    run = bench.driver.actions()["transmit"].run
    assert run({"apdu": update})["sw"] != "9000"
    assert card.dump() == memory
