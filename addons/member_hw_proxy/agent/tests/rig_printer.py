"""A receipt printer in the network."""

from rigs import Rig

from member_hw_agent.values import DeviceInfo
from tests.simulators.fake_printer import FakePrinter


class PrinterRig(Rig):
    kind = "printer.escpos"
    usual = ("print_text", {"lines": [{"text": "余额 6210948800001234"}]})
    refused = (
        ("print_image", {"image": "no picture"}),
        ("print_text", {"lines": [{"bold": True}]}),
    )
    secrets = ("6210948800001234",)

    def __init__(self, folder):
        super().__init__(folder)
        self.printer = FakePrinter()
        self.pull = self.printer.close
        self.plug_in = self.printer.reopen
        self.close = self.printer.close

    def info(self):
        options = {
            "transport": "network",
            "host": "127.0.0.1",
            "port": self.printer.port,
            "check_every_s": 1,
        }
        return DeviceInfo("receipt", self.kind, "Receipts", options)

    def is_free(self):
        return self.printer.is_free
