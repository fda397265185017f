"""A sale on every screen that it passes, on a small till and on a phone.

What must be tapped is in sight without scrolling, and no English is left on a Chinese
screen. The pictures are in build/screenshots; the guides show some (`make pictures`).
"""

from playwright.sync_api import expect

from tests.support.shop import PIN


def test_sale(screen):
    """UX: everything works at 1024×600, in English and in Chinese."""
    page, modal = screen.page, screen.modal
    member = screen.member(money=300)
    display = screen.open_display()
    screen.tap_good()
    screen.scan(member["card"])
    expect(screen.chip).to_contain_text("300.00")
    pay = page.locator(".pay-order-button")
    screen.keep("sale", screen.button, pay, ours=page.locator(".leftpane"))

    screen.open_member()
    screen.keep("member", *screen.footer, ours=modal)
    screen.step("topup")
    expect(modal.locator(".member-usual")).to_be_visible()
    screen.keep("topup", *screen.footer, ours=modal)
    screen.close()

    screen.pay()
    wallet = page.locator(".paymentmethod").filter(has_text=screen.wallet_name)
    screen.keep("payment", wallet, ours=page.locator(".payment-screen"))
    screen.tap_wallet()
    screen.keep("pin", screen.pin, *screen.footer, ours=modal)
    offer = display.page.locator(".member-offer")
    expect(offer).to_contain_text("211.60")
    display.keep("pin", ours=offer)
    screen.type_pin("1357")
    expect(screen.message).to_be_visible()
    screen.keep("pin-wrong", screen.pin, *screen.footer, ours=modal)
    screen.type_pin()
    keep_receipt(screen)


def test_short_wallet(screen):
    """UX: wallet short, rest in cash: the missing amount is on the cash button."""
    page = screen.page
    member = screen.member(money=50)
    screen.tap_good()
    screen.scan(member["card"])
    expect(screen.chip).to_contain_text("50.00")
    screen.pay()
    screen.tap_wallet()
    screen.keep("short", screen.pin, *screen.footer, ours=screen.modal)
    screen.type_pin()
    cash = page.locator(".paymentmethod").filter(has_text="38.40").first
    screen.keep("short-rest", cash, ours=page.locator(".payment-screen"))


def test_split_and_refund(screen):
    """D8: two members and cash; then the till proposes how it goes back."""
    page = screen.page
    first, second = screen.member(money=60), screen.member(money=200)
    screen.tap_good()
    screen.scan(first["card"])
    expect(screen.chip).to_contain_text("60.00")
    screen.pay()
    for digit in "50":
        page.locator(f".payment-screen .numpad button[value='{digit}']").click()
    typed = page.locator(".member-typed")
    expect(typed).to_contain_text("50.00")
    other = page.locator(".member-other-wallet")
    screen.keep(
        "typed", typed.locator("button"), other, ours=page.locator(".payment-screen")
    )
    screen.tap_wallet()
    screen.type_pin()
    payer = page.locator(".paymentline .member-payer")
    expect(payer).to_have_count(1)
    for digit in "20":
        page.locator(f".payment-screen .numpad button[value='{digit}']").click()
    expect(typed).to_contain_text("20.00")
    other.click()
    screen.modal.locator(".member-query").fill(second["card"])
    screen.modal.locator(".member-query").press("Enter")
    expect(screen.pin).to_be_visible()
    screen.type_pin()
    expect(payer).to_have_count(2)
    screen.keep("split", other, ours=page.locator(".payment-screen"))
    screen.tap_cash()
    screen.validate()
    keep_receipt(screen, "receipt-split")
    screen.next_order()

    screen.open_refund()
    page.locator(".order-row").first.click()
    page.locator(".ticket-screen .orderline").first.click()
    page.locator(".ticket-screen .numpad button[value='1']").click()
    page.locator(".ticket-screen .pay-order-button").click()
    expect(payer).to_have_count(2)
    exchange = page.locator(".member-exchange")
    screen.keep("refund", exchange, ours=page.locator(".payment-screen"))
    # cash for what a wallet paid: a supervisor is asked
    for left in (2, 1, 0):
        page.locator(".paymentline .delete-button").first.click()
        expect(screen.payment_lines).to_have_count(left)
    screen.tap_cash()
    page.locator(".payment-screen button.validation-button.next").click()
    expect(screen.modal.locator(".member-approval-pin")).to_be_visible()
    screen.keep("approval", *screen.footer, ours=screen.modal)
    screen.approve()
    screen.wait_for_receipt()
    keep_receipt(screen, "receipt-refund")


def test_undo(screen):
    """A top-up is undone: what is unspent of it, with a supervisor's approval."""
    page = screen.page
    member = screen.member(money=200)
    screen.till.sell(member["id"], 30)
    screen.open_refund()
    page.locator(".order-row").filter(has_text="200.00").first.click()
    page.locator(".ticket-screen .pay-order-button").click()
    expect(screen.modal.locator(".member-undo-left")).to_contain_text("170.00")
    screen.keep("undo", *screen.footer, ours=screen.modal)
    screen.modal.locator(".member-confirm").click()
    screen.approve()
    expect(page.locator(".payment-screen")).to_be_visible()
    screen.keep("undo-payment", ours=page.locator(".payment-screen"))


def test_sale_on_a_phone(phone):
    """UX: one column; the member's button is where the cart is, and at the payment."""
    page, modal = phone.page, phone.modal
    member = phone.member(money=300)
    phone.tap_good()
    page.locator(".review-button").click()
    pay = page.locator(".pay-order-button")
    phone.keep("cart", phone.button, pay, ours=phone.button)
    phone.find_member(member["card"])
    expect(phone.chip).to_contain_text("300.00")
    phone.keep("sale", phone.button, pay, ours=page.locator(".leftpane"))
    phone.open_member()
    phone.keep("member", *phone.footer, ours=modal)
    phone.step("topup")
    expect(modal.locator(".member-usual")).to_be_visible()
    phone.keep("topup", *phone.footer, ours=modal)
    phone.close()

    phone.pay()
    phone.keep("payment", phone.button, ours=page.locator(".payment-screen"))
    phone.tap_wallet()
    phone.keep("pin", phone.pin, *phone.footer, ours=modal)
    phone.type_pin(PIN)
    receipt = phone.wait_for_receipt().locator(".member-receipt")
    phone.keep("receipt", page.locator("[name=done]"), ours=receipt)


def test_refund_on_a_phone(phone):
    """UX: the order, its line, how many; then how it goes back, in one column."""
    page = phone.page
    member = phone.member(money=100)
    phone.till.sell(member["id"], 30)
    name = phone.shop.value("SELECT name FROM res_partner WHERE id = %s", member["id"])
    phone.find_order("", "30.00")
    page.locator(".ticket-screen .review-button").click()
    page.locator(".ticket-screen .orderline").first.click()
    page.locator(".ticket-screen .numpad button[value='1']").click()
    refund = page.locator(".ticket-screen .pay-order-button")
    phone.keep("refund-order", refund, ours=refund)
    refund.click()
    expect(page.locator(".paymentline .member-payer")).to_contain_text(name)
    exchange = page.locator(".member-exchange")
    phone.keep("refund", exchange, ours=page.locator(".payment-screen"))
    receipt = phone.validate().locator(".member-receipt")
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("30.00")
    phone.keep("receipt-refund", page.locator("[name=done]"), ours=receipt)


def keep_receipt(screen, name="receipt"):
    """Keep the whole receipt as it is printed."""
    receipt = screen.wait_for_receipt()
    receipt.locator(".member-receipt").scroll_into_view_if_needed()
    screen.keep_part(name, receipt, ours=receipt.locator(".member-receipt"))
