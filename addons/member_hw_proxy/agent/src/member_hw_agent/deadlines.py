"""One thread that does things at a moment of the monotonic clock."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

_logger = logging.getLogger(__name__)


class Deadline:
    """A call that was asked for; `cancel` it and it does not happen."""

    def __init__(self, call):
        self._call = call

    def cancel(self):
        self._call = None

    def pass_by(self):
        call, self._call = self._call, None
        if call:
            call()


class Deadlines:
    """Calls functions when their moment comes; they must be quick and not raise."""

    def __init__(self):
        self._more = threading.Condition()
        self._heap = []
        self._order = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        with self._more:
            self._stopped = True
            self._more.notify()

    def after(self, seconds: float, call: Callable[[], None]) -> Deadline:
        """Call `call` in `seconds`, unless the deadline is cancelled."""
        deadline = Deadline(call)
        moment = time.monotonic() + seconds
        with self._more:
            heapq.heappush(self._heap, (moment, next(self._order), deadline))
            self._more.notify()
        return deadline

    def _run(self):
        while (deadline := self._next()) is not None:
            try:
                deadline.pass_by()
            except Exception:  # a bug in one must not stop the others
                _logger.exception("A deadline's call failed")

    def _next(self):
        with self._more:
            while not self._stopped:
                left = self._heap[0][0] - time.monotonic() if self._heap else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._heap)[2]
                self._more.wait(left)
        return None
