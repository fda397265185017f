"""Devices that come, go and change while the agent runs."""

import dataclasses

from scripted import info

from conftest import PATIENCE_S, QUICK
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import CONNECTED

AWAY = "disconnected"


def test_a_device_plugged_in_later_appears_and_comes_back(start, world, bus):
    supervisor = start(discover=["test.scripted"], load=world.load)
    assert supervisor.has_discovered.wait(PATIENCE_S)
    assert supervisor.devices() == []
    world.found = [info("reader")]
    bus.wait(lambda bus: CONNECTED in bus.states("reader"), "found")
    # It is pulled: the driver notices, then discovery does not find it any more.
    world.found = []
    world.open_fails = [DeviceError("no_device", "Plug it in.")]
    world.poll_fails = [DeviceError("no_device", "Plug it in.")]
    bus.wait(lambda bus: AWAY in bus.states("reader"), "pulled")
    world.found = [info("reader")]
    bus.wait(lambda bus: bus.states("reader")[-1] == CONNECTED, "back")
    assert [device.id for device in supervisor.devices()] == ["reader"]


def test_a_device_that_is_found_again_is_not_kept_waiting(start, world, bus):
    world.found = [info("reader")]
    timing = dataclasses.replace(QUICK, backoff_s=3600, backoff_max_s=3600)
    start(discover=["test.scripted"], load=world.load, timing=timing)
    bus.wait(lambda bus: CONNECTED in bus.states("reader"), "found")
    world.found = []
    world.poll_fails = [DeviceError("no_device", "Plug it in.")]
    bus.wait(lambda bus: AWAY in bus.states("reader"), "pulled")
    world.wait_for_rounds()
    world.found = [info("reader")]
    bus.wait(lambda bus: bus.states("reader").count(CONNECTED) == 2, "back")
    assert world.opened == 2


def test_options_that_changed_are_taken(start, world, bus):
    """It was plugged into another socket: the port's name is another one."""
    world.found = [info("reader", path="/dev/ttyUSB0")]
    timing = dataclasses.replace(QUICK, backoff_s=3600, backoff_max_s=3600)
    start(discover=["test.scripted"], load=world.load, driver_options={}, timing=timing)
    bus.wait(lambda bus: CONNECTED in bus.states("reader"), "found")
    world.poll_fails = [DeviceError("no_device", "Plug it in.")]
    bus.wait(lambda bus: AWAY in bus.states("reader"), "pulled")
    world.found = [info("reader", path="/dev/ttyUSB1")]
    bus.wait(lambda bus: bus.states("reader").count(CONNECTED) == 2, "back")
    assert world.drivers[-1].info.options["path"] == "/dev/ttyUSB1"


def test_discovery_that_fails_stops_nothing_and_is_logged_once(
    start, world, bus, caplog
):
    world.found = [RuntimeError("a bug")]
    supervisor = start(discover=["test.scripted"], load=world.load)
    world.wait_for_rounds()
    assert len([one for one in caplog.records if "a bug" in one.getMessage()]) == 1
    assert ["a bug" in one for one in supervisor.troubles()] == [True]
    world.found = [info("reader")]
    bus.wait(lambda bus: CONNECTED in bus.states("reader"), "found")
    assert supervisor.troubles() == []


def test_what_the_configuration_names_is_not_found_a_second_time(start, world, bus):
    world.found = [info("one", path="found")]
    supervisor = start([info("one", path="named")], ["test.scripted"], load=world.load)
    bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
    world.wait_for_rounds()
    assert len(supervisor.devices()) == 1
    assert world.drivers[-1].info.options["path"] == "named"


def test_each_device_has_a_folder_of_its_own(start, world, bus, state):
    start([info("one"), info("two")], load=world.load)
    bus.wait(lambda bus: bus.states().count(CONNECTED) == 2, "connected")
    folders = {one.info.options["state"].directory for one in world.drivers}
    assert len(folders) == 2
    assert all(state.directory in folder.parents for folder in folders)


def test_kinds_and_the_first_of_each(start, world, bus):
    supervisor = start([info("one"), info("two")], load=world.load)
    assert supervisor.first("test").id == "one"
    assert supervisor.first("printer") is None
