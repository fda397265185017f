"""A card on the reader, from the product to the paper: real Odoo, browser and agent.

Only what is beyond the cable is played: the card (a process that vpcd talks to), the
printer (a socket), the customer display (a PTY).
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import SCREENSHOTS, screenshot
from tests.support.hardware import give_chip, printed_since, tap, wait_for_devices
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

MONEY = 500
TICKET = 88.4
"""What a member pays for a ticket."""


@pytest.fixture(autouse=True)
def paper(printer):
    """Leave the printer well to the next test."""
    yield
    printer.state = "ok"


@pytest.fixture
def open_till(page, server, shop, agent, agent_id):
    """Return `open(number)`: a till's page whose devices are all well."""

    def open_(number):
        screen = TillPage(page, server, shop, number)
        wait_for_devices(screen)
        return screen

    return open_


@pytest.fixture
def member(shop, request):
    """Return a member of this test's own, whose card has a chip."""
    number = 0x04A1B200 + len(request.node.name)
    member = dict(shop.members[number % len(shop.members)])
    member["uid"] = f"{number:08X}"
    give_chip(shop, member, member["uid"])
    return member


def test_tap_pay_print_open(open_till, shop, reader, printer, pole, member):
    """C1, C3: tap, PIN, receipt; then a sale in cash opens the drawer."""
    screen = open_till(0)
    screen.till.top_up(member["id"], MONEY)
    screen.tap_product("Ticket")
    with reader.card(member["uid"]):
        expect(screen.chip).to_contain_text("500.00")
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screenshot(screen.page, "hardware-tapped")
    screen.pay()
    forget_the_tap(screen)
    with reader.card(member["uid"]):
        expect(screen.pin).to_be_visible()
    screenshot(screen.page, "hardware-pin")
    screen.type_pin()
    receipt = screen.wait_for_receipt()
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("411.60")

    printer.wait_for_cuts(1)
    paper = printed_since(printer, 0)
    paper.save(SCREENSHOTS / "hardware-paper.png")
    assert is_written(paper)
    assert printer.count("cut") == 1
    assert printer.kicks == 0
    assert shop.figures(member["id"]) == (MONEY - TICKET, 0, 0, 0)

    screen.next_order()
    screen.tap_product("Tea")
    screen.pay()
    screen.tap_method("Cash")
    screen.validate()
    printer.wait(lambda self: self.kicks == 1, "an open drawer")
    printer.wait_for_cuts(2)
    assert b"411.60" in pole.received(200)
    assert ledger_problems(shop.database) == []


def test_swiped_card(open_till, shop, swipe):
    """C1: a magnetic stripe at a serial port finds its member as a tap does."""
    member = shop.members[9]
    screen = open_till(5)
    screen.tap_product("Ticket")
    swipe.send(f";{member['card']}=99120000?\r".encode())
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    expect(screen.page.locator(".product-screen")).to_contain_text(member["name"])


def test_two_taps_are_one(open_till, shop, agent, reader, member):
    """A card that bounces on the reader chooses its member once, and pays nothing."""
    screen = open_till(1)
    screen.till.top_up(member["id"], MONEY)
    screen.tap_product("Ticket")
    tap(agent, reader, member["uid"])
    tap(agent, reader, member["uid"])
    expect(screen.chip).to_contain_text("500.00")
    expect(screen.page.locator(".modal")).to_have_count(0)
    expect(screen.page.locator(".o_notification")).to_have_count(0)


def test_printer_without_paper(open_till, shop, printer, member):
    """The sale is over and says so; after a new roll the receipt comes out once."""
    screen = open_till(2)
    before = printer.count("cut")
    printer.state = "paper_out"
    screen.tap_product("Tea")
    screen.pay()
    screen.tap_method("Cash")
    screen.validate()
    modal = screen.page.locator(".modal", has=screen.page.locator(".hw-problem"))
    expect(modal).to_contain_text("no paper")
    screenshot(screen.page, "hardware-no-paper")
    assert printer.count("cut") == before
    printer.state = "ok"
    modal.locator(".hw-retry").click()
    printer.wait_for_cuts(before + 1)
    expect(screen.page.locator(".hw-problem")).to_have_count(0)
    screen.next_order()
    assert printer.count("cut") == before + 1


def test_agent_restarts_under_an_open_till(open_till, agent, reader, printer, member):
    """The till says that its devices are away; they come back without a reload."""
    screen = open_till(3)
    screen.tap_product("Ticket")
    agent.kill9()
    expect(screen.page.locator(".hw-status.hw-danger")).to_be_visible()
    screenshot(screen.page, "hardware-away")
    agent.start()
    wait_for_devices(screen)
    with reader.card(member["uid"]):
        expect(screen.order_line("Ticket")).to_contain_text("88.40")


def test_till_opens_without_its_agent(page, server, shop, agent, agent_id):
    """With "scan by the proxy" Odoo's own client would ask a dead one without pause."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    agent.kill9()
    screen = TillPage(page, server, shop, 3)
    expect(page.locator(".hw-status.hw-danger")).to_be_visible()
    screen.tap_product("Ticket")
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    agent.start()
    wait_for_devices(screen)
    assert [url for url in asked if "/hw_proxy/" in url] == []


def test_unknown_chip(open_till, reader, shop):
    """A bus card on the reader: a sentence, and the sale goes on."""
    screen = open_till(4)
    screen.tap_product("Ticket")
    with reader.card("04DEADBEEF1180"):
        expect(screen.page.locator(".o_notification")).to_contain_text(
            "Nobody has this card"
        )
    expect(screen.order_line("Ticket")).to_contain_text("104.00")


def forget_the_tap(screen):
    """Let so much time pass that the same card on the reader is meant once more."""
    screen.page.evaluate(
        "() => new Promise((done) => setTimeout(done, 1600))  // BOUNCE_MS is 1500"
    )


def is_written(paper):
    """Tell whether there is about as much ink on paper as a receipt has."""
    dark = sum(paper.convert("L").point(lambda dot: dot < 128).getdata())
    share = dark / (paper.width * paper.height)
    return paper.height > 300 and 0.005 < share < 0.4
