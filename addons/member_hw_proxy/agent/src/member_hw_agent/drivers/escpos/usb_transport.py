"""A printer at a USB socket, spoken to without a printer driver of the system."""

import time

from ...errors import DeviceError
from .transport import Transport

PRINTER_CLASS = 7
"""bInterfaceClass of printers, from the USB device class definition for printers."""


class UsbTransport(Transport):
    """The printer with the USB ids of `usb` ("04b8:0202"), or the only one there is.

    On Windows it must have been given the WinUSB driver (libusb's documentation says
    how); a printer with its maker's driver is reached as a shared one: `file`.
    """

    stays_open = True

    def __init__(self, options):
        super().__init__(options)
        self.device = self.sender = self.receiver = None
        self.wanted = {"vendor": None, "product": None}
        if ids := options.get("usb"):
            try:
                vendor, product = (int(part, 16) for part in ids.split(":"))
            except ValueError as error:
                raise DeviceError(
                    "bad_request", 'Write `usb` as two numbers: "04b8:0202".'
                ) from error
            self.wanted = {"vendor": vendor, "product": product}

    def open(self):
        if self.device:
            return
        usb = library()
        try:
            self.take(usb, self.find(usb))
        except usb.core.NoBackendError as error:
            raise DeviceError(
                "unsupported",
                "The library libusb is missing on this computer; install libusb-1.0.",
            ) from error
        except usb.core.USBError as error:
            self.close()
            raise DeviceError(
                "busy",
                "The USB printer is there, but cannot be used "
                f"({error.strerror or error}). Close other programs that print on it, "
                "and let this user use USB devices.",
            ) from error

    def find(self, usb):
        for device in usb.core.find(find_all=True):
            ids = {"vendor": device.idVendor, "product": device.idProduct}
            is_wanted = self.wanted["vendor"] is None or ids == self.wanted
            if is_wanted and printer_interface(device):
                return device
        raise DeviceError(
            "no_device",
            "The USB printer is not there. Switch it on and plug its cable in.",
        )

    def take(self, usb, device):
        interface = printer_interface(device)
        number = interface.bInterfaceNumber
        try:
            if device.is_kernel_driver_active(number):
                device.detach_kernel_driver(number)
        except NotImplementedError:
            pass  # Windows and macOS have no driver to move out of the way.
        usb.util.claim_interface(device, number)
        self.device = device
        for endpoint in interface:
            if endpoint.bmAttributes & 0x03 != usb.util.ENDPOINT_TYPE_BULK:
                continue
            if usb.util.endpoint_direction(endpoint.bEndpointAddress):
                self.receiver = endpoint
            else:
                self.sender = endpoint
        if not self.sender:
            self.close()
            raise DeviceError("unsupported", "This USB device takes no print data.")
        self.can_read = self.receiver is not None

    def close(self):
        device, self.device = self.device, None
        self.sender = self.receiver = None
        if device:
            library().util.dispose_resources(device)

    def write_piece(self, data):
        while data:
            data = data[self.sender.write(data, int(self.timeout_s * 1000)) :]

    def read(self, timeout_s):
        """Ask until something is there: many printers answer with nothing at first."""
        usb, until = library(), time.monotonic() + timeout_s
        while (rest := until - time.monotonic()) > 0:
            try:
                if data := bytes(self.receiver.read(64, max(1, int(rest * 1000)))):
                    return data
            except usb.core.USBTimeoutError:
                break
            time.sleep(0.01)
        return b""


def printer_interface(device):
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass == PRINTER_CLASS:
                return interface
    return None


def library():
    """Return pyusb, which only a printer at USB needs.

    :raise DeviceError: unsupported, it is not installed.
    """
    try:
        import usb.core
        import usb.util
    except ImportError as error:
        raise DeviceError(
            "unsupported",
            "USB printers need more software: pip install 'member-hw-agent[printer]'.",
        ) from error
    return usb
