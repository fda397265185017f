"""The agent dies, its card service restarts, a chip is torn: at a till that is open."""

import pytest
from playwright.sync_api import expect

from tests.support.agent_socket import AgentSocket
from tests.support.browser import screenshot
from tests.support.hardware import connect, give_chip, wait_for_devices
from tests.support.till_page import TillPage

UID = "04A1B2EE"


@pytest.fixture
def member(shop):
    member = shop.members[7]
    give_chip(shop, member, UID)
    return member


@pytest.fixture
def screen(page, server, shop, agent, agent_id, member, reader):
    screen = TillPage(page, server, shop, 6)
    wait_for_devices(screen)
    screen.tap_product("Ticket")
    return screen


def test_card_service_restarts(screen, reader, pcscd, agent):
    """C1: pcscd is updated under an open till; the next tap is read."""
    pcscd.kill()
    agent.wait_for_reader(state="disconnected")
    expect(screen.page.locator(".hw-status.hw-danger")).to_be_visible()
    pcscd.start()
    wait_for_devices(screen)
    with reader.card(UID):
        expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screen.new_order()


def test_computer_is_revoked_and_paired_again(screen, server, reader, agent, agent_id):
    """The open till lets go of it at once and says why; it comes back by itself."""
    client = server.client()
    # a page may report just then: Odoo does again what a manager changes of a computer
    server.allow_lines('(?s)bad query.*"member_hw_agent".*not serialize')
    client.call("member.hw.agent", "action_revoke", [agent_id])
    expect(screen.page.locator(".hw-status.hw-danger")).to_be_visible()
    screen.page.locator(".hw-status").click()
    expect(screen.page.locator(".modal")).to_contain_text("was revoked")
    screenshot(screen.page, "hardware-revoked")
    screen.page.keyboard.press("Escape")
    assert agent.pair(client, server.url) == agent_id
    wait_for_devices(screen)
    with reader.card(UID):
        expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screen.new_order()


def test_card_of_before_is_not_replayed(shop, server, agent, agent_id, reader, member):
    """A page that opens later learns nothing of the card that was there before."""
    till = shop.till(server, 8)
    with AgentSocket(agent, server.url) as first:
        first.authenticate(connect(till))
        with reader.card(UID):
            event = first.event("card")
        first.event("card_removed")
    with AgentSocket(agent, server.url) as second:
        ready = second.authenticate(connect(till))
        assert ready["event"] > event["id"]
        with reader.card(UID):
            assert second.event("card")["id"] > ready["event"]


def test_tap_is_good_once(shop, server, agent, agent_id, reader, member):
    """C1: what a page has seen of a tap opens no member a second time."""
    till = shop.till(server, 8)
    with AgentSocket(agent, server.url) as page:
        page.authenticate(connect(till))
        with reader.card(UID):
            reading = page.event("card")["data"]["reading"]
    assert UID not in reading
    assert till.verb("member_hw_card", reading)["status"] == "ok"
    assert till.verb("member_hw_card", reading)["status"] == "replayed"
    assert till.verb("member_hw_card", reading[:-4] + "AAAA")["status"] == "forged"


def test_log_names_no_card(agent, shop, server, agent_id, reader, member):
    """Numbers and UIDs are masked, whatever was read."""
    with AgentSocket(agent, server.url) as page:
        page.authenticate(connect(shop.till(server, 8)))
        with reader.card(UID):
            page.event("card")
    log = agent.read_log()
    assert UID not in log.upper()
    assert member["card"] not in log
    assert "capability" not in log
