"""A keyboard of Linux that only this program hears."""

import contextlib
import os
import select

from ...errors import DeviceError

EV_KEY = 1


class InputDevice:
    """The device at `path`, or the one with the USB ids of `usb`, grabbed."""

    def __init__(self, options: dict):
        """Open and grab it.

        :raise DeviceError: unsupported, no_device, busy.
        """
        self._awake, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._device = None
        try:
            self._device = self._open(library(), options)
        finally:
            if not self._device:
                self.close()

    def _open(self, evdev, options):
        path = options.get("path") or find_usb(evdev, options["usb"])
        try:
            device = evdev.InputDevice(path)
        except FileNotFoundError as error:
            raise DeviceError(
                "no_device", f"There is no {path}. Plug the reader in."
            ) from error
        except OSError as error:
            raise DeviceError(
                "busy",
                f"{path} cannot be opened ({error.strerror}). Let this user read input "
                "devices (group `input`).",
            ) from error
        try:
            device.grab()
        except OSError as error:
            device.close()
            raise DeviceError(
                "busy", f"Another program has taken {path}. Stop that one."
            ) from error
        return device

    def read(self, timeout_s: float) -> list[tuple[int, int]]:
        """Return (key, value) of the keys that moved; nothing if none did.

        :raise OSError: it was unplugged.
        """
        ready, _, _ = select.select([self._device.fd, self._awake], [], [], timeout_s)
        if self._awake in ready:
            os.read(self._awake, 64)
        if self._device.fd not in ready:
            return []
        events = self._device.read()
        return [(one.code, one.value) for one in events if one.type == EV_KEY]

    def check_there(self) -> None:
        """Ask which keys are down.

        :raise OSError: it was unplugged.
        """
        self._device.active_keys()

    def wake(self):
        with contextlib.suppress(OSError):
            os.write(self._wake, b"w")

    def close(self):
        device, self._device = self._device, None
        if device:
            with contextlib.suppress(OSError):
                device.ungrab()
            device.close()
        for fd in (self._awake, self._wake):
            if fd is not None:
                os.close(fd)
        self._awake = self._wake = None


def find_usb(evdev, wanted: str) -> str:
    """Return the path of the input device with these USB ids."""
    vendor, product = (int(part, 16) for part in wanted.split(":"))
    for path in evdev.list_devices():
        with (
            contextlib.suppress(OSError),
            contextlib.closing(evdev.InputDevice(path)) as device,
        ):
            is_wanted = (device.info.vendor, device.info.product) == (vendor, product)
            if is_wanted and EV_KEY in device.capabilities():
                return path
    raise DeviceError(
        "no_device", f"No USB device {wanted} is there. Plug the reader in."
    )


def library():
    """Return evdev.

    :raise DeviceError: unsupported, not Linux or not installed.
    """
    try:
        import evdev
    except ImportError as error:
        raise DeviceError(
            "unsupported",
            "Keyboard readers can be taken over on Linux only, with: "
            "pip install 'member-hw-agent[evdev]'. Elsewhere let them type.",
        ) from error
    return evdev
