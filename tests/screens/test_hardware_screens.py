"""What a till says of its devices: at a glance, in words, and without paper."""

import pytest
from playwright.sync_api import expect

from tests.simulators.fake_printer import FakePrinter
from tests.support.agent import Agent
from tests.support.shell import run_in_odoo

DEVICES = """
[[device]]
id = "receipt"
name = "{name}"
driver = "printer.escpos"
profile = "generic-80mm"
transport = "network"
host = "127.0.0.1"
port = {port}
check_every_s = 1
"""
NAMES = {"en": "Receipt printer", "zh": "小票打印机"}

GIVE = """
    config = env["pos.config"].browse(config)
    config.write({"member_hw_agent_id": agent, "iface_print_auto": bool(agent)})
"""


@pytest.fixture
def printer():
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def agent(tmp_path, printer, language):
    devices = DEVICES.format(name=NAMES[language], port=printer.port)
    agent = Agent(tmp_path, devices, name="agent-screens")
    agent.start()
    yield agent
    agent.stop()


@pytest.fixture
def counter(screen, agent, server, shop):
    """Give a till with a receipt printer of its own, and take it away again."""
    config = screen.till.config
    agent_id = agent.pair(server.client(), server.url)
    run_in_odoo(shop.database, GIVE, config=config, agent=agent_id)
    # as from the dashboard: a till that is just reloaded keeps its settings
    screen.page.goto(f"{server.url}/pos/ui/{config}?from_backend=True")
    screen.unlock()
    expect(screen.page.locator(".hw-status.hw-ok")).to_be_visible()
    yield screen
    run_in_odoo(shop.database, GIVE, config=config, agent=False)


def test_devices(counter, agent, printer):
    """UX: what is wrong stands beside the icon, what to do about it one tap away."""
    page, modal = counter.page, counter.modal
    status = page.locator(".hw-status")
    counter.tap_good()
    counter.keep("devices-well", status, counter.button, ours=status)
    status.click()
    expect(modal.locator(".hw-line")).to_have_count(2)
    counter.keep("devices", *counter.footer, ours=modal)
    counter.close()

    printer.state = "paper_out"
    alarm = page.locator(".o_notification")
    expect(alarm).to_be_visible()
    counter.keep("no-paper", status, ours=alarm)
    printer.state = "ok"
    expect(alarm).to_have_count(0)

    agent.kill9()
    expect(page.locator(".hw-status.hw-danger")).to_be_visible()
    status.click()
    counter.keep("agent-away", *counter.footer, ours=modal)
    counter.close()
    agent.start()
    expect(page.locator(".hw-status.hw-ok")).to_be_visible()


def test_receipt_later(counter, printer):
    """A receipt that cannot be printed keeps nobody: it is printed with new paper."""
    page, modal = counter.page, counter.modal
    printer.state = "cover_open"
    expect(page.locator(".hw-status.hw-danger")).to_be_visible()
    counter.tap_good()
    counter.pay()
    counter.tap_cash()
    # a till that prints by itself goes on to the next order
    page.locator(".payment-screen button.validation-button.next").click()
    expect(modal.locator(".hw-problem")).to_be_visible()
    counter.keep("not-printed", *counter.footer, ours=modal)
    modal.locator(".hw-later").click()
    expect(page.locator(".hw-waiting")).to_have_text("1")
    counter.tap_good()
    printer.state = "ok"
    buttons = page.locator(".o_notification_buttons")
    ready = page.locator(".o_notification").filter(has=buttons)
    expect(ready).to_be_visible()
    counter.keep("receipt-waits", page.locator(".hw-status"), ours=ready)
    assert printer.count("cut") == 0
    buttons.locator("button").click()
    printer.wait_for_cuts(1)
    expect(page.locator(".hw-waiting")).to_have_count(0)
