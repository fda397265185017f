"""The manager's desk: a computer is paired by its code, given to a till, revoked."""

import pytest
from playwright.sync_api import expect

from tests.support.agent_socket import AgentSocket, Closed
from tests.support.browser import log_in, screenshot
from tests.support.hardware import capability, give_chip, mint, use_at_tills
from tests.support.shell import run_in_odoo

UID = "04D00D01"
MANAGER = "hw_manager"
MANAGER_PASSWORD = "hw_manager_password"

HIRE = """
    from odoo import Command

    users = env["res.users"].with_context(no_reset_password=True)
    users.create({
        "name": "Guan Li", "login": login, "password": password,
        "group_ids": [Command.set(env.ref("member_card.group_member_manager").ids)],
    })
"""

COMPUTERS = "/odoo/action-member_hw_proxy.member_hw_agent_action"


@pytest.fixture(scope="module")
def client(shop, server):
    run_in_odoo(shop.database, HIRE, login=MANAGER, password=MANAGER_PASSWORD)
    return server.client(MANAGER, MANAGER_PASSWORD)


@pytest.fixture
def desk(page, server, client):
    """Give a page of the back office on which the manager is signed in."""
    log_in(page, client, server.url)
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def pair_by_hand(desk, server, agent, code):
    """Type a code and the agent's address, as the dialog asks."""
    desk.goto(server.url + COMPUTERS)
    desk.locator("button[name='action_pair']:visible").first.click()
    desk.locator(".member-hw-code").fill(code)
    desk.locator(".modal details summary").click()
    desk.locator(".member-hw-url").fill(agent.url)
    desk.locator(".member-hw-pair").click()


def test_pair_tap_revoke(desk, server, shop, agent, reader, client):
    """B2: the code pairs; a card opens its member; revoked, the reader is nobody's."""
    with agent.pairing_code() as code:
        wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
        pair_by_hand(desk, server, agent, wrong)
        expect(desk.locator(".member-hw-error")).to_be_visible()
        screenshot(desk, "hardware-pair-wrong")
        # one attempt a second: who types is slower than a test
        desk.locator(".member-hw-code").fill("")
        desk.locator(".member-hw-code").press_sequentially(code.lower(), delay=150)
        desk.locator(".member-hw-pair").click()
        expect(desk.locator(".member-hw-paired")).to_contain_text("Test till")
    expect(desk.locator(".modal li")).to_have_count(4)
    screenshot(desk, "hardware-paired")
    desk.locator(".modal .btn-secondary").click()

    agent_id = shop.value(
        "SELECT id FROM member_hw_agent WHERE state = 'paired'"
        " ORDER BY paired_at DESC LIMIT 1"
    )
    use_at_tills(shop, agent_id, [0])
    member = shop.members[3]
    give_chip(shop, member, UID)
    with reader.card(UID):
        expect(desk.locator(".o_breadcrumb")).to_contain_text(member["name"])
    screenshot(desk, "hardware-member-opened")

    known, path = mint(shop, agent_id), capability(shop)
    # a page may report just then: Odoo does again what a manager changes of a computer
    server.allow_lines('(?s)bad query.*"member_hw_agent".*not serialize')
    client.call("member.hw.agent", "action_revoke", [agent_id])
    expect(desk.locator(".member-hw-danger")).to_be_visible()
    answer = shop.till(server).verb("member_hw_connect")
    assert answer["status"] == "revoked"
    # the computer forgets it, too, and what was handed out opens nothing there
    assert agent.command("unpair", "--config", str(agent.config)).returncode == 0
    with pytest.raises(Exception, match="403"):
        AgentSocket(agent, server.url).authenticate(known)
    status, _answer = agent.request(
        "POST", f"/{path}/hw_proxy/handshake", {}, {"Origin": server.url}
    )
    assert status == 403


def test_open_socket_ends_with_the_pairing(server, agent, shop, client):
    """Who is connected when the computer is unpaired is cut off within seconds."""
    agent_id = agent.pair(client, server.url)
    with AgentSocket(agent, server.url) as page:
        page.authenticate(mint(shop, agent_id, scp=["events", "print"]))
        agent.command("unpair", "--config", str(agent.config))
        with pytest.raises(Closed) as caught:
            while True:
                page.call("receipt", "status")
        assert caught.value.code in (4401, 4429)
