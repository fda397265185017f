"""Run programs a few at a time, each with its output in a file of its own.

Each program leads a process group: what it starts in turn (servers, browsers) can be
ended with it. Ctrl-C and SIGTERM reach us alone; we interrupt the programs, which get
time to clean up, and then end what is left of their groups.
"""

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress

from tools.process import GRACE

#: More do not pay: PostgreSQL, the browsers and the servers have work as well.
MOST = 3


def default_count():
    """Return how many lanes this machine has: one for each core it gives us."""
    return min(len(os.sched_getaffinity(0)), MOST)


class Lanes:
    """`count` programs at most run at the same time."""

    def __init__(self, count):
        self.count = count
        self.lock = threading.Lock()
        self.children = set()
        self.is_stopped = False

    def run(self, jobs, finished):
        """Start the jobs in their order; call `finished` with what each returns.

        A job is a function of these lanes, which starts programs by `watch`. What a
        job raises ends the others and is raised.
        """
        with ThreadPoolExecutor(self.count) as pool:
            started = [pool.submit(self.call, job) for job in jobs]
            try:
                for future in as_completed(started):
                    finished(future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise

    def call(self, job):
        """Call a job; after its failure no other starts a program."""
        try:
            return job(self)
        except BaseException:
            self.is_stopped = True
            raise

    def watch(self, command, *, env, cwd, output):
        """Run a program, write what it prints to a file; return its exit code."""
        with open(output, "wb") as handle:
            with self.lock:
                if self.is_stopped:
                    return -signal.SIGINT
                child = subprocess.Popen(
                    [str(part) for part in command],
                    env={**os.environ, **env},
                    cwd=cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=handle,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self.children.add(child)
            code = child.wait()
        with self.lock:
            self.children.discard(child)
        kill_group(child)
        return code

    def stop(self):
        """Interrupt what runs; what is still there after a while is killed."""
        with self.lock:
            self.is_stopped = True
            children = list(self.children)
        try:
            for child in children:
                with suppress(ProcessLookupError):
                    child.send_signal(signal.SIGINT)
            deadline = time.monotonic() + GRACE
            for child in children:
                with suppress(subprocess.TimeoutExpired):
                    child.wait(max(deadline - time.monotonic(), 0))
        finally:
            for child in children:
                kill_group(child)


def kill_group(child):
    """End what a program has started and left behind."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
