"""Build things once, in folders that several clones and processes share."""

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from tools import config
from tools.console import Failure, say

#: Space a cold set-up takes: Odoo, two environments, node, PostgreSQL.
NEEDED_GB = 5

COMPLETE = ".complete"


def root():
    """Return the cache folder, made if absent."""
    path = config.cache_dir()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            f"cannot make the cache folder {path} ({error.strerror}); "
            "name another with MEMBER_CACHE"
        ) from error
    return path


def lock_folder():
    path = root() / "locks"
    path.mkdir(exist_ok=True)
    return path


@contextmanager
def lock(name):
    """Hold a lock between processes; the system lets go of it if we die."""
    with (lock_folder() / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"- waiting for another process that prepares {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def once(name, build):
    """Return the folder `name` of the cache, filled by `build(path)` if need be.

    A folder counts only when `build` came to its end, so an interrupted build is
    begun again. It is built in place: virtual environments cannot be moved.
    """
    path = root() / name
    with lock(name):
        if (path / COMPLETE).exists():
            os.utime(path / COMPLETE)
            return path
        check_space()
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        try:
            build(path)
        except OSError as error:
            if error.errno == 28:
                raise Failure(no_space(path)) from error
            raise
        (path / COMPLETE).touch()
    return path


def check_space():
    """Refuse to begin a build that would fill the disk."""
    if shutil.disk_usage(root()).free < NEEDED_GB * 2**30:
        raise Failure(no_space(root()))


def no_space(path: Path):
    free = shutil.disk_usage(path).free / 2**30
    return (
        f"{path} is on a disk with {free:.1f} GB free; the set-up takes about "
        f"{NEEDED_GB} GB. Free some space or name another folder with MEMBER_CACHE"
    )
