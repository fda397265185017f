"""The configuration is taken as a whole or refused with file, key and sentence."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent import config, drivers
from member_hw_agent.config import ConfigError

EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"
WHOLE = """
[agent]
name = "Till 1"
port = 18073
[discover]
drivers = ["simulator.reader"]
[driver."simulator.reader"]
title = "all readers"
[[device]]
id = "receipt"
driver = "simulator.printer"
name = "Receipts"
folder = "/tmp/slips"
[[device]]
id = "pole"
driver = "simulator.display"
[stock]
printer = "receipt"
"""
SIMULATED = "[[device]]\nid = 'a'\ndriver = 'simulator.printer'\n"
REAL = "[[device]]\nid = 'a'\ndriver = 'printer.escpos'\n"


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return config.load(path)

    return load


def test_a_whole_file(load):
    found = load(WHOLE)
    assert (found.name, found.port) == ("Till 1", 18073)
    assert found.discover == ("simulator.reader",)
    assert found.driver_options == {"simulator.reader": {"title": "all readers"}}
    receipt, pole = found.devices
    assert (receipt.stable_id, receipt.name) == ("receipt", "Receipts")
    assert receipt.options == {"folder": "/tmp/slips"}
    assert (pole.stable_id, pole.name, pole.options) == ("pole", "pole", {})
    assert found.stock == {"printer": "receipt"}


def test_the_example_is_good():
    """It has every driver of ours that drives a device."""
    found = config.load(EXAMPLE)
    told = {one.driver for one in found.devices} | set(found.driver_options)
    ours = {name for name in drivers.BUILT_IN if not name.startswith("simulator.")}
    assert told == ours


def test_no_file_is_a_good_configuration(monkeypatch):
    monkeypatch.setattr(config, "default_path", lambda: None)
    found = config.load()
    assert found.port == 8073
    assert found.discover == ("card.pcsc",)
    assert found.devices == ()
    assert found.name


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("[agent", "config.toml is not TOML"),
        ("agnt = 1", "agnt is not known; known: agent, device,"),
        ("agent = 1", "agent must be object."),
        ("[agent]\nhost = '0.0.0.0'", "agent.host is not known; known: name, port."),
        ("[agent]\nport = '8073'", "agent.port must be integer."),
        ("[agent]\nport = 70000", "agent.port must be at most 65535."),
        ("[agent]\nname = ''", "agent.name must be at least 1 characters."),
        (
            "[discover]\ndrivers = ['card.pscs']",
            "discover.drivers[0]: there is no driver card.pscs; there",
        ),
        ("[driver.'card.pscs']\na = 1", 'driver."card.pscs": there is no driver'),
        ("[[device]]\nid = 'a'", "device[0].driver is missing."),
        (
            SIMULATED.replace("'a'", "'a/b'"),
            "device[0].id is not written as it must be.",
        ),
        (
            SIMULATED + "folde = 'x'",
            "device[0].folde is not known; known: folder, title.",
        ),
        (SIMULATED + "folder = 1", "device[0].folder must be string."),
        (
            SIMULATED + "profile = 'nope'",
            "device[0].profile: there is no profile nope; there are:",
        ),
        (REAL + "profile = 'id-12'", "device[0].profile: id-12 is for: card.serial."),
        (REAL + "transport = 'network'", "device[0]: "),
        (SIMULATED + "profile = 1", "device[0].profile must be string."),
        (WHOLE + "reader = 'pole'", "stock.reader: pole is a display."),
        (WHOLE + "drawer = 'x'", "stock.drawer is not known; known: display, printer,"),
        (SIMULATED * 2, "device[1].id: a is there twice."),
    ],
)
def test_what_is_wrong_is_refused_by_file_and_key(load, text, sentence):
    with pytest.raises(ConfigError) as refused:
        load(text)
    assert sentence in str(refused.value)
    assert "config.toml" in str(refused.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        config.load(tmp_path / "none.toml")


def test_a_file_that_is_not_utf8(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes('name = "会员"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="is not TOML"):
        config.load(path)


def test_a_driver_whose_library_is_missing_stops_nothing(load, monkeypatch):
    """The device tells what to install; the others work."""

    def missing(name):
        raise drivers.NoDriver("install it")

    monkeypatch.setattr(drivers, "load", missing)
    assert [one.stable_id for one in load(WHOLE).devices] == ["receipt", "pole"]


# === PROFILES === #


@pytest.mark.parametrize("name", config.profile_names())
def test_our_profiles_fit_their_drivers(name):
    """Each says what it is and for which drivers, in words that these understand."""
    profile = config.read_profile(None, "", name)
    assert profile.pop("title")
    assert profile["drivers"]
    for driver in profile.pop("drivers"):
        schema = {"type": "object", **drivers.load(driver).options_schema}
        config.checked(name, {**schema, "required": []}, profile, "profile")


def test_the_file_has_the_last_word_over_the_profile(load):
    device = """
[[device]]
id = "receipt"
driver = "printer.escpos"
profile = "generic-58mm"
transport = "network"
host = "192.0.2.1"
columns = 33
"""
    options = load(device).devices[0].options
    assert (options["dots"], options["columns"]) == (384, 33)
    assert "title" not in options
    assert "profile" not in options


def test_a_profile_of_ones_own(load, tmp_path):
    (tmp_path / "profiles").mkdir()
    own = 'title = "Mine"\ndrivers = ["simulator.printer"]\nfolder = "/tmp/mine"\n'
    (tmp_path / "profiles" / "mine.toml").write_text(own)
    device = SIMULATED + 'profile = "mine"'
    assert load(device).devices[0].options == {"folder": "/tmp/mine"}


def test_a_profile_leads_nowhere_else(load, tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path.parent / "out.toml").write_text('title = "Out"\n')
    device = (
        '[[device]]\nid = "a"\ndriver = "simulator.printer"\nprofile = "../../out"\n'
    )
    with pytest.raises(ConfigError, match="profile is not written"):
        load(device)


# === ANYTHING === #

WORDS = st.sampled_from(
    [
        *("agent", "name", "port", "discover", "drivers", "device", "id", "driver"),
        *("stock", "printer", "simulator.printer", "profile", "generic-80mm"),
        *("folder", "x"),
    ]
)
CONTENT = st.recursive(
    WORDS | st.integers() | st.booleans() | st.text(string.printable, max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, CONTENT))
def test_any_file_is_taken_or_refused_in_words(content):
    """Nothing that a person writes makes the agent fall over at the start."""
    try:
        found = config.read(None, content)
    except ConfigError as error:
        assert str(error)
    else:
        assert 1 <= found.port <= 65535
