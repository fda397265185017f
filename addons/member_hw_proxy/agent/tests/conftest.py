"""What the agent's tests share: a bus to listen to, and devices to play with."""

import threading

import pytest
import rigs
from hypothesis import HealthCheck, settings
from patience import PATIENCE_S
from pcsc_bench import bench, open_bench, pcscd, service  # noqa: F401
from scripted import World, info

from member_hw_agent.errors import DeviceError
from member_hw_agent.events import EventBus
from member_hw_agent.state import State
from member_hw_agent.supervisor import Supervisor
from member_hw_agent.timing import Timing
from member_hw_agent.values import CONNECTED

# The same examples in each run, however slow the machine is. New ones are looked for
# with ARGS=--hypothesis-profile=default.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

QUICK = Timing(
    poll_s=0.05,
    open_s=PATIENCE_S,
    grace_s=PATIENCE_S,
    backoff_s=0.01,
    backoff_max_s=0.05,
    discover_s=0.05,
)


class HeardBus(EventBus):
    """A bus whose events a test waits for, without asyncio."""

    def __init__(self):
        super().__init__()
        self.heard = []
        self._more = threading.Condition()

    def emit(self, device, kind, data):
        event = super().emit(device, kind, data)
        with self._more:
            self.heard.append(event)
            self._more.notify_all()
        return event

    def kinds(self):
        return [event.kind for event in self.heard]

    def states(self, device=None):
        """Return the states that devices went through."""
        return [
            event.data.state
            for event in self.heard
            if event.kind == "status" and device in (None, event.device)
        ]

    def wait(self, is_there, what):
        """Wait until `is_there(self)`; `what` is for the message."""
        with self._more:
            if not self._more.wait_for(lambda: is_there(self), PATIENCE_S):
                pytest.fail(f"Not seen in {PATIENCE_S} s: {what}; heard {self.heard}")


def failure(future):
    """Return the code with which a call of a device failed."""
    error = future.exception(PATIENCE_S)
    assert isinstance(error, DeviceError)
    return error.code


@pytest.fixture
def bus():
    return HeardBus()


@pytest.fixture
def state(tmp_path):
    return State(tmp_path)


@pytest.fixture
def start(bus, state):
    """Return a function that starts a supervisor, stopped after the test."""
    started = []

    def start(configured=(), discover=(), timing=QUICK, **options):
        supervisor = Supervisor(
            bus, state, configured, discover, timing=timing, **options
        )
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop()


@pytest.fixture
def world():
    world = World()
    yield world
    world.release.set()


@pytest.fixture
def run(start, world, bus):
    """Return a function that starts one scripted device and waits until it is open."""

    def run(**options):
        supervisor = start([info()], load=world.load, **options)
        bus.wait(lambda bus: CONNECTED in bus.states(), "connected")
        return supervisor

    return run


@pytest.fixture(params=sorted(rigs.RIGS))
def rig(request, tmp_path):
    """Every driver's device in turn."""
    rig = rigs.make(request.param, tmp_path)
    try:
        yield rig
    finally:
        rig.close()
