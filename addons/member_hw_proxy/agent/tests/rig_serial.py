"""Devices at serial ports, at the other end of a PTY."""

from rigs import Rig

from member_hw_agent.values import DeviceInfo
from tests.simulators.pty_pair import PtyPair


class SerialRig(Rig):
    options = {}

    def __init__(self, folder):
        super().__init__(folder)
        self.cable = PtyPair(folder)
        self.pull = self.cable.pull
        self.plug_in = self.cable.plug_in
        self.is_free = self.cable.is_free
        self.close = self.cable.close

    def info(self):
        options = {"port": self.cable.path, **self.options}
        return DeviceInfo("serial", self.kind, "Serial", options)


class StripeRig(SerialRig):
    kind = "card.serial"
    usual = ("test", {})
    speaks = ("scan",)
    secrets = ("6210948800001234",)

    def speak(self, driver):
        self.cable.write(b"%B6210948800001234^WANG/FANG^?;6210948800001234=4912?\r")


class TagRig(SerialRig):
    kind = "card.serial"
    usual = ("test", {})
    options = {"framing": "hex_checksum"}
    speaks = ("card",)
    secrets = ("0415A2B3C4",)

    def speak(self, driver):
        self.cable.write(b"\x020415A2B3C4C4\r\n\x03")


class PoleRig(SerialRig):
    kind = "display.pole"
    usual = ("show", {"lines": ["会员卡 6210948800001234", "余额 128.00"]})
    secrets = ("6210948800001234", "余额 128.00")
