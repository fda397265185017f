"""A backend of pyusb without USB: devices, of which one may be a printer.

Only what pyusb asks of a backend to find a device and to write to it is here.
"""

import errno
import itertools
import socket
from types import SimpleNamespace

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

BULK_OUT, BULK_IN, INTERRUPT_IN = (0x01, 2), (0x82, 2), (0x83, 3)
"""Address and kind of an endpoint."""


class Device:
    """One device. A printer hands what it gets to `port`, where a FakePrinter is.

    :param takes: the most bytes that one transfer carries.
    """

    addresses = itertools.count(1)

    def __init__(self, ids, interface_class=7, port=None, takes=300):
        self.vendor, self.product = (int(part, 16) for part in ids.split(":"))
        self.interface_class = interface_class
        self.port = port
        self.takes = takes
        self.endpoints = [INTERRUPT_IN, BULK_OUT, BULK_IN]
        self.kernel_driver = True
        self.claimed = False
        self.busy = False
        self.address = next(self.addresses)


class Backend(IBackend):
    def __init__(self, *devices):
        self.devices = list(devices)
        self.sockets = {}

    def enumerate_devices(self):
        return list(self.devices)

    def get_device_descriptor(self, dev):
        return SimpleNamespace(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=64,
            idVendor=dev.vendor,
            idProduct=dev.product,
            bcdDevice=0x100,
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=0,
            bNumConfigurations=1,
            address=dev.address,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, dev, config):
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=32,
            bNumInterfaces=1,
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0xC0,
            bMaxPower=1,
            extra_descriptors=[],
        )

    def get_interface_descriptor(self, dev, intf, alt, config):
        if intf or alt or config:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=0,
            bAlternateSetting=0,
            bNumEndpoints=len(dev.endpoints),
            bInterfaceClass=dev.interface_class,
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
            extra_descriptors=[],
        )

    def get_endpoint_descriptor(self, dev, ep, intf, alt, config):
        address, kind = dev.endpoints[ep]
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=address,
            bmAttributes=kind,
            wMaxPacketSize=64,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=[],
        )

    def open_device(self, dev):
        return dev

    def close_device(self, dev):
        if wire := self.sockets.pop(dev, None):
            wire.close()

    def get_configuration(self, dev):
        return 1

    def is_kernel_driver_active(self, dev, intf):
        return dev.kernel_driver

    def detach_kernel_driver(self, dev, intf):
        dev.kernel_driver = False

    def claim_interface(self, dev, intf):
        if dev.busy:
            raise USBError("Resource busy", errno=errno.EBUSY)
        dev.claimed = True
        self.sockets[dev] = socket.create_connection(("127.0.0.1", dev.port))

    def release_interface(self, dev, intf):
        dev.claimed = False

    def bulk_write(self, dev, ep, intf, data, timeout):
        self.refuse_if_pulled(dev)
        data = data.tobytes()[: dev.takes]
        self.sockets[dev].sendall(data)
        return len(data)

    def bulk_read(self, dev, ep, intf, buff, timeout):
        self.refuse_if_pulled(dev)
        wire = self.sockets[dev]
        wire.settimeout(timeout / 1000)
        try:
            data = wire.recv(len(buff))
        except TimeoutError as error:
            raise USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT) from (
                error
            )
        buff[: len(data)] = type(buff)("B", data)
        return len(data)

    def refuse_if_pulled(self, dev):
        if dev not in self.devices:
            raise USBError("No such device", errno=errno.ENODEV)
