"""One device: its thread, its queue, its state; opened again when it fails.

A thread lives until it is told to stop or hangs in its driver. One that hangs is
given up and replaced: its driver is closed when it ever comes back.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from .device_state import AWAY, DeviceState, failed, kind_of
from .errors import DeviceError
from .events import STATUS, EventBus
from .jobs import Job, Jobs
from .life import Life
from .timing import USUAL, Timing
from .values import CONNECTED, CONNECTING, ERROR, Action, DeviceInfo, Status

_logger = logging.getLogger(__name__)

LOST = AWAY | {"device_error"}
"""What an action raises when the device must be opened again."""
MAX_STUCK = 3
"""Threads given up for one device; then only a restart of the agent helps."""


class Worker:
    """One device. `make(info, emit)` builds its driver and may raise DeviceError."""

    def __init__(
        self,
        info: DeviceInfo,
        make: Callable,
        bus: EventBus,
        deadlines,
        timing: Timing = USUAL,
    ):
        self.info = info
        self.is_present = True
        self._make = make
        self._bus = bus
        self._deadlines = deadlines
        self._timing = timing
        self._changed = threading.Condition()
        self._jobs = Jobs()
        self._life = None
        self._last_life = None
        self._lives = 0
        self._last_crash = None
        self._is_open = False
        self._is_stopped = False
        self._retry = False
        self._restarts = 0
        self._stuck = []
        self._status = Status(CONNECTING)
        self._last_event = None
        self._actions = self._described_actions()

    def _described_actions(self):
        """Ask a driver that stays closed: callers want to know before it opens."""
        try:
            return self._make(self.info, lambda kind, data: None).actions()
        except DeviceError as error:
            self._status = failed(error)
        except Exception as error:  # noqa: BLE001  # a bug in a driver: the others live on
            self._status = self._crashed(error)
        return {}

    # === FOR OTHER THREADS === #

    def start(self):
        with self._changed:
            self._begin_life()

    def stop(self):
        """Have the driver closed; what waits is answered `closed`. See `join`."""
        with self._changed:
            self._is_stopped = True
            life, self._life = self._life, None
            if life:
                life.current = False
            waiting = self._jobs.take_all()
            self._changed.notify_all()
        for job in waiting:
            self._answer(job, DeviceError("closed", "The agent is stopping."))
        if life:
            self._wake(life)
        self._last_life = life

    def join(self, timeout_s):
        """Wait until the driver is closed."""
        if self._last_life:
            self._last_life.thread.join(timeout_s)

    def state(self) -> DeviceState:
        with self._changed:
            return DeviceState(
                id=self.info.stable_id,
                kind=kind_of(self.info.driver),
                driver=self.info.driver,
                name=self.info.name,
                state=self._status.state,
                code=self._status.code,
                message=self._status.message,
                queue=len(self._jobs),
                restarts=self._restarts,
                stuck=list(self._stuck),
                last_event=self._last_event,
                actions={name: one.scope for name, one in self._actions.items()},
            )

    def action(self, name: str) -> Action | None:
        return self._actions.get(name)

    def submit(self, name: str, params: dict, key: str | None):
        """Queue a call of a known action; return its future.

        A device that is away is tried at once, so that `Retry` on a screen means it.
        """
        job = Job(name, params, self._actions[name].timeout_s, key)
        with self._changed:
            if known := self._jobs.known(name, key):
                return known.future
            life = self._life
            if life is None:
                refusal = self._why_lifeless()
            elif not self._jobs.add(job):
                refusal = DeviceError(
                    "busy", "Too much is waiting for this device. Try again shortly."
                )
            else:
                refusal = None
                self._retry = self._retry or not self._is_open
                job.waiting = self._deadlines.after(
                    job.timeout_s, lambda: self._waited_too_long(job)
                )
                self._changed.notify_all()
        if refusal:
            job.fail(refusal)
        else:
            self._wake(life)
        return job.future

    def _why_lifeless(self):
        if self._is_stopped:
            return DeviceError("closed", "The agent is stopping.")
        return DeviceError(self._status.code, self._status.message)

    def update(self, info: DeviceInfo):
        """Take what discovery says now; a device that is back is tried at once."""
        with self._changed:
            is_back = not self.is_present
            is_new = info != self.info or info.options != self.info.options
            self.info = info
            self.is_present = True
            if is_back or is_new:
                self._retry = True
                self._changed.notify_all()

    # === THE THREAD === #

    def _begin_life(self):
        self._lives += 1
        life = Life(f"{self.info.stable_id} #{self._lives}")
        life.thread = threading.Thread(
            target=self._run, args=(life,), name=life.name, daemon=True
        )
        self._life = life
        life.thread.start()

    def _run(self, life):
        failures = 0
        while life.current:
            opened_at = None
            try:
                self._open(life)
                opened_at = time.monotonic()
                self._serve(life)
            except DeviceError as error:
                failure = failed(error)
            except Exception as error:  # noqa: BLE001  # a bug in a driver: the others live on
                failure = self._crashed(error)
            finally:
                self._close(life)
            if not life.current:
                break
            if opened_at and time.monotonic() - opened_at > self._timing.settled_s:
                failures = 0
            self._fail(life, failure, opened_at is not None)
            delay = self._timing.backoff_s * 2 ** min(failures, 16)
            self._pause(min(delay, self._timing.backoff_max_s), life)
            failures += 1
        with self._changed:
            if life.name in self._stuck:
                self._stuck.remove(life.name)
            if self._life is None and not self._is_stopped:
                self._begin_life()

    def _crashed(self, error):
        """Log a bug with where it is, once: it may come every half minute."""
        if repr(error) != self._last_crash:
            _logger.error(
                "The driver of %s failed", self.info.stable_id, exc_info=error
            )
        self._last_crash = repr(error)
        return Status(
            ERROR, "device_error", "The driver failed; the agent's log says how."
        )

    def _open(self, life):
        with self._changed:
            self._retry = False
            info = self.info
        life.overdue = False
        life.driver = self._make(
            info, lambda kind, data: self._emitted(life, kind, data)
        )
        life.actions = life.driver.actions()
        with self._limit(life, self._timing.open_s):
            life.driver.open()
        with self._changed:
            if life.current:
                self._is_open = True
                self._actions = life.actions
        self._note(life, life.driver.status())

    def _serve(self, life):
        while True:
            with self._changed:
                if not life.current:
                    return
                job = self._jobs.next()
            if job:
                self._do(life, job)
            else:
                with self._limit(life, self._timing.poll_s + self._timing.grace_s):
                    life.driver.poll(self._timing.poll_s)
            if life.overdue:
                raise DeviceError("timeout", "The device did not answer in time.")
            self._note(life, life.driver.status())

    def _do(self, life, job):
        job.waiting.cancel()
        if job.is_answered:
            return
        try:
            with self._limit(life, job.timeout_s, job):
                value = life.actions[job.action].run(job.params)
        except DeviceError as error:
            self._answer(job, error)
            if error.code in LOST:
                raise
        except Exception:
            self._answer(
                job,
                DeviceError(
                    "device_error", "The driver failed; the agent's log says how."
                ),
            )
            raise
        else:
            with self._changed:
                self._jobs.done(job, value)

    def _close(self, life):
        with self._changed:
            if self._life is life or self._life is None:
                self._is_open = False
        if life.driver is None:
            return
        try:
            with self._limit(life, self._timing.grace_s):
                life.driver.close()
        except Exception:  # it is let go of in any case
            _logger.exception("Closing %s failed", self.info.stable_id)
        life.driver = None

    def _fail(self, life, failure, was_open):
        """Tell of a failure; what waits is tried on a device opened anew, once."""
        with self._changed:
            waiting = [] if was_open else self._jobs.take_all()
            self._retry = self._retry or len(self._jobs) > 0
            self._restarts += 1
        self._note(life, failure)
        for job in waiting:
            self._answer(job, DeviceError(failure.code, failure.message))

    def _pause(self, seconds, life):
        with self._changed:
            self._changed.wait_for(lambda: self._retry or not life.current, seconds)

    # === TIME === #

    @contextlib.contextmanager
    def _limit(self, life, seconds, job=None):
        """Give the thread up if what it does now takes too long."""
        with self._changed:
            life.step += 1
            step = life.step
        deadline = self._deadlines.after(
            seconds, lambda: self._is_overdue(life, step, job)
        )
        try:
            yield
        finally:
            deadline.cancel()
            with self._changed:
                life.step += 1

    def _is_overdue(self, life, step, job):
        with self._changed:
            if life.step != step:
                return
            life.overdue = True
        if job:
            job.fail(DeviceError("timeout", "The device did not answer in time."))
        self._wake(life)
        self._deadlines.after(self._timing.grace_s, lambda: self._give_up(life, step))

    def _give_up(self, life, step):
        """Replace a thread that hangs in its driver; nothing can stop it."""
        with self._changed:
            if life.step != step or self._life is not life:
                return
            life.current = False
            self._is_open = False
            self._stuck.append(life.name)
            self._restarts += 1
            is_over = len(self._stuck) >= MAX_STUCK
            self._life = None
            if not is_over:
                self._begin_life()
            self._set_status(
                Status(
                    ERROR,
                    "timeout",
                    "The device's driver hangs. Restart the agent."
                    if is_over
                    else "The device's driver hung and was started again.",
                )
            )
        _logger.error("The thread %s hangs and was given up", life.name)

    def _waited_too_long(self, job):
        with self._changed:
            if not self._jobs.remove(job):
                return
            status = self._status if not self._is_open else Status(CONNECTED)
        job.fail(
            DeviceError(
                status.code or "busy",
                status.message or "The device is busy. Try again shortly.",
            )
        )

    # === WHAT IT SAYS === #

    def _emitted(self, life, kind, data):
        if kind == STATUS:
            self._note(life, data)
            return
        with self._changed:
            if life.current:
                event = self._bus.emit(self.info.stable_id, kind, data)
                self._last_event = {"kind": kind, "at": event.at}

    def _note(self, life, status):
        with self._changed:
            if life.current:
                self._set_status(status)

    def _set_status(self, status):
        if status == self._status:
            return
        self._status = status
        self._bus.emit(self.info.stable_id, STATUS, status)
        _logger.info(
            "%s is %s%s",
            self.info.stable_id,
            status.state,
            f": {status.message}" * bool(status.message),
        )

    def _answer(self, job, error):
        with self._changed:
            self._jobs.forget(job)
        if job.waiting:
            job.waiting.cancel()
        job.fail(error)

    def _wake(self, life):
        driver = life.driver
        try:
            if driver:
                driver.wake()
        except Exception:  # the poll ends by itself
            _logger.exception("Waking %s failed", self.info.stable_id)
