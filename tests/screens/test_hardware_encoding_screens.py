"""The screen at a card writer: start, put, written, pulled away, queues."""

from playwright.sync_api import expect

from tests.screens.screen import Office
from tests.support.agent_socket import AgentSocket
from tests.support.hardware import mint

ADDON = "member_hw_proxy"
SMALL = {"width": 1024, "height": 600}


def test_a_queue_of_cards(page, server, shop, language, agent):
    """A3: new numbers are written one by one; a card pulled away is asked for again."""
    agent_id = agent.pair(server.client(), server.url)
    office = Office(page, server, language, "supervisor")
    page.set_viewport_size(SMALL)
    office.open("member_card_encoding_action", addon=ADDON)
    page.locator(".o_control_panel_main_buttons button.btn-primary").first.click()
    dialog = page.locator(".modal")
    dialog.locator("[name=count] input").fill("50")
    start = dialog.locator("[name=action_start]")
    office.keep("hw-encoding-start", start, ours=dialog)
    start.click()

    station = page.locator(".o_member_encoding")

    def at(step):
        expect(page.locator(f".o_member_encoding[data-step={step}]")).to_be_visible()

    at("put")
    office.keep("hw-encoding-put", ours=station)
    with AgentSocket(agent, server.url) as devices:
        devices.authenticate(mint(shop, agent_id, scp=["setup"]))

        def put(number):
            uid = f"04D1B2A3D4{'E5' if language == 'en' else 'E6'}{number:02}"
            devices.call("reader", "simulate", {"tap": {"uid": uid}})

        def take():
            devices.call("reader", "simulate", {"remove": True})

        put(1)
        at("take")
        office.keep("hw-encoding-done", ours=station)
        take()
        at("put")
        devices.call("reader", "simulate", {"fail_next": "card_removed"})
        put(2)
        at("problem")
        office.keep("hw-encoding-pulled", ours=station)
        page.keyboard.press("Escape")
        at("paused")
        office.keep("hw-encoding-paused", ours=station)
        take()
    office.open("member_card_encoding_action", addon=ADDON)
    row = page.locator(".o_data_row").first
    expect(row).to_be_visible()
    office.keep("hw-encoding", ours=page.locator(".o_control_panel, .o_content th"))
