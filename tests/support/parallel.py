"""Do things at the same moment, on real threads with real connections."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

#: Seconds that a race may take before it counts as stuck.
LIMIT = 120


def at_once(*functions):
    """Start all functions at the same moment.

    Returns for each its result, or the exception it raised.
    """
    gate = threading.Barrier(len(functions))

    def run(function):
        gate.wait(LIMIT)
        try:
            return function()
        except Exception as error:  # noqa: BLE001  the caller asserts on it
            return error

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions, timeout=LIMIT))


def work_off(jobs, workers):
    """Let `workers` (functions of one job) take `jobs` from one queue, in its order.

    Returns `[(job, result)]` as they were finished; a worker's exception is raised.
    """
    waiting = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    done = queue.SimpleQueue()

    def run(worker):
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            done.put((job, worker(job)))

    with ThreadPoolExecutor(len(workers)) as pool:
        for finished in [pool.submit(run, worker) for worker in workers]:
            finished.result()
    return [done.get() for _ in range(done.qsize())]
