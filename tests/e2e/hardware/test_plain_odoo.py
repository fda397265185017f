"""A till of Odoo without any of our add-ons, with the agent in place of an IoT Box."""

import re

import pytest
from playwright.sync_api import expect

from tests.simulators.fake_printer import FakePrinter
from tests.simulators.pty_pair import PtyPair
from tests.support import database, plain_till
from tests.support.agent import Agent
from tests.support.browser import SCREENSHOTS, log_in, screenshot
from tests.support.hardware import printed_since
from tests.support.odoo_server import OdooServer
from tools import environment

DEVICES = """
[discover]
drivers = []
[[device]]
id = "receipt"
driver = "printer.escpos"
profile = "generic-80mm"
transport = "network"
host = "127.0.0.1"
port = {printer}
[[device]]
id = "scanner"
driver = "card.serial"
profile = "line-number"
port = "{scanner}"
"""


@pytest.fixture(scope="module")
def plain_db():
    with database.throwaway(environment.prepare().databases.base()) as name:
        yield name


@pytest.fixture(scope="module")
def server(plain_db):
    server = OdooServer(plain_db, name="plain-odoo").start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="module")
def printer():
    with FakePrinter() as printer:
        yield printer
    assert printer.faults == []


@pytest.fixture(scope="module")
def scanner(tmp_path_factory):
    scanner = PtyPair(tmp_path_factory.mktemp("scanner"))
    yield scanner
    scanner.close()


@pytest.fixture(scope="module")
def agent(tmp_path_factory, printer, scanner):
    agent = Agent(
        tmp_path_factory.mktemp("agent"),
        DEVICES.format(printer=printer.port, scanner=scanner.path),
        name="plain-odoo-agent",
    ).start()
    yield agent
    agent.stop()
    agent.check_log()


@pytest.fixture
def till(page, plain_db, server, agent):
    """Give the page of the till, which was told the address that `stock-url` prints."""
    printed = agent.command(
        "stock-url", "--origin", server.url, "--config", str(agent.config)
    )
    assert printed.returncode == 0, printed.stderr
    address = re.search(r"http://localhost:\d+/\S+", printed.stdout)[0]
    config = plain_till.build(plain_db)
    plain_till.set_address(plain_db, config, address)
    log_in(page, server.client(), server.url)
    page.goto(f"{server.url}/pos/ui/{config}")
    register = page.locator(".screen-login .open-register-btn")
    product = page.locator(".product-screen .product").first
    expect(register.or_(product)).to_be_visible()
    if register.is_visible():
        register.click()
    expect(product).to_be_visible()
    return page


def test_scan_print_and_drawer(till, agent, printer, scanner):
    """C3: what Odoo's own client does with a hardware proxy, it does with the agent."""
    agent.wait_for_device("scanner")
    scanner.send(plain_till.BARCODE.encode() + b"\r")
    expect(till.locator(".orderline", has_text="Programme")).to_be_visible()
    till.locator(".product-screen .pay-order-button").click()
    # the only method there is was chosen by itself
    expect(till.locator(".paymentlines .paymentline")).to_have_count(1)
    till.locator(".payment-screen button.validation-button.next").click()
    expect(till.locator(".receipt-screen .pos-receipt")).to_be_visible()
    printer.wait_for_cuts(1)
    printer.wait(lambda self: self.kicks == 1, "an open drawer")
    screenshot(till, "hardware-plain-till")
    paper = printed_since(printer, 0)
    paper.save(SCREENSHOTS / "hardware-plain-paper.png")
    assert paper.height > 300
    assert printer.count("cut") == 1
