"""What all simulated devices share: they can be pulled, and told to fail."""

import threading

from ...errors import CODES, DeviceError
from ...values import CONNECTED, SETUP, Action, Status
from ..base import Driver


class SimulatedDevice(Driver):
    """A device whose world is a file, so that it is the same after a restart.

    `simulate {refuse_opens, fail_next, …}` (scope setup) changes the world. Pulling it
    (`refuse_opens: n`) loses the connection, and the next n attempts to open it fail.
    From outside it is pulled by a file `pulled.json` in its state folder.
    """

    options_schema = {"properties": {"title": {"type": "string"}}}
    world = {}
    """What the world is like before anybody changed it."""
    simulated = {}
    """JSON Schema properties of what else `simulate` takes."""

    def __init__(self, info, emit):
        super().__init__(info, emit)
        self._woken = threading.Event()
        self._is_open = False

    def open(self):
        self.world = {**type(self).world, **self._state.read("world", {})}
        self._is_open = True
        self.must_be_there()
        if left := self.world.get("refuse_opens", 0):
            self._is_open = False
            self.change(refuse_opens=left - 1)
            raise DeviceError("no_device", "The simulated device is not plugged in.")

    def close(self):
        self._is_open = False

    def status(self):
        return Status(CONNECTED)

    def poll(self, timeout_s):
        self.must_be_there()
        self._woken.wait(timeout_s)
        self._woken.clear()

    def wake(self):
        self._woken.set()

    def actions(self):
        return {
            "simulate": Action(
                self.simulate,
                SETUP,
                schema={
                    "properties": {
                        "refuse_opens": {"type": "integer", "minimum": 0},
                        "fail_next": {"type": "string", "enum": sorted(CODES)},
                        **self.simulated,
                    }
                },
            )
        }

    def simulate(self, params):
        """Change the world; return it."""
        self.must_be_there()
        self.change(**params)
        if params.get("refuse_opens"):
            self._is_open = False
        return self.world

    def change(self, **values):
        self.world = {**self.world, **values}
        self._state.write("world", self.world)

    def must_be_there(self):
        if self._state.read("pulled"):
            self._is_open = False
        if not self._is_open:
            raise DeviceError("no_device", "The simulated device is not plugged in.")

    def must_work(self):
        """Fail once if that was asked for."""
        self.must_be_there()
        if code := self.world.get("fail_next"):
            self.change(fail_next=None)
            raise DeviceError(code, "The simulated device was told to fail.")

    @property
    def _state(self):
        return self.info.options["state"]
