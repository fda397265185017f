"""All devices: those of the configuration, and those that are found."""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from . import drivers, schema
from .deadlines import Deadlines
from .device_state import DeviceState
from .errors import DeviceError
from .events import EventBus
from .state import State
from .timing import USUAL, Timing
from .values import Action, DeviceInfo
from .worker import Worker

_logger = logging.getLogger(__name__)

MAX_DEVICES = 64
STOP_S = 5.0
"""How long stopping waits for devices to be closed, all together."""


class Supervisor:
    """Starts a thread for each device and keeps it going. Any thread may call.

    :param configured: the devices that the configuration names; always there.
    :param discover: drivers whose devices are looked for every few seconds.
    :param driver_options: by driver, the options of devices that are found.
    :param state: the agent's folder; each device gets one of its own in it.
    :param load: `load(name)` returns a driver class or raises NoDriver.
    """

    def __init__(
        self,
        bus: EventBus,
        state: State,
        configured: Iterable[DeviceInfo] = (),
        discover: Iterable[str] = (),
        driver_options: dict[str, dict] | None = None,
        load: Callable = drivers.load,
        timing: Timing = USUAL,
    ):
        self._bus = bus
        self._state = state
        self._discover = tuple(discover)
        self._driver_options = driver_options or {}
        self._load = load
        self._timing = timing
        self._deadlines = Deadlines()
        self._lock = threading.Lock()
        self._workers = {}
        self._complaints = {}
        self._stopping = threading.Event()
        self.has_discovered = threading.Event()
        """Set when all drivers have looked for devices once."""
        self._thread = threading.Thread(
            target=self._keep_discovering, name="discovery", daemon=True
        )
        for info in configured:
            self._workers[info.stable_id] = self._new_worker(info)
        self._configured = frozenset(self._workers)

    def start(self):
        """Open the devices; returns at once."""
        self._deadlines.start()
        with self._lock:
            workers = list(self._workers.values())
        for worker in workers:
            worker.start()
        self._thread.start()

    def stop(self):
        """Close all devices; waits some seconds for those that are slow."""
        self._stopping.set()
        with self._lock:
            workers = list(self._workers.values())
        for worker in workers:
            worker.stop()
        until = time.monotonic() + STOP_S
        for worker in workers:
            worker.join(max(0, until - time.monotonic()))
        self._deadlines.stop()

    def devices(self) -> list[DeviceState]:
        """Return all devices: first those configured, then those found, in order."""
        with self._lock:
            workers = list(self._workers.values())
        return [worker.state() for worker in workers]

    def device(self, device_id: str) -> DeviceState | None:
        worker = self._workers.get(device_id)
        return worker.state() if worker else None

    def first(self, kind: str) -> DeviceState | None:
        """Return the first device of a kind (reader, scanner, printer, display)."""
        return next((one for one in self.devices() if one.kind == kind), None)

    def troubles(self) -> list[str]:
        """Return why devices may not be found, in sentences: most often nothing."""
        return [text for text in list(self._complaints.values()) if text]

    def action(self, device_id: str, name: str) -> Action | None:
        """Return what would be called: for its scope and its schema."""
        worker = self._workers.get(device_id)
        return worker.action(name) if worker else None

    def call(
        self, device_id: str, action: str, params: dict | None = None, key=None
    ) -> Future:
        """Ask a device for something; returns at once, never raises.

        :param params: checked against the action's schema. What the schema calls an
            order must be a WriteOrder already.
        :param key: asking again under the same key answers the first call's result
            and does nothing, unless the first one failed.
        :return: a future with the action's value, or DeviceError: no_device,
            unsupported, bad_request, busy (32 wait), timeout, closed, or the driver's.
        """
        worker = self._workers.get(device_id)
        if not worker:
            return refused("no_device", f"There is no device {device_id}.")
        described = worker.action(action)
        if not described:
            status = worker.state()
            if not status.actions and status.code:
                return refused(status.code, status.message)
            return refused("unsupported", f"The device {device_id} cannot {action}.")
        params = {} if params is None else params
        try:
            schema.check_params(described.schema, params)
        except schema.Invalid as error:
            return refused("bad_request", str(error))
        return worker.submit(action, params, key)

    def _new_worker(self, info):
        state = self._state.of_device(info.stable_id)

        def make(info, emit):
            info = dataclasses.replace(info, options={**info.options, "state": state})
            try:
                driver = self._load(info.driver)
            except drivers.NoDriver as error:
                raise DeviceError("unsupported", str(error)) from error
            return driver(info, emit)

        return Worker(info, make, self._bus, self._deadlines, self._timing)

    # === DISCOVERY === #

    def _keep_discovering(self):
        while not self._stopping.is_set():
            for name in self._discover:
                try:
                    self._look_for(name)
                except Exception as error:  # noqa: BLE001  # a bug in one driver stops no other
                    self._complain(name, f"Looking for {name} devices: {error!r}")
            self.has_discovered.set()
            self._stopping.wait(self._timing.discover_s)

    def _look_for(self, name):
        options = self._driver_options.get(name, {})
        try:
            cls = self._load(name)
        except drivers.NoDriver as error:
            self._complain(name, str(error))
            return
        found = list(cls.discover(options))
        self._complain(name, None)
        for info in found:
            self._take(dataclasses.replace(info, options={**options, **info.options}))
        ids = {info.stable_id for info in found}
        with self._lock:
            workers = list(self._workers.values())
        for worker in workers:
            is_ours = worker.info.driver == name
            if is_ours and worker.info.stable_id not in ids | self._configured:
                worker.is_present = False

    def _take(self, info):
        with self._lock:
            worker = self._workers.get(info.stable_id)
            if worker is None and len(self._workers) >= MAX_DEVICES:
                self._complain("", f"More than {MAX_DEVICES} devices: {info.stable_id}")
                return
            if worker is None:
                worker = self._workers[info.stable_id] = self._new_worker(info)
                worker.start()
                return
        if info.stable_id not in self._configured:
            worker.update(info)

    def _complain(self, about, message):
        """Log a trouble once, not every five seconds."""
        if message and self._complaints.get(about) != message:
            _logger.warning("%s", message)
        self._complaints[about] = message


def refused(code, message) -> Future:
    future = Future()
    future.set_exception(DeviceError(code, message))
    return future
