"""Computers and terminals in the back office: paired, tried, given to tills, tapped."""

import re

from playwright.sync_api import expect

from tests.screens.cast import COMPUTER
from tests.screens.screen import Office, turn
from tests.support.agent_socket import AgentSocket
from tests.support.browser import screenshot
from tests.support.hardware import give_chip, mint

ADDON = "member_hw_proxy"
UIDS = {"en": "04A1B2C3D4E5F6", "zh": "04A1B2C3D4E5F7"}
NOT_WAITED_FOR = "AB2D-EF9H"
SMALL = {"width": 1024, "height": 600}


def pair(office, agent):
    """Pair in the browser as a manager does; return the dialog."""
    dialog = office.page.locator(".modal")
    office.page.locator("button[name=action_pair]").click()
    code = dialog.locator(".member-hw-code")
    expect(code).to_be_focused()
    office.keep("hw-pair", dialog.locator(".member-hw-pair"), ours=dialog)

    dialog.locator("summary").click()
    dialog.locator(".member-hw-url").fill(agent.url)
    code.fill(NOT_WAITED_FOR)
    dialog.locator(".member-hw-pair").click()
    expect(dialog.locator(".member-hw-error")).to_be_visible()
    office.keep("hw-pair-refused", dialog.locator(".member-hw-pair"), ours=dialog)

    with agent.pairing_code() as typed:
        # one attempt a second: who types is slower than a test
        code.fill("")
        code.press_sequentially(typed, delay=150)
        code.press("Enter")
        expect(dialog.locator(".member-hw-paired")).to_be_visible()
    expect(dialog.locator("li .fa-check")).to_have_count(3)
    office.keep("hw-paired", dialog.locator("footer .btn-primary"), ours=dialog)
    return dialog


def put_on(shop, agent, url, agent_id, uid):
    """Put a card on the simulated reader and take it away again."""
    token = mint(shop, agent_id, scp=["setup"])
    with AgentSocket(agent, url) as socket:
        socket.authenticate(token)
        tap = {"uid": uid, "medium": "contactless", "type": "ntag"}
        socket.call("reader", "simulate", {"tap": tap})
        socket.call("reader", "simulate", {"remove": True})


def test_a_computer_from_the_code_to_the_tap(
    page, server, shop, language, turns, agent
):
    """B2, C1: paired by a code, each device tried, given to a till; a tap opens."""
    uid = UIDS[language]
    office = Office(page, server, language, "manager")
    page.set_viewport_size(SMALL)
    office.open("member_hw_agent_action", addon=ADDON)
    dialog = pair(office, agent)
    dialog.locator("footer .btn-secondary").click()
    rows = page.locator(".o_field_one2many .o_data_row")
    expect(rows).to_have_count(3)
    office.keep("hw-computer", ours=page.locator(".o_form_view"))
    agent_id = int(page.url.rsplit("/", 1)[1].split("?")[0])

    rows.filter(has_text="TM-T20").locator("button[name=action_test]").click()
    expect(dialog.locator(".fa-check-circle")).to_be_visible()
    dialog.locator("footer .btn-primary").click()
    expect(dialog.locator(".alert-success")).to_be_visible()
    office.keep("hw-test-printer", ours=dialog)
    dialog.locator("footer .btn").last.click()

    # what is connected first is the page: the dialog's own connection tells the devices
    with page.expect_response("**/member.hw.agent/report*"):
        rows.filter(has_text="ACR122U").locator("button[name=action_test]").click()
    expect(dialog.locator(".fa-check-circle")).to_be_visible()
    put_on(shop, agent, server.url, agent_id, uid)
    expect(dialog.locator(".member-hw-seen")).to_be_visible()
    office.keep("hw-test-reader", ours=dialog)
    dialog.locator("footer .btn").last.click()
    expect(dialog).to_have_count(0)

    office.open("member_hw_terminal_action", addon=ADDON)
    page.locator(".o_group_header").first.click()
    page.locator(".o_data_row button[name=action_set_up]").first.click()
    dialog.locator("[name=agent_id] input").click()
    # by its name: what stands there first is that the list is being loaded
    page.locator(".o-autocomplete--dropdown-item", has_text=COMPUTER).first.click()
    expect(dialog.locator("[name=printer_id]")).to_be_visible()
    office.keep("hw-assign", dialog.locator("[name=action_save]"), ours=dialog)
    dialog.locator("[name=action_save]").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".o_data_row .text-bg-success").first).to_be_visible()
    office.keep("hw-terminals", ours=page.locator(".o_control_panel, .o_content th"))

    member = shop.members[turn(turns, "member", language)]
    give_chip(shop, member, uid)
    page.locator(".member-hw-state").click()
    office.keep("hw-systray", ours=page.locator(".member-hw-menu"))
    page.keyboard.press("Escape")
    put_on(shop, agent, server.url, agent_id, uid)
    expect(page).to_have_url(re.compile(rf"/{member['id']}(\?|$)"))
    expect(page.locator(".o_form_view")).to_be_visible()
    office.keep("hw-tapped", ours=page.locator(".o_control_panel_main_buttons"))
    keep_health_page(page, agent)


def keep_health_page(page, agent):
    """The agent's own page, which is in English only."""
    page.set_viewport_size({"width": 1024, "height": 320})
    page.goto(f"{agent.url}/health")
    expect(page.locator("tr.connected")).to_have_count(3)
    screenshot(page, "agent-health")
