"""A serial cable: the driver opens `path`, the test holds the other end.

Linux only, as the tests are. A PTY is a serial port in all that matters here: it is
opened exclusively, reads arrive in pieces, and it breaks when the other end goes.
"""

import contextlib
import os
import select
import time
import tty
from pathlib import Path

PATIENCE_S = 10.0


class PtyPair:
    """A port that can be pulled and plugged in again, always under the same `path`."""

    def __init__(self, folder):
        self.path = str(Path(folder) / "ttyUSB0")
        self._fd = None
        self.plug_in()

    def plug_in(self):
        self._fd, port = os.openpty()
        tty.setraw(port)
        os.symlink(os.ttyname(port), self.path)
        os.close(port)

    def pull(self):
        """Take the device away, as when its USB cable is pulled."""
        Path(self.path).unlink(missing_ok=True)
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    close = pull

    def send(self, *pieces: bytes):
        """Send pieces so that the driver reads each by itself."""
        for piece in pieces:
            os.write(self._fd, piece)
            self._wait_until_taken()

    def _wait_until_taken(self):
        """Wait until the driver has read all; a stopped driver never does."""
        path_fd = os.open(self.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            until = time.monotonic() + PATIENCE_S
            while select.select([path_fd], [], [], 0)[0] and time.monotonic() < until:
                time.sleep(0.001)
        finally:
            os.close(path_fd)

    def write(self, data: bytes):
        """Send without waiting for anybody to read."""
        os.write(self._fd, data)

    def received(self, size: int) -> bytes:
        """Return what the driver wrote, at least `size` bytes; fewer if none come."""
        data, until = b"", time.monotonic() + PATIENCE_S
        while len(data) < size and (rest := until - time.monotonic()) > 0:
            if select.select([self._fd], [], [], rest)[0]:
                with contextlib.suppress(BlockingIOError):
                    data += os.read(self._fd, 65536)
        return data

    def is_free(self) -> bool:
        """Tell whether nobody has the port open."""
        if self._fd is None:
            return True
        poll = select.poll()
        poll.register(self._fd, 0)
        return any(event & select.POLLHUP for _fd, event in poll.poll(0))
