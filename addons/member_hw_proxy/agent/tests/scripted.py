"""A driver that does what a test says, step by step: no clock decides anything."""

import threading

from patience import PATIENCE_S

from member_hw_agent.drivers.base import Driver
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import CONNECTED, PRINT, Action, DeviceInfo, Status

HANG_S = 1.0
"""How long an action may take that hangs, and wait for its turn before: a busy machine
must have begun it by then."""


class World:
    """What happens to the drivers made in it, and what they did."""

    def __init__(self):
        self.drivers = []
        self.opened = 0
        self.closed = 0
        self.done = []
        self.open_fails = []
        """What the next openings raise, in order; None: that one works."""
        self.poll_fails = []
        self.release = threading.Event()
        """Set: an action or an opening that hangs returns."""
        self.hanging = threading.Semaphore(0)
        """Released by each call that begins to hang."""
        self.hangs_in_open = False
        self.hears_wake = True
        self.found = []
        """What discovery finds: DeviceInfo, or an exception that it raises."""
        self.rounds = threading.Semaphore(0)
        """Released by each round of discovery."""

    def load(self, name):
        """Be the `load` of a Supervisor."""
        assert name == "test.scripted"
        world = self

        class Scripted(ScriptedDriver):
            def __init__(self, info, emit):
                super().__init__(info, emit, world)

            @classmethod
            def discover(cls, options):
                world.rounds.release()
                for one in world.found:
                    if isinstance(one, Exception):
                        raise one
                return list(world.found)

        return Scripted

    def wait_for_rounds(self):
        """Wait until discovery has seen what is found now, from beginning to end."""
        while self.rounds.acquire(blocking=False):
            pass
        for _round in range(2):
            assert self.rounds.acquire(timeout=PATIENCE_S)

    def hang(self):
        self.hanging.release()
        assert self.release.wait(PATIENCE_S)


class ScriptedDriver(Driver):
    kind = "test.scripted"

    def __init__(self, info, emit, world):
        super().__init__(info, emit)
        self.world = world
        self.woken = threading.Event()
        world.drivers.append(self)

    def open(self):
        self.world.opened += 1
        if self.world.hangs_in_open:
            self.world.hang()
        failure = self.world.open_fails.pop(0) if self.world.open_fails else None
        if failure:
            raise failure

    def close(self):
        self.world.closed += 1

    def status(self):
        return Status(CONNECTED)

    def actions(self):
        text = {"properties": {"text": {"type": "string", "maxLength": 9}}}
        return {
            "print": Action(self.print, PRINT, 30, text),
            "hang": Action(self.hang, PRINT, HANG_S),
            "wait": Action(self.hang, PRINT, PATIENCE_S),
            "fail": Action(self.fail, PRINT, 30, {"properties": {"code": {}}}),
            "crash": Action(self.crash, PRINT, 30),
        }

    def poll(self, timeout_s):
        if self.world.poll_fails:
            raise self.world.poll_fails.pop(0)
        self.woken.wait(timeout_s)
        self.woken.clear()

    def wake(self):
        if self.world.hears_wake:
            self.woken.set()

    # === ACTIONS === #

    def print(self, params):
        self.world.done.append(params.get("text"))
        return {"printed": len(self.world.done), "thread": threading.get_ident()}

    def hang(self, _params):
        self.world.hang()
        self.world.done.append("late")
        return {"printed": len(self.world.done)}

    def fail(self, params):
        raise DeviceError(params.get("code", "paper_out"), "It was told to fail.")

    def crash(self, _params):
        raise ValueError("a bug, about card 6210948800001234")


def info(stable_id="one", **options):
    return DeviceInfo(stable_id, "test.scripted", "Scripted", options)
