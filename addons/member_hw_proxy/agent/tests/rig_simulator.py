"""The simulated devices."""

import base64

from rigs import Rig

from member_hw_agent.state import State
from member_hw_agent.values import DeviceInfo


class SimulatorRig(Rig):
    def info(self):
        return DeviceInfo("simulated", self.kind, "Simulated")

    def pull(self):
        self.state().write("pulled", True)

    def plug_in(self):
        self.state().delete("pulled")

    def state(self):
        return State(self.folder).of_device("simulated")


class ReaderRig(SimulatorRig):
    kind = "simulator.reader"
    usual = ("simulate", {"tap": {"uid": "04A1B2C3D4E5F6"}})
    speaks = ("card", "card_removed", "scan")
    secrets = ("04A1B2C3D4E5F6", "6210948800001234")

    def speak(self, driver):
        driver.simulate({"tap": {"uid": self.secrets[0]}})
        driver.simulate({"remove": True})
        driver.simulate({"scan": self.secrets[1]})


class PrinterRig(SimulatorRig):
    kind = "simulator.printer"
    usual = ("print_text", {"lines": [{"text": "Balance of 6210948800001234"}]})
    refused = (("print_image", {"image": "no picture"}),)
    secrets = ("6210948800001234", base64.b64encode(b"6210948800001234").decode())


class DisplayRig(SimulatorRig):
    kind = "simulator.display"
    usual = ("show", {"lines": ["Card 6210948800001234"]})
    secrets = ("6210948800001234",)
