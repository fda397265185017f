"""Serial ports, for printers, readers and displays: opened once, errors in words."""

import contextlib

from ..errors import DeviceError

OPTIONS = {
    "port": {"type": "string", "minLength": 1},
    "usb": {"type": "string", "pattern": "[0-9a-fA-F]{4}:[0-9a-fA-F]{4}"},
    "serial_number": {"type": "string", "minLength": 1},
    "baud": {"type": "integer", "minimum": 300, "maximum": 921600},
    "data_bits": {"type": "integer", "enum": [7, 8]},
    "parity": {"type": "string", "enum": ["none", "even", "odd"]},
    "stop_bits": {"type": "integer", "enum": [1, 2]},
    "flow": {"type": "string", "enum": ["none", "rtscts", "dsrdtr", "xonxoff"]},
}
"""The settings of a port, as configuration and profiles have them."""


def library():
    """Return pyserial.

    :raise DeviceError: unsupported, it is not installed.
    """
    try:
        import serial
        import serial.tools.list_ports
    except ImportError as error:
        raise DeviceError(
            "unsupported",
            "Serial devices need more software: pip install 'member-hw-agent[serial]'.",
        ) from error
    return serial


def check_options(options: dict) -> None:
    """Refuse settings that name no port.

    :raise DeviceError: bad_request.
    """
    if not options.get("port") and not options.get("usb"):
        raise DeviceError(
            "bad_request",
            'Say where it is: `port` ("COM3", "/dev/serial/by-id/…") or `usb` '
            '("067b:2303").',
        )


def open_port(options: dict, timeout_s: float):
    """Return the open port, which no other program can open then.

    Found by name, or by the USB ids of its adapter: those stay when it is plugged into
    another socket.

    :raise DeviceError: no_device, busy, unsupported.
    """
    serial = library()
    name = options.get("port") or find_usb(serial, options)
    flow = options.get("flow", "none")
    try:
        return serial.Serial(
            name,
            baudrate=options.get("baud", 9600),
            bytesize=options.get("data_bits", 8),
            parity=options.get("parity", "none")[0].upper(),
            stopbits=options.get("stop_bits", 1),
            timeout=timeout_s,
            write_timeout=timeout_s,
            exclusive=True,
            **({} if flow == "none" else {flow: True}),
        )
    except (OSError, ValueError) as error:
        raise DeviceError(*why_not(name, error)) from error


def why_not(name, error) -> tuple[str, str]:
    """Return code and sentence for a port that does not open."""
    text = str(error).lower()
    if isinstance(error, PermissionError) or any(
        word in text
        for word in ("permission", "access is denied", "exclusively lock", "busy")
    ):
        message = (
            f"The port {name} cannot be used. Close other programs that use it, and "
            "let this user open it."
        )
        return "busy", message
    return "no_device", f"There is no port {name}. Plug the cable in."


def find_usb(serial, options) -> str:
    """Return the name of the port whose USB adapter has the ids of the options."""
    wanted = options["usb"].lower()
    for port in serial.tools.list_ports.comports():
        if port.vid is None or f"{port.vid:04x}:{port.pid:04x}" != wanted:
            continue
        if options.get("serial_number") in (None, port.serial_number):
            return port.device
    raise DeviceError(
        "no_device", f"No USB device {wanted} is there. Plug its cable in."
    )


def read_some(port, timeout_s: float) -> bytes:
    """Return what arrives, as soon as something does, or nothing.

    :raise OSError: the cable was pulled.
    """
    port.timeout = timeout_s
    data = port.read(1)
    return data + port.read(port.in_waiting) if data else b""


def check_there(port) -> None:
    """Ask the port something that needs its device.

    :raise OSError: the cable was pulled.
    """
    port.in_waiting  # noqa: B018  # a question, by its side effect


def wake(port) -> None:
    """Make a running `read_some` of another thread return; harmless if none runs."""
    if port is not None:
        with contextlib.suppress(OSError, AttributeError, TypeError):
            port.cancel_read()
