"""Joining and cards at real tills: two browsers, one server, one database.

Somebody joins with a card, a PIN and a first top-up, and pays at once; the card that
is reported lost at one till pays nothing at the other till that has the member open.
"""

from playwright.sync_api import expect

from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

NAME = "Cao Fei"
PHONE = "13800138039"
CARD = "8800000000000039"
NEW_CARD = "8800000000000047"
PIN = "8642"


def join(screen):
    """Look for the phone in vain, then join with the card that is scanned."""
    page = screen.page
    screen.find_member(PHONE)
    page.locator(".modal .member-join-new").click()
    expect(page.locator(".modal .member-join-phone")).to_have_value(PHONE)
    expect(page.locator(".modal .member-join-name")).to_be_focused()
    page.keyboard.type(NAME)
    screen.scan(CARD)
    expect(page.locator(".modal .member-join-card_number")).to_have_value(CARD)
    page.locator(".modal .member-join-class").select_option(label="Stored Value")
    page.locator(".modal .member-join-pin").fill(PIN)
    page.locator(".modal .member-join-pin_again").fill(PIN)
    page.locator(".modal .member-join-topup").fill("500")
    page.locator(".modal .member-confirm").click()
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("500.00")
    screen.next_order()


def test_join_pay_and_lose_the_card(page, browser, server, shop):
    """D8, D9: from nobody to a paid order; then the lost card stops everywhere."""
    first = TillPage(page, server, shop, 10)
    first.tap_product("Ticket")
    join(first)
    expect(first.order_line("Ticket")).to_contain_text("88.40")
    first.pay()
    first.tap_wallet()
    first.type_pin(PIN)
    receipt = first.wait_for_receipt()
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("411.60")
    first.next_order()
    [(member,)] = shop.query("SELECT id FROM res_partner WHERE name = %s", NAME)
    assert shop.figures(member) == (411.6, 0, 0, 0)

    context = browser.new_context(viewport={"width": 1024, "height": 600})
    second = TillPage(context.new_page(), server, shop, 11)
    second.tap_product("Ticket")
    second.scan(CARD)
    expect(second.chip).to_contain_text("411.60")
    second.pay()

    first.new_order()
    first.find_member(PHONE)
    first.page.locator(".member-chip").click()
    first.page.locator(".modal .member-lost").click()
    expect(first.page.locator(".modal .member-new-card")).to_be_focused()
    first.scan(NEW_CARD)
    expect(first.page.locator(".o_notification")).to_contain_text("is blocked")

    # the other till is told at once, and refused if it tries all the same
    expect(second.page.locator(".o_notification")).to_contain_text("cannot be used")
    second.tap_wallet()
    second.type_pin(PIN)
    expect(second.page.locator(".modal-body")).to_contain_text("reported lost")
    second.page.locator(".modal-footer .btn-primary").click()
    assert shop.figures(member) == (411.6, 0, 0, 0)

    # what was on the card came along with the new one
    with second.page.expect_response(lambda answer: "member_lookup" in answer.url):
        second.scan(NEW_CARD)
    expect(second.chip).to_contain_text("411.60")
    second.tap_wallet()
    second.type_pin(PIN)
    receipt = second.wait_for_receipt()
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("323.20")
    assert shop.figures(member) == (323.2, 0, 0, 0)
    assert ledger_problems(shop.database) == []
    context.close()
