"""A reader that types, on the keyboard of fake_evdev."""

import sys

import fake_evdev
from rigs import Rig

from member_hw_agent.values import DeviceInfo


class WedgeRig(Rig):
    kind = "input.evdev"
    usual = ("test", {})
    speaks = ("scan",)
    secrets = ("6210",)

    def __init__(self, folder):
        super().__init__(folder)
        self.real = sys.modules.get("evdev")
        sys.modules["evdev"] = fake_evdev
        self.keyboard = fake_evdev.Keyboard(folder / "event0")
        self.pull = self.keyboard.pull
        self.plug_in = self.keyboard.plug_in

    def info(self):
        return DeviceInfo("wedge", self.kind, "Wedge", {"usb": "0c2e:0200"})

    def speak(self, driver):
        self.keyboard.type([7, 3, 2, 11, 28])

    def is_free(self):
        return self.keyboard.path not in fake_evdev.InputDevice.grabbed

    def close(self):
        self.keyboard.pull()
        if self.real:
            sys.modules["evdev"] = self.real
        else:
            del sys.modules["evdev"]
