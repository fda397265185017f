"""Which reader is which, and what is particular about it."""

import re

import pytest

from member_hw_agent import config, schema
from member_hw_agent.drivers.pcsc import settings
from member_hw_agent.drivers.pcsc.apdu import Response
from member_hw_agent.drivers.pcsc.identify import is_contactless, read_uid


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["ACS ACR122U 00 00"], ["acs-acr122u"]),
        (["ACS ACR122U 01 00"], ["acs-acr122u"]),
        (["ACS ACR122U PICC Interface 0"], ["acs-acr122u-picc-interface"]),
        (["ACS ACR122U 00 00", "ACS ACR122U 01 00"], ["acs-acr122u", "acs-acr122u-2"]),
        (["Twin 00 00", "Twin 00 01"], ["twin", "twin-slot-1"]),
        (
            [
                "HID OMNIKEY 5422 [CCID] (KI03) 00 00",
                "HID OMNIKEY 5422 [CL] (KI03) 01 00",
            ],
            ["hid-omnikey-5422-ccid-ki03", "hid-omnikey-5422-cl-ki03"],
        ),
        (["读卡器 00 00"], ["reader"]),
    ],
)
def test_ids_stay_the_same(names, ids):
    """Not after where it is plugged in, nor in which order readers came."""
    found = settings.stable_ids(list(reversed(names)))
    assert [found[one] for one in ids] == names
    assert all(re.fullmatch(config.DEVICE_ID, one) for one in found)


@pytest.mark.parametrize(
    ("name", "passthrough"),
    [
        ("ACS ACR122U PICC Interface 00 00", "acs"),
        ("ACS ACR1252 Dual Reader [PICC] 00 00", "transparent"),
        ("HID Global OMNIKEY 5022 Smart Card Reader 00 00", "none"),
        ("Something else 00 00", "none"),
    ],
)
def test_profiles_know_readers_by_name(name, passthrough):
    options = settings.profile_for(name)
    assert settings.Settings.of(options).passthrough == passthrough


def test_profiles_have_options_that_are_known():
    assert "reader-reversed" in settings.profiles()
    for options in settings.profiles().values():
        schema.check({"type": "object", **settings.SCHEMA}, options, "")


def test_slots_inside_a_reader_are_left_out():
    assert settings.is_ignored("ACS ACR1252 Dual Reader [SAM] 00 00", {})
    assert not settings.is_ignored("ACS ACR1252 Dual Reader [PICC] 00 00", {})
    assert settings.is_ignored("Twin 00 01", {"ignore": ["twin"]})


@pytest.mark.parametrize(
    ("atr", "expected"),
    [
        ("3B8F8001804F0CA000000306030001000000006A", True),
        ("3B80800101", True),
        ("3B6500002063CB6800", False),
        ("3B", False),
        ("", False),
    ],
)
def test_contactless_cards_are_told_by_their_atr(atr, expected):
    assert is_contactless(bytes.fromhex(atr)) is expected


class Says:
    """A card that answers everything with the same."""

    def __init__(self, data, sw=0x9000):
        self.transmit = lambda _command: Response(bytes.fromhex(data), sw)


@pytest.mark.parametrize(
    ("said", "sw", "uid_reversed", "uid"),
    [
        ("04A1B2C3", 0x9000, False, "04A1B2C3"),
        ("C3B2A104", 0x9000, True, "04A1B2C3"),
        ("04A1B2C3D4E5F6", 0x9000, False, "04A1B2C3D4E5F6"),
        ("04A1B2C3D4E5F6071829", 0x9000, False, "04A1B2C3D4E5F6071829"),
        ("08A1B2C3", 0x9000, False, None),
        ("C3B2A108", 0x9000, True, None),
        ("08A1B2C3D4E5F6", 0x9000, False, "08A1B2C3D4E5F6"),
        ("E00401504B0F1A2B", 0x9000, False, "E00401504B0F1A2B"),
        ("04A1B2", 0x9000, False, None),
        ("", 0x6A81, False, None),
    ],
)
def test_uids_of_all_lengths(said, sw, uid_reversed, uid):
    """Four bytes that begin with 08 are new each time (ISO 14443-3)."""
    assert read_uid(Says(said, sw), settings.Settings(uid_reversed=uid_reversed)) == uid
