"""One rig for each driver: the device that its contract test plays with.

A driver's owner writes a rig in `rig_<name>.py` and names it in RIGS.
"""

import importlib
from typing import Any, ClassVar

from member_hw_agent.values import DeviceInfo

RIGS = {
    "card.pcsc": "rig_pcsc:PcscRig",
    "card.serial stripe": "rig_serial:StripeRig",
    "card.serial tag": "rig_serial:TagRig",
    "display.pole": "rig_serial:PoleRig",
    "input.evdev": "rig_wedge:WedgeRig",
    "printer.escpos": "rig_printer:PrinterRig",
    "simulator.display": "rig_simulator:DisplayRig",
    "simulator.printer": "rig_simulator:PrinterRig",
    "simulator.reader": "rig_simulator:ReaderRig",
}


class Rig:
    """A device in the test's hands."""

    kind: ClassVar[str]
    """The driver under test."""
    usual: ClassVar[tuple[str, dict[str, Any]]]
    """An action that works on the device as it is, and its parameters."""
    refused: ClassVar[tuple[tuple[str, dict[str, Any]], ...]] = ()
    """Actions with parameters that the schema lets through and the driver refuses."""
    speaks: ClassVar[tuple[str, ...]] = ()
    """Kinds of the events that `speak` brings about, in order."""
    secrets: ClassVar[tuple[str, ...]] = ()
    """What `speak` and `usual` carry that no log may hold."""
    can_be_pulled: ClassVar[bool] = True

    def __init__(self, folder):
        """:param folder: a fresh one for this test; its `state` is the driver's."""
        self.folder = folder

    def info(self) -> DeviceInfo:
        """Return the device, with options and without `state`."""
        raise NotImplementedError

    def prepare(self, driver) -> None:
        """Bring the opened device to where `usual` works."""

    def speak(self, driver) -> None:
        """Make the device say what `speaks` promises, when it is polled next."""

    def pull(self) -> None:
        """Take the device away."""
        raise NotImplementedError

    def plug_in(self) -> None:
        """Put it back."""
        raise NotImplementedError

    def is_free(self) -> bool:
        """Tell whether the driver has let go of it: no open port, no connection."""
        return True

    def close(self) -> None:
        """End everything; called in any case."""


def make(name, folder) -> Rig:
    module, _, attribute = RIGS[name].partition(":")
    return getattr(importlib.import_module(module), attribute)(folder)
