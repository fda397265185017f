"""One agent for one state folder; and whether it runs."""

import os
from pathlib import Path

from .state import give_to_owner


class Lock:
    """A file lock that the system lets go of when the process ends, however it ends."""

    def __init__(self, directory: Path):
        self._path = directory / "lock"
        self._file = None

    def take(self) -> bool:
        """Take the lock; False if another process has it."""
        file = open(self._path, "a+")  # noqa: SIM115  # kept open as long as it is held
        try:
            give_to_owner(self._path, self._path.parent)
            lock_file(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self):
        if self._file:
            self._file.close()
            self._file = None

    def is_taken(self) -> bool:
        """Tell whether another process holds it."""
        if self.take():
            self.release()
            return False
        return True


def lock_file(file):
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
