"""A device does what it is asked for: in turn, once, in its own thread."""

import asyncio
import contextlib
import threading

from scripted import ScriptedDriver, info

from conftest import PATIENCE_S, failure
from member_hw_agent import jobs
from member_hw_agent.values import CARD_WRITE, Action, WriteOrder

# === CALLS === #


def test_a_call_runs_in_the_devices_thread(run, world):
    supervisor = run()
    value = supervisor.call("one", "print", {"text": "a"}).result(PATIENCE_S)
    assert value["thread"] != threading.get_ident()
    again = supervisor.call("one", "print", {"text": "b"}).result(PATIENCE_S)
    assert again["thread"] == value["thread"]
    assert world.done == ["a", "b"]


def test_calls_are_refused_in_words(run):
    supervisor = run()
    assert failure(supervisor.call("two", "print")) == "no_device"
    assert failure(supervisor.call("one", "fly")) == "unsupported"
    assert failure(supervisor.call("one", "print", {"text": 1})) == "bad_request"
    too_long = {"text": "0123456789"}
    assert failure(supervisor.call("one", "print", too_long)) == "bad_request"
    assert failure(supervisor.call("one", "print", {"txet": ""})) == "bad_request"


def test_a_full_queue_answers_busy_and_loses_nothing(run, world):
    supervisor = run()
    first = supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    waiting = [
        supervisor.call("one", "print", {"text": str(n)}) for n in range(jobs.QUEUE)
    ]
    assert supervisor.device("one").queue == jobs.QUEUE
    assert failure(supervisor.call("one", "print")) == "busy"
    world.release.set()
    assert first.result(PATIENCE_S)
    for future in waiting:
        assert future.result(PATIENCE_S)
    assert world.done == ["late", *map(str, range(jobs.QUEUE))]


def test_a_job_that_waits_too_long_answers_busy_and_is_not_done(run, world):
    supervisor = run()
    supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    assert failure(supervisor.call("one", "hang")) == "busy"
    world.release.set()
    assert supervisor.call("one", "print", {"text": "x"}).result(PATIENCE_S)
    assert world.done == ["late", "x"]


def test_refusals_of_the_device_leave_it_open(run, world):
    """Paper runs out: the connection is as good as before."""
    supervisor = run()
    assert failure(supervisor.call("one", "fail", {"code": "paper_out"})) == "paper_out"
    assert supervisor.call("one", "print").result(PATIENCE_S)
    assert world.opened == 1
    assert supervisor.device("one").restarts == 0


def test_an_order_must_have_been_opened(start, bus, world):
    """What is sealed on the wire is a WriteOrder here, or refused."""
    written = []
    schema = {"properties": {"order": {"format": "order"}}, "required": ["order"]}

    class Writer(ScriptedDriver):
        def __init__(self, info, emit):
            super().__init__(info, emit, world)

        def actions(self):
            return {"write": Action(written.append, CARD_WRITE, 30, schema)}

    supervisor = start([info()], load=lambda name: Writer)
    assert failure(supervisor.call("one", "write", {"order": "x"})) == "bad_request"
    assert failure(supervisor.call("one", "write", {})) == "bad_request"
    order = WriteOrder("key", "write", "04A1B2C3", b"content", {"key_b": b"secret"})
    supervisor.call("one", "write", {"order": order}).result(PATIENCE_S)
    assert written == [{"order": order}]


def test_who_hangs_up_cancels_nothing(run, world):
    """A browser that goes away does not take its receipt with it."""
    supervisor = run()
    supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    future = supervisor.call("one", "print", {"text": "receipt"})

    async def hang_up():
        waiting = asyncio.wrap_future(future)
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting

    asyncio.run(hang_up())
    world.release.set()
    assert future.result(PATIENCE_S)
    assert world.done == ["late", "receipt"]


# === KEYS === #


def test_a_key_is_done_once(run, world):
    supervisor = run()
    first = supervisor.call("one", "print", {"text": "a"}, key="k").result(PATIENCE_S)
    again = supervisor.call("one", "print", {"text": "a"}, key="k").result(PATIENCE_S)
    other = supervisor.call("one", "print", {"text": "a"}, key="l").result(PATIENCE_S)
    assert first == again
    assert other != first
    assert world.done == ["a", "a"]


def test_a_key_that_waits_is_not_queued_twice(run, world):
    supervisor = run()
    supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    futures = [
        supervisor.call("one", "print", {"text": "a"}, key="k") for _again in range(3)
    ]
    world.release.set()
    assert len({future.result(PATIENCE_S)["printed"] for future in futures}) == 1
    assert world.done == ["late", "a"]


def test_a_key_that_failed_is_tried_again(run, world):
    supervisor = run()
    assert failure(supervisor.call("one", "fail", {}, key="k")) == "paper_out"
    assert failure(supervisor.call("one", "crash", {}, key="c")) == "device_error"
    assert failure(supervisor.call("one", "crash", {}, key="c")) == "device_error"
    assert world.opened >= 2


def test_a_crash_costs_those_that_wait_nothing(run, world):
    supervisor = run()
    supervisor.call("one", "wait")
    assert world.hanging.acquire(timeout=PATIENCE_S)
    crash = supervisor.call("one", "crash")
    waiting = supervisor.call("one", "print", {"text": "a"})
    world.release.set()
    assert failure(crash) == "device_error"
    assert waiting.result(PATIENCE_S)


def test_a_key_whose_answer_came_late_is_not_done_again(run, world, bus):
    """The till gave up waiting, the receipt was printed all the same."""
    supervisor = run()
    assert failure(supervisor.call("one", "hang", {}, key="k")) == "timeout"
    assert failure(supervisor.call("one", "hang", {}, key="k")) == "timeout"
    world.release.set()
    # The thread comes back, and opens the device afresh before it goes on.
    assert supervisor.call("one", "print", {"text": "next"}).result(PATIENCE_S)
    late = supervisor.call("one", "hang", {}, key="k").result(PATIENCE_S)
    assert late == {"printed": 1}
    assert world.done == ["late", "next"]


def test_many_keys_are_forgotten_in_time(run, world, monkeypatch):
    monkeypatch.setattr(jobs, "REMEMBERED", 2)
    supervisor = run()
    for key in ("a", "b", "c", "a", "c"):
        supervisor.call("one", "print", {"text": key}, key=key).result(PATIENCE_S)
    assert world.done == ["a", "b", "c", "a"]


def test_an_old_key_is_a_new_job(run, world, monkeypatch):
    supervisor = run()
    supervisor.call("one", "print", {"text": "a"}, key="k").result(PATIENCE_S)
    monkeypatch.setattr(jobs, "REMEMBERED_S", -1)
    supervisor.call("one", "print", {"text": "b"}, key="k").result(PATIENCE_S)
    assert world.done == ["a", "b"]
