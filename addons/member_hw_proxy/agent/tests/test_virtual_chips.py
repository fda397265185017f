"""The simulated chips refuse what real ones refuse, or other tests prove little."""

import pytest

from tests.simulators.virtual_chips import Iso7816, MifareClassic1K, Ntag213, Ultralight


def say(chip, text):
    return chip.answer(bytes.fromhex(text))


def opened(chip, letter="60", key="FFFFFFFFFFFF", block="04"):
    assert say(chip, f"FF82000006{key}") == b"\x90\x00"
    return say(chip, f"FF86000005 0100{block}{letter}00") == b"\x90\x00"


LOCKED = "FFFFFFFFFFFF 78778869 B1B2B3B4B5B6"


def test_mifare_needs_its_key():
    chip = MifareClassic1K()
    assert say(chip, "FFB0000410") == b"\x69\x82"
    assert opened(chip)
    assert say(chip, "FFB0000410") == bytes(16) + b"\x90\x00"
    assert say(chip, "FFB0000810") == b"\x69\x82", "another sector"


def test_mifare_is_silent_after_a_wrong_key():
    chip = MifareClassic1K()
    assert not opened(chip, key="000000000000")
    assert not opened(chip)
    chip.power_on()
    assert opened(chip)


def test_mifare_enforces_the_access_bits():
    chip = MifareClassic1K()
    assert opened(chip)
    assert say(chip, f"FFD6000710 {LOCKED}") == b"\x90\x00"
    chip.power_on()
    assert opened(chip)
    assert say(chip, "FFB0000410")[-2:] == b"\x90\x00"
    assert say(chip, "FFD6000410" + "11" * 16) == b"\x69\x82", "key A only reads"
    assert say(chip, f"FFD6000710 {LOCKED}") == b"\x69\x82"
    assert say(chip, "FFB0000710")[:16].hex() == "00" * 6 + "78778869" + "00" * 6
    assert opened(chip, letter="61", key="B1B2B3B4B5B6")
    assert say(chip, "FFD6000410" + "11" * 16) == b"\x90\x00"


def test_mifare_sector_with_contradicting_bits_is_lost():
    chip = MifareClassic1K()
    assert opened(chip)
    assert say(chip, "FFD6000710 FFFFFFFFFFFF 00000069 FFFFFFFFFFFF") == b"\x90\x00"
    chip.power_on()
    assert opened(chip)
    assert say(chip, "FFB0000410") == b"\x69\x82"


def test_ntag_guards_what_auth0_says():
    chip = Ntag213()
    say(chip, "FFD6002B04 A1A2A3A4")
    say(chip, "FFD6002904 04000004")
    chip.power_on()
    assert say(chip, "FFD6000404 01020304") == b"\x63\x00"
    assert say(chip, "FFB0000410")[-2:] == b"\x90\x00", "reading is free"
    assert say(chip, "FFB0002B04")[:4] == bytes(4), "a password is never read"
    assert say(chip, "FF00000007 D4421B 00000000")[:3] == b"\xd5\x43\x01"
    chip.power_on()
    assert say(chip, "FF00000007 D4421B A1A2A3A4")[:3] == b"\xd5\x43\x00"
    assert say(chip, "FFD6000404 01020304") == b"\x90\x00"


def test_ultralight_locks_for_ever():
    chip = Ultralight()
    assert say(chip, "FFD6000204 00001000") == b"\x90\x00"
    assert say(chip, "FFD6000404 01020304") == b"\x63\x00"
    assert say(chip, "FFD6000504 01020304") == b"\x90\x00"
    assert say(chip, "FFD6000204 00000000") == b"\x90\x00"
    assert chip.is_locked(4)


def test_applet_counts_wrong_pins():
    chip = Iso7816()
    assert say(chip, "00A4040007 F04D454D424552")[:1] == b"\x61"
    assert say(chip, "00A4020C02 0001") == b"\x90\x00"
    assert say(chip, "00D6000001 AA") == b"\x69\x82"
    assert say(chip, "00200001") == b"\x63\xc3"
    for left in (2, 1, 0):
        assert say(chip, "0020000108 3131313131313131") == bytes([0x63, 0xC0 | left])
    assert say(chip, "0020000108 3030303030303030") == b"\x69\x83"


def test_a_random_uid_is_new_each_time():
    chip = MifareClassic1K(uid=None)
    first = say(chip, "FFCA000000")
    chip.power_on()
    assert first[:1] == b"\x08"
    assert say(chip, "FFCA000000") != first


@pytest.mark.parametrize("uid", ["04A1B2C3", "04A1B2C3D4E5F6", "04A1B2C3D4E5F6071829"])
def test_the_reader_may_turn_the_uid_round(uid):
    chip = MifareClassic1K(uid=uid, uid_reversed=True)
    assert say(chip, "FFCA000000")[:-2] == bytes.fromhex(uid)[::-1]
