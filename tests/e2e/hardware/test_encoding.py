"""Cards are written by the dozen, and things go wrong in the midst of it.

The writer is a real pcscd, the cards keep what is written on them, Odoo and the browser
are real. Whatever happens, each number is on one chip and each chip has one number.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import new_context, screenshot
from tests.support.encoding_page import EncodingPage, hire_clerk
from tests.support.hardware import wait_for_devices
from tests.support.till_page import TillPage

COUNT = 50
TORN, USED, KILLED, CLOSED, RESTARTED = 12, 20, 26, 32, 40
"""The cards at which something happens."""


@pytest.fixture(scope="module")
def clerk(shop):
    hire_clerk(shop)


@pytest.fixture
def station(page, server, shop, agent_id, reader, clerk):
    return EncodingPage(page, server, shop)


@pytest.fixture(autouse=True)
def empty_reader(reader):
    """Leave no card on the reader to the next test."""
    yield
    for card in reader.cards.values():
        card.remove()


def uid(position):
    """Return the UID of the card for a place in the queue: two kinds of chips."""
    if position % 2:
        return f"04A1{position:04X}"
    return f"04B2C3D4E5{position:04X}"


def test_fifty_cards(station, page, reader, agent, pcscd):
    """A3: torn, a used card, the agent killed, the page closed, pcscd restarted."""
    station.start_queue(COUNT)
    written = {}
    for position in range(1, COUNT + 1):
        station.expect_step("put", position)
        card = reader.take(uid(position))
        if position == TORN:
            tear(station, card, agent)
        elif position == USED:
            put_used_card(station, reader, agent)
        elif position == KILLED:
            kill_the_agent(station, card, agent)
        elif position == CLOSED:
            station.open()
        elif position == RESTARTED:
            pcscd.restart()
            wait_for_writer(station, agent, position)
        if position != KILLED:
            card.insert()
        station.expect_step("take", position)
        written[position] = station.number
        card.remove()
    station.expect_step("finished")
    screenshot(page, "hardware-encoding-done")

    lines = station.lines()
    assert [line["number"] for line in lines] == list(written.values())
    assert {line["state"] for line in lines} == {"done"}
    assert {(line["card"], line["chip"]) for line in lines} == {("encoded", True)}
    assert_one_number_on_each_chip(reader, written)


def tear(station, card, agent):
    """Take the card away in the midst of its writing; put back, it is finished."""
    card.tear(after=1, how="half", of="updates")
    card.insert()
    station.expect_problem("card_removed")
    screenshot(station.page, "hardware-encoding-torn")
    wait_for_no_card(agent)


def put_used_card(station, reader, agent):
    """A card that has a number already is refused, and stays what it is."""
    used = reader.take(uid(1))
    before = used.dump()
    used.insert()
    expect(
        station.page.locator(".o_member_encoding[data-step='problem']")
    ).to_be_visible()
    screenshot(station.page, "hardware-encoding-used")
    used.remove()
    wait_for_no_card(agent)
    station.expect_step("put", USED)
    assert used.dump() == before


def wait_for_no_card(agent):
    """Wait until the reader, which looks now and then, has seen that it is gone."""

    def is_gone():
        (device,) = agent.devices_of("card.pcsc")
        return device["last_event"]["kind"] == "card_removed"

    agent.wait_for(is_gone)


def kill_the_agent(station, card, agent):
    """Kill the agent between two writes to a chip; started again, it goes on."""
    card.freeze(after=1, of="updates")
    card.insert()
    card.wait_frozen()
    agent.kill9()
    card.thaw()
    screenshot(station.page, "hardware-encoding-killed")
    agent.start()


def wait_for_writer(station, agent, position):
    """Wait until the reader was away and is there again, and the screen asks on."""
    agent.wait_for(lambda: "does not run" in agent.read_log())
    agent.wait_for_reader()
    station.expect_step("put", position)


def assert_one_number_on_each_chip(reader, written):
    chips = {position: reader.take(uid(position)).dump() for position in written}
    for position, number in written.items():
        digits = bytes.fromhex(number)
        holders = [at for at, memory in chips.items() if digits in memory]
        assert holders == [position], (number, holders)


def test_contact_card(station, page, reader):
    """C1, A3: a contact card, which has no UID, is known by what was written on it."""
    station.start_queue(1, medium="contact_ic")
    station.expect_step("put", 1)
    card = reader.take("", "iso7816")
    card.insert()
    # blank, it has nothing to be announced by: the person says that it is there, and
    # again if the reader has not noticed it yet
    taken = page.locator(".o_member_encoding[data-step='take']")
    again = page.locator(".o_member_encoding_button[name='again']")
    while not taken.is_visible():
        again.or_(taken).first.click()
        expect(again.or_(taken)).to_be_visible()
    station.expect_step("take", 1)
    card.remove()
    station.press("next")
    station.expect_step("finished")
    (line,) = station.lines()
    assert (line["state"], line["card"]) == ("done", "encoded")
    assert bytes.fromhex(line["number"]) in card.dump()


def test_written_card_at_a_till(station, page, server, shop, reader, browser):
    """A card that is written and not issued says so at the till, with its number."""
    station.start_queue(1)
    station.expect_step("put", 1)
    card = reader.take("04C5000000AA01")
    card.insert()
    station.expect_step("take", 1)
    card.remove()
    station.expect_step("finished")
    context = new_context(browser, 1024, 600)
    till = TillPage(context.new_page(), server, shop, 5)
    wait_for_devices(till)
    till.tap_product("Ticket")
    card.insert()
    expect(till.page.locator(".o_notification")).to_contain_text("issue")
    screenshot(till.page, "hardware-not-issued")
    card.remove()
    context.close()


def test_issued_at_the_writer(station, page, server, shop, reader):
    """A3: from the member's form to the writer, issued, and tapped at a till."""
    member = shop.members[11]
    page.goto(f"{server.url}/odoo/action-member_card.member_action/{member['id']}")
    page.locator("button[name=action_member_issue_card]").click()
    dialog = page.locator(".modal")
    dialog.get_by_text("Make a new number").click()
    dialog.locator("button[name=action_issue_and_encode]").click()
    station.expect_step("put", 1)
    screenshot(page, "hardware-issue-put")
    number = station.number
    card = reader.take("04C5000000AA02")
    card.insert()
    station.expect_step("take", 1)
    screenshot(page, "hardware-issue-written")
    card.remove()
    station.expect_step("finished")
    assert bytes.fromhex(number) in card.dump()
    assert shop.query(
        "SELECT state, partner_id FROM member_card WHERE number = %s", number
    ) == [("issued", member["id"])]

    till = TillPage(page, server, shop, 6)
    wait_for_devices(till)
    till.tap_product("Ticket")
    card.insert()
    expect(till.order_line("Ticket")).to_contain_text("88.40")
    expect(page.locator(".product-screen")).to_contain_text(member["name"])
    card.remove()
