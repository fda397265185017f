"""TCP ports of this machine."""

import fcntl
import os
import random
import socket

from tools.cache import lock_folder
from tools.console import Failure

#: Below those that the system hands out by itself, also to outgoing connections.
RANGE = range(20000, 30000)


def is_free(port, host="127.0.0.1"):
    """Tell whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port that nothing listens on and no other process was given.

    It stays ours until this process ends and the system lets go of the lock: a server
    may be started on it again.
    """
    for port in random.sample(RANGE, len(RANGE)):
        lock = os.open(lock_folder() / f"port-{port}", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        if is_free(port):
            return port  # and keep the lock: see above
        os.close(lock)
    raise Failure(f"no port of {RANGE.start} to {RANGE.stop - 1} is free")
