"""The drivers, found by name."""

import importlib
from importlib import metadata

GROUP = "member_hw.drivers"
BUILT_IN = {
    "card.pcsc": "member_hw_agent.drivers.pcsc.driver:PcscReader",
    "card.serial": "member_hw_agent.drivers.serial_reader:SerialReader",
    "display.pole": "member_hw_agent.drivers.pole:PoleDisplay",
    "input.evdev": "member_hw_agent.drivers.evdev:KeyboardWedge",
    "printer.escpos": "member_hw_agent.drivers.escpos:EscposPrinter",
    "simulator.display": "member_hw_agent.drivers.simulator.display:SimulatedDisplay",
    "simulator.printer": "member_hw_agent.drivers.simulator.printer:SimulatedPrinter",
    "simulator.reader": "member_hw_agent.drivers.simulator.reader:SimulatedReader",
}
"""What pyproject.toml declares, for an agent that runs without being installed."""


class NoDriver(Exception):
    """There is no such driver, or something it needs is not installed."""


def names() -> list[str]:
    """Return the names of all drivers, sorted."""
    return sorted({*BUILT_IN, *entry_points()})


def load(name: str):
    """Return the driver class called `name`, such as `card.pcsc`.

    :raise NoDriver: with a sentence that says what to do.
    """
    found = entry_points().get(name) or BUILT_IN.get(name)
    if not found:
        raise NoDriver(f"There is no driver {name}. There are: {', '.join(names())}.")
    module, _, attribute = found.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise NoDriver(
            f"The driver {name} needs {error.name or error}, which is not installed:"
            " pip install 'member-hw-agent[all]'."
        ) from error


def entry_points() -> dict[str, str]:
    """Return what installed packages offer: ours and those of others."""
    found = metadata.entry_points(group=GROUP)
    return {point.name: point.value for point in found}
