"""A PC/SC reader with a card beside it."""

import threading

from pcsc_bench import CONTENT, KEYS, UID4, shared
from rigs import Rig

from member_hw_agent.values import DeviceInfo, WriteOrder
from tests.simulators.virtual_card import VirtualCard


class PcscRig(Rig):
    kind = "card.pcsc"
    usual = ("write", {"order": WriteOrder("line:1", "write", UID4, CONTENT, KEYS)})
    refused = (
        ("write", {"order": WriteOrder("line:2", "write", UID4, b"", KEYS)}),
        ("write", {"order": WriteOrder("line:3", "write", UID4, bytes(49), KEYS)}),
    )
    speaks = ("card",)
    secrets = (UID4, CONTENT.hex(), *(key.hex() for key in KEYS.values()))

    def __init__(self, folder):
        super().__init__(folder)
        self.pcscd = shared()
        self.pcscd.restart()
        self.moment = threading.Event()
        self.card = VirtualCard(self.pcscd, "mifare_classic_1k", uid=UID4)

    def info(self):
        name = self.pcscd.reader_name()
        return DeviceInfo("reader", self.kind, "Reader", {"reader": name})

    def prepare(self, driver):
        """The card on the reader is not announced before the driver polls."""
        self.card.insert()
        while not driver.actions()["inspect"].run({})["present"]:
            self.moment.wait(0.02)

    def pull(self):
        self.pcscd.restart(readers=0)

    def plug_in(self):
        self.pcscd.restart()

    def close(self):
        self.card.close()
