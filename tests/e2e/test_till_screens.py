"""The till's main screens on a small display, in both languages, kept as pictures.

What must be tapped is in sight without scrolling, and no English is left on a Chinese
screen. The pictures are in build/screenshots.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.shop import CASHIER
from tests.support.till_page import TillPage

LANGUAGES = {"en": CASHIER, "zh": f"{CASHIER}_zh"}

#: What is not ours to translate: names of people, products and currencies.
NAMES = re.compile(r"Member \d+|Ticket|Tea|CNY|PIN")


@pytest.mark.parametrize(("number", "language"), [(6, "en"), (7, "zh")])
def test_main_screens(page, server, shop, number, language):
    """UX: everything works at 1024×600, in English and in Chinese."""
    member = shop.members[number]
    screen = TillPage(page, server, shop, number, LANGUAGES[language])
    screen.till.top_up(member["id"], 120)

    def keep(name, *tapped, ours):
        for locator in tapped:
            expect(locator).to_be_in_viewport(ratio=1)
        screenshot(page, f"till-{language}-{name}")
        if language == "zh":
            words = NAMES.sub("", ours.inner_text())
            assert not re.search(r"[A-Za-z]{2,}", words), words

    modal = page.locator(".modal")
    buttons = modal.locator(".modal-footer .btn")

    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.chip).to_contain_text("120.00")
    keep("product-screen", screen.chip, ours=page.locator(".member-chip"))

    page.locator(".member-chip").click()
    expect(modal.locator(".member-available")).to_be_visible()
    keep("member", buttons.first, buttons.last, ours=modal)
    modal.locator(".member-topup").click()
    expect(modal.locator(".member-usual")).to_be_visible()
    keep("top-up", buttons.first, buttons.last, ours=modal)
    buttons.last.click()

    screen.pay()
    screen.tap_wallet()
    keep("pin", screen.pin, buttons.first, buttons.last, ours=modal)
    screen.type_pin()
    receipt = screen.wait_for_receipt().locator(".member-receipt")
    receipt.scroll_into_view_if_needed()
    keep("receipt", ours=receipt)
