"""What members pay: the supervisor's approval, the customer display and the receipt.

Kept as pictures in both languages, like the till's other screens.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER
from tests.support.till_page import TillPage

APPROVAL_PIN = "7319"

SUPERVISE = """
company = env["pos.config"].browse(config).company_id
company.write({"member_approve_discounts": True, "member_discount_limit": 10})
env["res.partner"].browse(member).name = name
users = env["res.users"].with_context(no_reset_password=True)
user = users.search([("login", "=", "supervisor_prices")]) or users.create({
    "name": "Sun Li",
    "login": "supervisor_prices",
    "company_id": company.id,
    "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, env.ref("member_card.group_member_supervisor").ids)],
})
env["member.approval.pin"]._set(user.partner_id, pin)
"""


@pytest.mark.parametrize(
    ("number", "language", "name", "masked"),
    [(8, "en", "Ann Lee", "Ann"), (9, "zh", "\u5f20\u5c0f\u660e", "\u5f20**")],
)
def test_prices_that_the_customer_sees(
    page, server, shop, number, language, name, masked
):
    """C2, D5: a cut by approval; the display while the PIN is asked for; savings."""
    till, member = shop.ids["tills"][number], shop.members[number]
    run_in_odoo(
        shop.database,
        SUPERVISE,
        config=till["config"],
        member=member["id"],
        name=name,
        pin=APPROVAL_PIN,
    )
    login = CASHIER if language == "en" else f"{CASHIER}_zh"
    screen = TillPage(page, server, shop, number, login)
    screen.till.top_up(member["id"], 120)

    display = page.context.new_page()
    display.set_viewport_size({"width": 1024, "height": 600})
    display.goto(f"{server.url}/pos_customer_display/{till['config']}/{number}")
    expect(display.locator(".o_customer_display")).to_be_visible()
    page.bring_to_front()

    screen.find_member(member["card"])
    screen.tap_product("Ticket")
    expect(screen.chip).to_contain_text("120.00")
    expect(display.locator(".member-line").first).to_contain_text(masked)
    expect(display.locator(".member-public-price")).to_contain_text("104.00")
    screenshot(display, f"display-{language}-sale")

    page.locator(".product-screen .numpad button[value='%']").click()
    page.locator(".product-screen .numpad button[value='1']").click()
    modal = page.locator(".modal")
    for digit in "20":
        modal.locator(f".numpad button[value='{digit}']").click()
    modal.locator(".modal-footer .btn-primary").click()
    expect(modal.locator(".member-approval-text")).to_contain_text("20 %")
    approve = modal.locator(".member-approve")
    expect(approve).to_be_in_viewport(ratio=1)
    screenshot(page, f"till-{language}-approval")
    modal.locator(".member-approval-pin").fill(APPROVAL_PIN)
    approve.click()
    expect(modal).to_have_count(0)
    # 104 less 15 % for the class, less 20 %
    expect(screen.order_line("Ticket")).to_contain_text("70.72")

    screen.pay()
    screen.tap_wallet()
    expect(display.locator(".member-offer .member-amount")).to_contain_text("70.72")
    expect(display.locator(".member-offer .member-after")).to_contain_text("49.28")
    screenshot(display, f"display-{language}-pin")
    screen.type_pin()
    receipt = screen.wait_for_receipt()
    # 15.60 for the class, less the 20 % that were taken off it as well
    expect(receipt.locator(".member-receipt-savings")).to_contain_text("12.48")
    receipt.locator(".member-receipt").scroll_into_view_if_needed()
    screenshot(page, f"till-{language}-receipt-savings")
    expect(display.locator(".member-line")).to_have_count(0)
    expect(display.locator("body")).not_to_contain_text("49.28")

    found = shop.query(
        """SELECT e.reason, e.state, u.login
             FROM member_price_exception e
             JOIN pos_order o ON o.id = e.order_id
             JOIN member_approval a ON a.id = e.approval_id
             JOIN res_users u ON u.id = a.approver_id
            WHERE o.member_id = %s""",
        member["id"],
    )
    assert [tuple(row) for row in found] == [
        ("discount", "allowed", "supervisor_prices")
    ]
