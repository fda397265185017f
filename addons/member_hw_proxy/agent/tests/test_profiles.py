"""Every profile makes a device of each driver that it is for."""

import pytest

from member_hw_agent import config

WHERE = {
    "printer.escpos": {"transport": "network", "host": "192.0.2.1"},
    "card.serial": {"port": "COM3"},
    "display.pole": {"port": "COM4"},
}


@pytest.mark.parametrize("name", config.profile_names())
def test_a_profile_is_complete(name):
    profile = config.read_profile(None, "", name)
    assert profile["title"]
    for driver in profile["drivers"]:
        if driver not in WHERE:
            continue
        table = {"id": "x", "driver": driver, "profile": name, **WHERE[driver]}
        [info] = config.read(None, {"device": [table]}).devices
        dots = info.options.get("dots", 8)
        assert dots % 8 == 0
        assert dots // info.options.get("columns", 1) >= 8 or driver != "printer.escpos"


def test_a_profile_of_another_driver_is_refused():
    table = {"id": "x", "driver": "display.pole", "profile": "generic-80mm"}
    with pytest.raises(config.ConfigError, match=r"printer\.escpos"):
        config.read(None, {"device": [{**table, "port": "COM3"}]})
