"""What every driver must hold, whatever its device; see drivers/base.py and rigs.py."""

import dataclasses
import logging
import threading

import pytest

from conftest import PATIENCE_S
from member_hw_agent import drivers, schema
from member_hw_agent.errors import DeviceError
from member_hw_agent.logs import MaskingFormatter
from member_hw_agent.values import CONNECTED, SCOPES, Status


@pytest.fixture
def emitted():
    return []


@pytest.fixture
def driver(rig, state, emitted):
    """A driver that is closed, and is closed after the test."""
    driver = make(rig, state, lambda kind, data: emitted.append((kind, data)))
    try:
        yield driver
    finally:
        driver.close()


def make(rig, state, emit):
    info = rig.info()
    options = {**info.options, "state": state.of_device(info.stable_id)}
    return drivers.load(rig.kind)(dataclasses.replace(info, options=options), emit)


def test_it_has_a_name_and_options_that_are_described(rig):
    cls = drivers.load(rig.kind)
    assert cls.kind == rig.kind
    if cls.options_schema is not None:
        assert schema.unknown_keywords(cls.options_schema) == set()
        schema.check({"type": "object", **cls.options_schema}, rig.info().options, "")


def test_open_and_close_twice(rig, driver):
    for _again in range(2):
        driver.open()
        assert driver.status().state == CONNECTED
        driver.close()
        driver.close()
        assert rig.is_free()


def test_close_before_open(driver):
    driver.close()
    driver.wake()
    assert isinstance(driver.status(), Status)


def test_a_failed_open_lets_go_and_may_be_tried_again(rig, driver):
    if not rig.can_be_pulled:
        pytest.skip("this device is always there")
    rig.pull()
    with pytest.raises(DeviceError):
        driver.open()
    driver.close()
    driver.close()
    rig.plug_in()
    driver.open()
    assert driver.status().state == CONNECTED
    driver.close()
    assert rig.is_free()


def test_status_answers_and_wake_interrupts_while_it_polls(rig, driver):
    """A poll of an hour runs; status is told meanwhile, and wake ends it.

    The first poll may return at once: it tells what was there already.
    """
    is_open, is_over = threading.Event(), threading.Event()

    def live():
        driver.open()
        driver.poll(0)
        is_open.set()
        while not is_over.is_set():
            driver.poll(3600)
        driver.close()

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    assert is_open.wait(PATIENCE_S)
    assert isinstance(driver.status(), Status)
    is_over.set()
    for _attempt in range(int(PATIENCE_S / 0.05)):
        driver.wake()
        thread.join(0.05)
        if not thread.is_alive():
            break
    assert not thread.is_alive()
    assert rig.is_free()


def test_actions_are_described(driver):
    """Scope, time limit and parameters are known before the device is open."""
    before = driver.actions()
    assert before
    for name, action in before.items():
        assert action.scope in SCOPES, name
        assert 0 < action.timeout_s <= 120, name
        assert callable(action.run), name
        assert schema.unknown_keywords(action.schema) == set(), name
    driver.open()
    assert set(driver.actions()) == set(before)


def test_bad_parameters_are_refused(rig, start, bus):
    supervisor = start([rig.info()])
    bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
    device = rig.info().stable_id
    for name in supervisor.device(device).actions:
        for params in ({"no_such_parameter": 1}, ["a", "list"]):
            error = supervisor.call(device, name, params).exception(PATIENCE_S)
            assert error.code == "bad_request", name
    for name, params in rig.refused:
        error = supervisor.call(device, name, params).exception(PATIENCE_S)
        assert error.code == "bad_request", (name, params)
    assert supervisor.device(device).restarts == 0


def test_it_says_what_its_device_says(rig, driver, emitted):
    driver.open()
    rig.prepare(driver)
    emitted.clear()
    rig.speak(driver)
    for _attempt in range(200):
        kinds = [kind for kind, _data in emitted if kind != "status"]
        if len(kinds) >= len(rig.speaks):
            break
        driver.poll(0.1)
    assert tuple(kinds) == rig.speaks


def test_a_pulled_device_is_told_and_comes_back(rig, start, bus):
    if not rig.can_be_pulled:
        pytest.skip("this device is always there")
    device = rig.info().stable_id
    supervisor = start([rig.info()])
    bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
    rig.pull()
    name, params = rig.usual
    error = supervisor.call(device, name, params).exception(PATIENCE_S)
    assert isinstance(error, DeviceError)
    bus.wait(lambda bus: bus.states()[-1] != CONNECTED, "told that it is away")
    state = supervisor.device(device)
    assert state.code
    assert state.message.endswith(".")
    rig.plug_in()
    bus.wait(lambda bus: bus.states()[-1] == CONNECTED, "connected again")
    assert supervisor.device(device).id == device


def test_its_usual_action_works(rig, driver):
    name, params = rig.usual
    schema.check_params(driver.actions()[name].schema, params)
    driver.open()
    rig.prepare(driver)
    driver.actions()[name].run(params)
    driver.close()
    assert rig.is_free()


def test_nothing_is_logged_in_plain(rig, driver, emitted, caplog):
    """Not even at the finest level, before the log masks what looks like a number."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(MaskingFormatter())
    driver.open()
    rig.prepare(driver)
    rig.speak(driver)
    driver.poll(0.1)
    name, params = rig.usual
    driver.actions()[name].run(params)
    driver.close()
    said = "\n".join(record.getMessage() for record in caplog.records)
    for secret in rig.secrets:
        assert secret not in said
        assert secret not in caplog.text
