"""What was asked of one device: each answered once, a repeated one not done again."""

import logging
import threading
import time
from collections import OrderedDict, deque
from concurrent.futures import Future
from typing import Any

from .errors import DeviceError

_logger = logging.getLogger(__name__)

QUEUE = 32
REMEMBERED = 1000
"""Jobs with a key whose results are kept, for each device."""
REMEMBERED_S = 24 * 3600


class Job:
    """One call of an action. `future` is answered exactly once, whatever happens."""

    def __init__(self, action: str, params: dict, timeout_s: float, key: str | None):
        self.action = action
        self.params = params
        self.timeout_s = timeout_s
        self.key = key
        self.future = Future()
        self.future.set_running_or_notify_cancel()  # who hangs up cancels nothing
        self.asked_at = time.monotonic()
        self.waiting = None
        """The deadline by which it must have left the queue."""
        self._lock = threading.Lock()

    def finish(self, value: Any) -> bool:
        """Answer; False if a time-out was answered before."""
        return self._settle(self.future.set_result, value)

    def fail(self, error: DeviceError) -> bool:
        return self._settle(self.future.set_exception, error)

    @property
    def is_answered(self):
        return self.future.done()

    def _settle(self, settle, outcome):
        with self._lock:
            if self.future.done():
                return False
            settle(outcome)
            return True


class Jobs:
    """The jobs of one device. Its owner holds a lock around every call."""

    def __init__(self, size=QUEUE):
        self._size = size
        self._waiting = deque()
        self._keyed = OrderedDict()

    def __len__(self):
        return len(self._waiting)

    def known(self, action: str, key: str | None) -> Job | None:
        """Return the job asked for before under this key, if it did not fail."""
        job = self._keyed.get((action, key)) if key else None
        if job and job.is_answered and time.monotonic() - job.asked_at > REMEMBERED_S:
            return None
        return job

    def add(self, job: Job) -> bool:
        """Queue a job; False if the queue is full."""
        if len(self._waiting) >= self._size:
            return False
        self._waiting.append(job)
        if job.key:
            self._keyed[job.action, job.key] = job
            while len(self._keyed) > REMEMBERED:
                self._keyed.popitem(last=False)
        return True

    def next(self) -> Job | None:
        """Take the job that waits longest."""
        return self._waiting.popleft() if self._waiting else None

    def remove(self, job: Job) -> bool:
        """Take a job out of the queue; False if it has left it."""
        try:
            self._waiting.remove(job)
        except ValueError:
            return False
        self.forget(job)
        return True

    def take_all(self) -> list[Job]:
        jobs = list(self._waiting)
        self._waiting.clear()
        for job in jobs:
            self.forget(job)
        return jobs

    def done(self, job: Job, value: Any):
        """Keep what a keyed job came to, even if its caller had given up waiting."""
        job.params = None  # an image can be big, an order holds keys
        if not job.finish(value) and job.key:
            late = Job(job.action, None, job.timeout_s, job.key)
            late.finish(value)
            self._keyed[job.action, job.key] = late

    def forget(self, job: Job):
        """A job that failed may be asked for again under its key."""
        job.params = None
        if job.key and self._keyed.get((job.action, job.key)) is job:
            del self._keyed[job.action, job.key]
