"""Points and gifts on a till's screens: shown, redeemed, on receipt and display."""

import pytest
from playwright.sync_api import expect

from tests.screens.test_desk_screens import open_cart
from tests.screens.test_sale_screens import keep_receipt
from tests.support.shell import run_in_odoo

POINTS = 1240
GIVE = """
    from tests.screens.stage import give_points
    give_points(env, partner_id, points)
"""
COUPON = """
    from tests.screens.stage import give_coupon
    give_coupon(env, partner_id)
"""

#: What a browser prints is shown for a picture, as wide as a roll of paper.
SHOW_PRINT = """() => {
    window.print = () => {
        const slip = document.querySelector(".member-slip").cloneNode(true);
        const paper = document.createElement("div");
        paper.className = "shown-slip bg-white position-fixed p-3";
        Object.assign(paper.style, { top: 0, left: 0, zIndex: 9999 });
        paper.append(slip);
        document.body.append(paper);
    };
}"""


@pytest.fixture(params=["till", "phone"])
def till(request, language, rewards):
    """Give a till of either size, in either language."""
    return request.getfixturevalue("screen" if request.param == "till" else "phone")


def member_with_points(till):
    member = till.member(money=300)
    partner_id = member["id"]
    run_in_odoo(till.shop.database, GIVE, partner_id=partner_id, points=POINTS)
    run_in_odoo(till.shop.database, COUPON, partner_id=partner_id)
    return member


def open_rewards(till):
    till.page.locator(".payment-screen .member-redeem").click()
    expect(till.page.locator(".modal .member-rewards")).to_be_visible()


def test_points(till):
    """UX: two taps redeem; every screen of it at 1024×600 and on a phone."""
    page, modal = till.page, till.modal
    member = member_with_points(till)
    display = till.open_display() if till.kind == "till" else None
    till.tap_good()
    open_cart(till)
    till.find_member(member["card"])
    expect(till.page.locator(".member-chip .member-points")).to_contain_text("1,240")
    expect(till.page.locator(".member-chip .member-points-soon")).to_contain_text("248")
    expect(till.page.locator(".member-chip .member-coupons-count")).to_contain_text("1")
    till.keep("points-sale", till.button, ours=till.button)
    till.open_member()
    till.keep("points-member", *till.footer, ours=modal)
    till.step("history")
    expect(modal.locator(".member-entry")).to_have_count(3)
    till.keep("points-history", *till.footer, ours=modal)
    page.evaluate(SHOW_PRINT)
    modal.locator(".member-print").click()
    slip = page.locator(".shown-slip")
    till.keep_part("points-slip", slip, ours=slip.locator(".member-slip-lines"))
    slip.evaluate("paper => paper.remove()")
    till.close()

    till.pay()
    earns = page.locator(".payment-screen .member-earns")
    expect(earns).to_be_visible()
    redeem = page.locator(".payment-screen .member-redeem")
    till.keep("points-payment", redeem, ours=page.locator(".payment-screen"))
    open_rewards(till)
    first = modal.locator(".member-choice").first
    till.keep("rewards", first, *till.footer, ours=modal)
    modal.locator(".member-choice-other").click()
    typed = till.modal.locator(".member-points-typed")
    typed.fill("500")
    till.keep("points-typed", typed, *till.footer, ours=till.modal)
    till.modal.locator(".member-confirm").click()
    expect(page.locator(".modal")).to_have_count(0)
    expect(page.locator(".payment-screen .total")).to_contain_text("83")

    open_rewards(till)
    modal.locator(".member-reward").first.click()
    expect(page.locator(".modal")).to_have_count(0)
    expect(till.page.locator(".member-chip .member-points")).to_contain_text("440")
    if display:
        spent = display.page.locator(".member-points-spent")
        expect(spent).to_contain_text("800")
        display.keep("points", ours=display.page.locator(".member-line"))
    open_rewards(till)
    take_off = modal.locator(".member-redemption-remove").first
    till.keep("rewards-again", take_off, ours=modal)
    till.close()

    till.tap_cash()
    till.validate()
    if till.kind == "till":
        keep_receipt(till, "receipt-points")
