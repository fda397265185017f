"""What a chip says whose it is; Odoo's half is tests/test_card_application.py."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from member_hw_agent.card import member_application
from member_hw_agent.card.member_application import Application, NotAnApplication, parse

VECTORS = json.loads(Path(__file__).with_name("vectors_application.json").read_text())
numbers = st.from_regex(r"[0-9]{10,19}", fullmatch=True)
issuers = st.binary(min_size=4, max_size=4)
macs = st.binary(min_size=8, max_size=8)


def field(tag, value):
    return bytes([tag, len(value)]) + value


def build(issuer, number, mac):
    packed = bytes.fromhex(number + "f" * (len(number) % 2))
    fields = (b"\x01", issuer, packed, mac)
    return b"".join(field(tag, value) for tag, value in enumerate(fields, 1))


@pytest.mark.parametrize("vector", VECTORS["applications"], ids=lambda one: one["what"])
def test_what_odoo_writes_is_read(vector):
    content = bytes.fromhex(vector["content"])
    found = parse(content)
    assert found.number == vector["number"]
    assert found.issuer.hex() == vector["issuer"]
    assert parse(content.ljust(member_application.LENGTH, b"\x00")) == found
    assert not member_application.is_blank(content)


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda one: one["what"])
def test_anything_else_is_refused(vector):
    content = bytes.fromhex(vector["content"])
    with pytest.raises(NotAnApplication):
        parse(content)
    assert member_application.number_in(content) is None


@given(issuers, numbers, macs, st.integers(0, 8))
def test_round_trip(issuer, number, mac, padding):
    content = build(issuer, number, mac) + bytes(padding)
    assert parse(content) == Application(issuer, number, mac)


@given(st.binary(max_size=64))
@example(b"\x01")
@example(b"\x01\xff")
@example(bytes.fromhex("010101") + b"\x02\x04")
def test_malformed_bytes_are_refused_and_never_crash(content):
    try:
        found = parse(content)
    except NotAnApplication:
        return
    whole = build(found.issuer, found.number, found.mac)
    assert content.rstrip(b"\x00") == whole.rstrip(b"\x00")


@given(issuers, numbers, macs, st.data())
def test_a_torn_application_is_none(issuer, number, mac, data):
    """Whatever is missing at the end, no number is read: the MAC comes last."""
    content = build(issuer, number, mac)
    kept = data.draw(st.integers(0, len(content) - 9))
    torn = content[:kept] + bytes(member_application.LENGTH - kept)
    assert member_application.number_in(torn) is None


@pytest.mark.parametrize(
    ("content", "is_blank"),
    [
        (bytes(48), True),
        (b"\xff" * 48, True),
        (bytes.fromhex("0103A00C340300FE").ljust(48, b"\x00"), True),
        (bytes.fromhex("0300FE").ljust(48, b"\x00"), True),
        (bytes(47) + b"\x01", False),
        (bytes.fromhex("0310D101").ljust(48, b"\x00"), False),
    ],
)
def test_blank_is_what_nobody_misses(content, is_blank):
    assert member_application.is_blank(content) is is_blank
