"""A device that fails is opened again, and takes nothing else down."""

import dataclasses
import threading

from scripted import ScriptedDriver, info

from conftest import PATIENCE_S, QUICK, failure
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import CONNECTED, ERROR
from member_hw_agent.worker import MAX_STUCK

AWAY = "disconnected"
IMPATIENT = dataclasses.replace(QUICK, grace_s=0.05, poll_s=PATIENCE_S)
"""What hangs is given up soon; a poll, which calls interrupt, does not hang."""


# === FAILURES === #


def test_a_crashing_driver_is_opened_again_and_others_never_notice(start, world, bus):
    supervisor = start([info(), info("two")], load=world.load)
    bus.wait(lambda bus: bus.states().count(CONNECTED) == 2, "both connected")
    assert failure(supervisor.call("one", "crash")) == "device_error"
    bus.wait(lambda bus: bus.states("one").count(CONNECTED) == 2, "one is back")
    assert supervisor.call("one", "print").result(PATIENCE_S)
    assert supervisor.device("one").restarts == 1
    assert supervisor.device("two").restarts == 0
    assert bus.states("two") == [CONNECTED]
    assert world.closed == 1


def test_a_crash_while_polling_is_told_and_mended(run, world, bus):
    supervisor = run()
    world.poll_fails = [RuntimeError("a bug")]
    bus.wait(lambda bus: bus.states()[-2:] == [ERROR, CONNECTED], "error, connected")
    assert supervisor.device("one").restarts == 1


def test_a_lost_device_is_told_and_opened_again(run, world, bus):
    run()
    world.open_fails = [DeviceError("no_device", "Plug it in.")] * 3
    world.poll_fails = [DeviceError("no_device", "Plug it in.")]
    bus.wait(lambda bus: bus.states().count(CONNECTED) == 2, "connected again")
    assert bus.states() == [CONNECTED, AWAY, CONNECTED]
    assert world.opened == 5
    assert world.closed == 4
    told = next(event.data for event in bus.heard if event.data.state == AWAY)
    assert (told.code, told.message) == ("no_device", "Plug it in.")


def test_back_off_doubles_up_to_its_limit(start, world, bus, monkeypatch):
    """0.5 s, 1, 2 … 30, and from the start again once the device had settled."""
    pauses = []
    is_enough = threading.Event()

    def pause(self, seconds, life):
        pauses.append(seconds)
        if len(pauses) == 9:
            is_enough.set()
            life.current = False

    monkeypatch.setattr("member_hw_agent.worker.Worker._pause", pause)
    world.open_fails = [DeviceError("no_device", "Plug it in.")] * 9
    timing = dataclasses.replace(QUICK, backoff_s=0.5, backoff_max_s=30.0)
    start([info()], load=world.load, timing=timing)
    assert is_enough.wait(PATIENCE_S)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_call_has_a_device_that_is_away_tried_at_once(start, world, bus):
    """Who presses `Retry` after switching the printer on waits no half minute."""
    world.open_fails = [DeviceError("offline", "Switch it on.")] * 2
    timing = dataclasses.replace(QUICK, backoff_s=3600, backoff_max_s=3600)
    supervisor = start([info()], load=world.load, timing=timing)
    bus.wait(lambda bus: AWAY in bus.states(), "away")
    assert failure(supervisor.call("one", "print")) == "offline"
    assert supervisor.call("one", "print").result(PATIENCE_S)
    assert world.opened == 3


def test_a_device_that_cannot_be_built_says_why(start, bus):
    """As when what a driver needs is not installed."""

    def load(name):
        raise DeviceError("unsupported", "Install more.")

    supervisor = start([info()], load=load)
    bus.wait(lambda bus: ERROR in bus.states() or bus.heard == [], "an error")
    state = supervisor.device("one")
    assert (state.state, state.code) == (ERROR, "unsupported")
    assert failure(supervisor.call("one", "print")) == "unsupported"


def test_a_driver_with_a_bug_in_its_beginning_stops_no_other(start, world, bus):
    class Broken(ScriptedDriver):
        def __init__(self, info, emit):
            raise TypeError("a bug")

    good = world.load("test.scripted")
    infos = [dataclasses.replace(info("bad"), driver="broken"), info()]
    supervisor = start(infos, load=lambda name: Broken if name == "broken" else good)
    bus.wait(lambda bus: CONNECTED in bus.states("one"), "the other")
    state = supervisor.device("bad")
    assert (state.state, state.code) == (ERROR, "device_error")
    assert failure(supervisor.call("bad", "print")) == "device_error"


def test_a_bug_is_logged_once_with_where_it_is(run, world, bus, caplog):
    supervisor = run()
    for _again in range(3):
        assert failure(supervisor.call("one", "crash")) == "device_error"
    found = [one for one in caplog.records if one.exc_info]
    assert len(found) == 1
    assert "scripted.py" in caplog.text


# === HANGING === #


def test_a_hanging_action_times_out_and_its_thread_is_replaced(run, world, bus):
    supervisor = run(timing=IMPATIENT)
    assert failure(supervisor.call("one", "hang")) == "timeout"
    bus.wait(lambda bus: bus.states()[-2:] == [ERROR, CONNECTED], "replaced")
    state = supervisor.device("one")
    assert state.stuck == ["one #1"]
    assert state.restarts == 1
    assert supervisor.call("one", "print", {"text": "a"}).result(PATIENCE_S)
    thread = next(one for one in threading.enumerate() if one.name == "one #1")
    world.release.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert supervisor.device("one").stuck == []
    assert supervisor.device("one").state == CONNECTED


def test_a_thread_that_was_given_up_is_not_heard_any_more(run, world, bus):
    supervisor = run(timing=IMPATIENT)
    old = world.drivers[-1]
    assert failure(supervisor.call("one", "hang")) == "timeout"
    bus.wait(lambda bus: bus.states()[-2:] == [ERROR, CONNECTED], "replaced")
    old.emit("scan", "from the past")
    world.drivers[-1].emit("scan", "from now")
    assert [event.data for event in bus.heard if event.kind == "scan"] == ["from now"]


def test_a_device_whose_threads_keep_hanging_is_left_alone(start, world, bus):
    world.hangs_in_open = True
    timing = dataclasses.replace(IMPATIENT, open_s=0.02)
    supervisor = start([info()], load=world.load, timing=timing)
    bus.wait(
        lambda bus: any("Restart the agent" in one.data.message for one in bus.heard),
        "given up",
    )
    assert len(supervisor.device("one").stuck) == MAX_STUCK
    assert world.opened == MAX_STUCK
    assert failure(supervisor.call("one", "print")) == "timeout"
    # One comes back after all: the device is tried again.
    world.hangs_in_open = False
    world.release.set()
    bus.wait(lambda bus: bus.states()[-1] == CONNECTED, "back")
    assert supervisor.call("one", "print").result(PATIENCE_S)


def test_stop_answers_what_waits(run, world):
    supervisor = run()
    running = supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    waiting = supervisor.call("one", "print")
    stopper = threading.Thread(target=supervisor.stop)
    stopper.start()
    assert failure(waiting) == "closed"
    world.release.set()
    assert running.result(PATIENCE_S)
    stopper.join(PATIENCE_S)
    assert world.closed == 1
    assert failure(supervisor.call("one", "print")) == "closed"
