"""Tills with real agents: fake printer, PTYs for cables, virtual cards at a reader.

One shop, one server and one computer serve all modules: to start them takes longer than
most tests. Each module pairs the computer anew and gives it to every till, whatever
became of it before.
"""

import pytest

from tests.simulators.fake_printer import FakePrinter
from tests.simulators.private_pcscd import PrivatePcscd
from tests.simulators.pty_pair import PtyPair
from tests.support import database
from tests.support.agent import Agent
from tests.support.hardware import CardReader, pair
from tests.support.odoo_server import OdooServer
from tests.support.shop import Shop

COUNTER = """
[discover]
drivers = ["card.pcsc"]
[driver."card.pcsc"]
ignore = ["00 01"]
passthrough = "acs"
[[device]]
id = "receipt"
name = "Receipt printer"
driver = "printer.escpos"
profile = "generic-80mm"
transport = "network"
host = "127.0.0.1"
port = {printer}
check_every_s = 1
[[device]]
id = "pole"
name = "Customer display"
driver = "display.pole"
profile = "generic-2x20"
port = "{pole}"
[[device]]
id = "swipe"
name = "Swipe reader"
driver = "card.serial"
profile = "magtek-rs232"
port = "{swipe}"
"""


@pytest.fixture(scope="package")
def shop(till_template):
    template, ids = till_template
    with database.throwaway(template) as name:
        yield Shop(name, ids)


@pytest.fixture(scope="package")
def hardware_server(shop):
    server = OdooServer(shop.database, name="hardware").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(hardware_server):
    """Give the one process; each module answers for its own lines of the log."""
    yield hardware_server
    hardware_server.check_log()


@pytest.fixture(scope="package")
def printer():
    with FakePrinter() as printer:
        yield printer
    assert printer.faults == []


@pytest.fixture(scope="package")
def pole(tmp_path_factory):
    pole = PtyPair(tmp_path_factory.mktemp("pole"))
    yield pole
    pole.close()


@pytest.fixture(scope="package")
def swipe(tmp_path_factory):
    swipe = PtyPair(tmp_path_factory.mktemp("swipe"))
    yield swipe
    swipe.close()


@pytest.fixture(scope="package")
def pcscd():
    with PrivatePcscd() as pcscd:
        yield pcscd


@pytest.fixture(scope="package")
def reader(pcscd, agent):
    """Give the reader of `agent`, to put cards on."""
    with CardReader(pcscd) as reader:
        agent.wait_for_reader()
        yield reader


@pytest.fixture(scope="package")
def agent(tmp_path_factory, printer, pole, swipe, pcscd):
    """Start an agent with readers, a printer and a pole display."""
    agent = Agent(
        tmp_path_factory.mktemp("agent"),
        COUNTER.format(printer=printer.port, pole=pole.path, swipe=swipe.path),
        env=pcscd.environment,
        name="agent-hardware",
    )
    agent.start()
    yield agent
    agent.stop()
    agent.check_log()


@pytest.fixture(scope="module")
def agent_id(agent, server, shop):
    """Pair the agent with the shop and give it to every till."""
    return pair(agent, server, shop)
