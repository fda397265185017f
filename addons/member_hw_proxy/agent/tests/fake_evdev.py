"""python-evdev without a kernel: /dev/uinput is missing in containers.

A device is a named pipe of real `input_event` records. Installed as the module `evdev`
by whoever needs it; only what the driver uses is here.
"""

import errno
import os
import struct
from pathlib import Path
from types import SimpleNamespace

EVENT = struct.Struct("llHHi")
EV_SYN, EV_KEY = 0, 1
IDS = {}
"""Paths, and the (vendor, product) of each."""


class InputDevice:
    grabbed = set()

    def __init__(self, path):
        self.path = path
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        vendor, product = IDS.get(path, (0, 0))
        self.info = SimpleNamespace(vendor=vendor, product=product)

    def capabilities(self):
        return {EV_SYN: [], EV_KEY: [28]}

    def grab(self):
        if self.path in self.grabbed:
            raise OSError(errno.EBUSY, "Device or resource busy")
        self.grabbed.add(self.path)

    def ungrab(self):
        self.grabbed.discard(self.path)

    def active_keys(self):
        if not Path(self.path).exists():
            raise OSError(errno.ENODEV, "No such device")
        return []

    def read(self):
        data = os.read(self.fd, EVENT.size * 64)
        if not data:
            raise OSError(errno.ENODEV, "No such device")
        for _sec, _usec, kind, code, value in EVENT.iter_unpack(data):
            yield SimpleNamespace(type=kind, code=code, value=value)

    def close(self):
        self.ungrab()
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


def list_devices():
    return list(IDS)


class Keyboard:
    """The keyboard's side: what a reader types."""

    def __init__(self, path, ids=(0x0C2E, 0x0200)):
        self.path = str(path)
        self.ids = ids
        self._fd = None
        self.plug_in()

    def plug_in(self):
        os.mkfifo(self.path)
        IDS[self.path] = self.ids
        self._fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def pull(self):
        IDS.pop(self.path, None)
        Path(self.path).unlink(missing_ok=True)
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def key(self, code, value):
        os.write(
            self._fd,
            EVENT.pack(0, 0, EV_KEY, code, value) + EVENT.pack(0, 0, EV_SYN, 0, 0),
        )

    def type(self, codes):
        """Press and let go of keys one after the other."""
        for code in codes:
            self.key(code, 1)
            self.key(code, 0)
