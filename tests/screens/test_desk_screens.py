"""What is done for members beside selling: joining, PINs, cards, last entries."""

import pytest
from playwright.sync_api import expect
from stdnum import luhn

from tests.screens.screen import turn
from tests.support.shop import PIN


@pytest.fixture(params=["till", "phone"])
def desk(request, language):
    """Give a till of either size, in either language."""
    return request.getfixturevalue("screen" if request.param == "till" else "phone")


def open_cart(desk):
    if desk.kind == "phone":
        desk.page.locator(".review-button").click()


def blank_card(desk):
    """Return the number of a card that nobody has."""
    body = f"88009999000{turn(desk.turns, 'card', desk.language):04}"
    return body + luhn.calc_check_digit(body)


def test_join(desk):
    """UX: join, card, PIN and first top-up in one popup; what is wrong stands there."""
    modal = desk.modal
    known = desk.member()
    name = {"en": "Sun Yu", "zh": "孙宇"}[desk.language]
    phone = f"+86 139 0013 {8000 + turn(desk.turns, 'phone', desk.language)}"
    desk.tap_good()
    open_cart(desk)
    desk.find_member(phone)
    expect(desk.message).to_be_visible()
    join = modal.locator(".member-join-new")
    desk.keep("not-found", join, ours=modal)
    join.click()
    field = modal.locator
    expect(field(".member-join-phone")).to_have_value(phone)
    field(".member-join-name").fill(name)
    # somebody has this phone already
    number = desk.shop.value("SELECT phone FROM res_partner WHERE id = %s", known["id"])
    field(".member-join-phone").fill(number)
    field(".member-join-phone").press("Enter")
    expect(field(".member-known .member-match")).to_be_visible()
    desk.keep("join-known", field(".member-somebody-else"), ours=field(".member-known"))
    field(".member-somebody-else").click()
    field(".member-join-phone").fill(phone)
    field(".member-join-card_number").fill(blank_card(desk))
    field(".member-join-pin").fill("1234")
    field(".member-join-pin_again").fill("1234")
    field(".member-confirm").click()
    expect(field(".member-error-pin")).to_be_visible()
    desk.keep("join-wrong", *desk.footer, ours=modal)
    field(".member-join-pin").fill(PIN)
    field(".member-join-pin_again").fill(PIN)
    stored = {"en": "Stored Value", "zh": "储值"}[desk.language]
    field(".member-join-class").select_option(label=stored)
    field(".member-join-topup").fill("500")
    desk.keep("join", *desk.footer, ours=modal)
    field(".member-confirm").click()
    # the first top-up is an order of its own
    expect(desk.page.locator(".payment-screen")).to_be_visible()


def test_pin(desk):
    """D9: another PIN; the supervisor when it is forgotten."""
    modal = desk.modal
    member = desk.member(money=100)
    desk.tap_good()
    open_cart(desk)
    desk.find_member(member["card"])
    desk.open_member()
    desk.step("pin-change")
    expect(modal.locator(".member-pin-old")).to_be_visible()
    desk.keep("pin-change", *desk.footer, ours=modal)
    desk.step("forgotten")
    expect(modal.locator(".member-approval-pin")).to_be_visible()
    desk.keep("pin-forgotten", *desk.footer, ours=modal)
    desk.approve()
    expect(modal.locator(".member-pin-pin")).to_be_visible()
    desk.keep("pin-new", *desk.footer, ours=modal)


def test_card_and_entries(desk):
    """D10, D11: last entries, lost, and the next card."""
    modal = desk.modal
    member = desk.member(money=200)
    desk.till.sell(member["id"], 30)
    desk.tap_good()
    open_cart(desk)
    desk.find_member(member["card"])
    expect(desk.chip).to_contain_text("170.00")
    desk.open_member()
    desk.step("history")
    expect(modal.locator(".member-entry")).to_have_count(3)
    printer = modal.locator(".member-print-entry").first
    desk.keep("history", printer, *desk.footer, ours=modal)
    table, body = modal.locator(".member-entries"), modal.locator(".modal-body")
    assert table.bounding_box()["width"] <= body.bounding_box()["width"]
    desk.close()
    desk.open_member()
    desk.step("lost")
    field = modal.locator(".member-new-card")
    expect(field).to_be_visible()
    desk.keep("lost", *desk.footer, ours=modal)
    field.fill(blank_card(desk))
    field.press("Enter")
    expect(desk.page.locator(".o_notification").first).to_be_visible()
