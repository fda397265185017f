"""How bytes reach a printer and come back: network, serial port, file; USB beside."""

import contextlib
import os
import select
import socket

from ...errors import DeviceError
from .. import serial_port
from .transport import Transport
from .usb_transport import UsbTransport


class NetworkTransport(Transport):
    """A printer that listens on TCP port 9100."""

    stays_open = False

    def __init__(self, options):
        super().__init__(options)
        self.host = options.get("host")
        self.port = options.get("port", 9100)
        self.socket = None
        if not self.host:
            raise DeviceError(
                "bad_request", "A network printer needs its address: set `host`."
            )

    def open(self):
        if self.socket:
            return
        try:
            self.socket = socket.create_connection(
                (self.host, self.port), self.timeout_s
            )
        except OSError as error:
            raise DeviceError(
                "no_device",
                f"No printer answers at {self.host}, port {self.port}. Switch it "
                "on and plug its network cable in; look whether this is its address.",
            ) from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        """Close after reading what came unasked: else the job's end may be lost."""
        connection, self.socket = self.socket, None
        if not connection:
            return
        with connection, contextlib.suppress(OSError):
            connection.setblocking(False)
            connection.recv(4096)

    def write_piece(self, data):
        self.socket.settimeout(self.timeout_s)
        self.socket.sendall(data)

    def read(self, timeout_s):
        self.socket.settimeout(max(timeout_s, 0.001))
        try:
            data = self.socket.recv(64)
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionResetError("the printer closed the connection")
        return data


class SerialTransport(Transport):
    """A printer at a serial port, with the port's flow control."""

    stays_open = True

    def __init__(self, options):
        super().__init__(options)
        serial_port.check_options(options)
        self.port = None

    def open(self):
        if not self.port:
            self.port = serial_port.open_port(self.options, self.timeout_s)

    def close(self):
        port, self.port = self.port, None
        if port:
            port.close()

    def write_piece(self, data):
        self.port.write(data)
        self.port.flush()

    def read(self, timeout_s):
        return serial_port.read_some(self.port, timeout_s)


class FileTransport(Transport):
    r"""A device file (`/dev/usb/lp0`) or a shared printer of Windows (`\\PC\Name`).

    The file must be there: a wrong name must not become a file that nobody prints.
    Nothing is read back from it, so paper and cover are not known.
    """

    stays_open = False
    can_read = False

    def __init__(self, options):
        super().__init__(options)
        self.path = options.get("path")
        self.fd = None
        if not self.path:
            raise DeviceError("bad_request", "This printer needs its file: set `path`.")

    def open(self):
        if self.fd is not None:
            return
        flags = os.O_WRONLY | os.O_APPEND
        flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            self.fd = os.open(self.path, flags)
        except FileNotFoundError as error:
            raise DeviceError(
                "no_device",
                f"There is no {self.path}. Plug the printer in and switch it on.",
            ) from error
        except OSError as error:
            raise DeviceError(
                "busy",
                f"{self.path} cannot be opened ({error.strerror}). Close other "
                "programs that use the printer, and let this user write to it.",
            ) from error

    def close(self):
        fd, self.fd = self.fd, None
        if fd is not None:
            os.close(fd)

    def write_piece(self, data):
        while data:
            self.wait_until_it_takes()
            data = data[os.write(self.fd, data) :]

    def wait_until_it_takes(self):
        """Wait for room: a printer without paper takes nothing, for ever."""
        if os.name != "posix":
            return
        if not select.select([], [self.fd], [], self.timeout_s)[1]:
            raise TimeoutError(f"{self.path} takes nothing")

    def read(self, timeout_s):
        return b""


TRANSPORTS = {
    "file": FileTransport,
    "network": NetworkTransport,
    "serial": SerialTransport,
    "usb": UsbTransport,
}


def make_transport(options: dict) -> Transport:
    """Return the transport that the options name.

    :raise DeviceError: bad_request, none or an unknown one is named.
    """
    name = options.get("transport")
    if name not in TRANSPORTS:
        known = ", ".join(sorted(TRANSPORTS))
        raise DeviceError(
            "bad_request", f"Set the printer's `transport` to one of: {known}."
        )
    return TRANSPORTS[name](options)
