"""A cashier's journeys at the till: a real Chromium, a real server, a real database.

Top up, scan, member price, pay from the wallet with the PIN, receipt, closing and its
journal items; a wallet that is short; a wrong PIN; a lost answer; a card scanned while
the PIN is asked for; what hangs is released in the office. Each takes a till and a
member of its own.
"""

import pytest
from playwright.sync_api import expect

from tests.support.books import assert_reconciled, journal_items
from tests.support.browser import log_in
from tests.support.shop import CASHIER_PASSWORD, ledger_problems
from tests.support.till_page import TillPage

WRONG_PIN = "9173"


@pytest.fixture
def open_till(page, server, shop):
    """Return `open_till(number, money)`: a till, and a member with money on it."""

    def open_one(number, money=0):
        member = shop.members[number]
        screen = TillPage(page, server, shop, number)
        if money:
            screen.till.top_up(member["id"], money)
        return screen, member

    return open_one


def choose_and_pay(screen, member):
    """Sell a ticket to the member who shows the card, up to the payment screen."""
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screen.pay()


def holds(shop, member):
    """Return [(amount, state)] of what was ever held of a member's money."""
    rows = shop.query(
        """SELECT amount, state FROM member_hold
            WHERE partner_id = %s AND direction = 'out' ORDER BY id""",
        member["id"],
    )
    return [(float(amount), state) for amount, state in rows]


def payments(shop, member):
    """Return [(kind of pocket or None, amount)] of a member's last order."""
    rows = shop.query(
        """SELECT asset.kind, payment.amount
             FROM pos_payment payment
             JOIN pos_payment_method method ON method.id = payment.payment_method_id
        LEFT JOIN member_asset asset ON asset.id = method.member_asset_id
            WHERE payment.pos_order_id = (
                SELECT max(id) FROM pos_order WHERE partner_id = %s AND state = 'paid')
         ORDER BY payment.id""",
        member["id"],
    )
    return [(kind, float(amount)) for kind, amount in rows]


def test_from_top_up_to_the_books(open_till, shop):
    """A4, A12, D9, D11: 500 in cash, 88.40 by wallet, every journal item of it."""
    screen, member = open_till(0)
    screen.find_member(member["name"])
    expect(screen.chip).to_contain_text("0.00")
    screen.open_top_up()
    screen.page.locator(".member-usual button", has_text="500").click()
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-topup")).to_contain_text("500.00")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("500.00")
    expect(receipt.locator("#posqrcode")).to_have_count(0)  # a top-up has no invoice
    screen.next_order()

    screen.new_order()
    screen.tap_product("Ticket")
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    expect(screen.chip).to_contain_text("500.00")
    screen.pay()
    screen.tap_wallet()
    expect(screen.page.locator(".modal .member-after")).to_contain_text("411.60")
    screen.type_pin()
    receipt = screen.wait_for_receipt()
    expect(receipt.locator(".member-receipt")).to_contain_text("Stored Value")
    expect(receipt.locator(".member-receipt")).to_contain_text(
        f"•••• {member['card'][-4:]}"
    )
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("88.40")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("411.60")
    assert member["card"] not in receipt.inner_text()
    screen.next_order()

    screen.close_register()
    assert journal_items(screen.till, screen.till.ids["session"]) == {
        ("income", None, 0, 78.23),
        ("tax", None, 0, 10.17),
        ("deposits", member["id"], 0, 500),
        ("deposits", member["id"], 88.4, 0),
        ("receivable", None, 500, 0),
        ("cash", None, 500, 0),
        ("receivable", None, 0, 500),
    }
    assert ledger_problems(shop.database) == []
    assert_reconciled(shop, [member["id"]])
    assert shop.figures(member["id"]) == (411.6, 0, 0, 0)


def test_wallet_is_short_and_the_rest_is_cash(open_till, shop):
    """A12, D8: what is missing is said before the PIN, and paid in cash."""
    screen, member = open_till(1, money=50)
    choose_and_pay(screen, member)
    screen.tap_wallet()
    expect(screen.page.locator(".modal .member-short")).to_contain_text("38.40")
    screen.type_pin()
    expect(screen.remaining).to_contain_text("38.40")
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("50.00")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("0.00")
    assert payments(shop, member) == [("principal", 50), (None, 38.4)]
    assert shop.figures(member["id"]) == (0, 0, 0, 0)


def test_wrong_pin_then_the_right_one(open_till, shop):
    """A12: a wrong PIN holds nothing and says how many tries are left."""
    screen, member = open_till(2, money=100)
    choose_and_pay(screen, member)
    screen.tap_wallet()
    screen.type_pin(WRONG_PIN)
    expect(screen.message).to_contain_text("4")
    expect(screen.pin).to_have_value("")
    assert holds(shop, member) == []
    screen.type_pin()
    screen.wait_for_receipt()
    assert holds(shop, member) == [(88.4, "captured")]
    assert shop.figures(member["id"]) == (11.6, 0, 0, 0)


def test_lost_answer_is_asked_for_again(open_till, shop):
    """A12: the server held, its answer never came; asked again, it is held once."""
    screen, member = open_till(3, money=100)
    choose_and_pay(screen, member)
    lost = []

    def lose(route):
        answer = route.fetch()
        lost.append(answer.json()["result"]["status"])
        route.abort()

    screen.page.route("**/pos.config/member_hold", lose, times=1)
    screen.tap_wallet()
    screen.type_pin()
    expect(screen.message).to_contain_text("No answer from the server")
    assert lost == ["ok"]
    assert holds(shop, member) == [(88.4, "pending")]
    screen.confirm_pin()
    screen.wait_for_receipt()
    assert holds(shop, member) == [(88.4, "captured")]
    assert payments(shop, member) == [("principal", 88.4)]
    assert shop.figures(member["id"]) == (11.6, 0, 0, 0)


@pytest.mark.parametrize(("number", "has_focus"), [(4, True), (5, False)])
def test_scan_while_the_pin_is_asked_for(open_till, shop, number, has_focus):
    """A card read by the scanner is no PIN, no amount and no other member."""
    screen, member = open_till(number, money=100)
    other = shop.members[number + 10]
    choose_and_pay(screen, member)
    screen.tap_wallet()
    if not has_focus:
        screen.pin.blur()
    screen.scan(other["card"])
    if has_focus:
        expect(screen.message).to_contain_text("4 to 6 digits")
    expect(screen.pin).to_have_value("")
    expect(screen.page.locator(".modal .member-amount")).to_contain_text("88.40")
    assert holds(shop, member) == []
    screen.type_pin()
    screen.wait_for_receipt()
    assert payments(shop, member) == [("principal", 88.4)]
    assert shop.figures(member["id"]) == (11.6, 0, 0, 0)


@pytest.fixture
def office(other_page, server, supervisor):
    """Give the supervisor's page of the back office."""
    client = server.client(supervisor.login, CASHIER_PASSWORD)
    log_in(other_page, client, server.url)
    return other_page


def hold_a_part(screen):
    """Have the wallet pay 50 of what is due."""
    screen.type_amount("+50", shows="50.00")
    screen.tap_wallet()
    screen.type_pin()
    expect(screen.remaining).to_contain_text("38.40")


def sold_last(shop, member):
    """Return the number of the member's last order, as the receipt shows it."""
    return shop.value(
        "SELECT pos_reference FROM pos_order WHERE partner_id = %s"
        " ORDER BY id DESC LIMIT 1",
        member["id"],
    )


def open_release(office, server, member):
    """Open what releases the hold of a member, up to its last button."""
    office.goto(f"{server.url}/odoo/action-member_card.member_hold_action")
    row = office.locator(".o_data_row", has_text=member["name"])
    row.locator("button[name=action_release]").click()
    dialog = office.locator(".modal")
    expect(dialog.locator("[name=amount]")).to_contain_text("50.00")
    dialog.locator("[name=reason] input").fill("the customer left")
    return dialog.locator("footer button[name=action_release]")


def test_hold_released_in_the_office(open_till, office, server, shop, supervisor):
    """A12: what hangs is free at once and asked for again; what is paid stays paid."""
    server.allow_lines("wallet payment was given back", "paid with already")
    screen, member = open_till(6, money=100)
    choose_and_pay(screen, member)
    hold_a_part(screen)
    assert shop.figures(member["id"]) == (100, 50, 0, 0)
    open_release(office, server, member).click()
    expect(office.locator(".o_notification")).to_contain_text("can be spent again")
    assert holds(shop, member) == [(50, "released")]
    assert shop.figures(member["id"]) == (100, 0, 0, 0)
    assert (
        shop.value(
            """SELECT u.login FROM member_operator_log log
                 JOIN res_users u ON u.id = log.user_id
                WHERE log.action = 'hold_release' AND log.partner_id = %s
                  AND log.detail LIKE '%%50.00%%the customer left'""",
            member["id"],
        )
        == supervisor.login
    )
    screen.tap_method("Cash")
    screen.page.locator(".payment-screen button.validation-button.next").click()
    expect(screen.page.locator(".modal")).to_contain_text("Invalid Operation")
    screen.refused("Pay again with the PIN")
    screen.payment_lines.filter(has_text=screen.wallet_name).click()
    screen.page.locator(".send_payment_reversal").click()
    expect(screen.remaining).to_contain_text("50.00")
    screen.tap_wallet()
    screen.type_pin()
    screen.wait_for_receipt()
    assert holds(shop, member) == [(50, "released"), (50, "captured")]
    assert shop.figures(member["id"]) == (50, 0, 0, 0)
    screen.next_order()

    choose_and_pay(screen, member)
    hold_a_part(screen)
    release = open_release(office, server, member)
    screen.tap_method("Cash")
    screen.validate()
    release.click()
    expect(office.locator(".o_error_dialog, .modal").last).to_contain_text(
        sold_last(shop, member)
    )
    assert holds(shop, member)[2:] == [(50, "captured")]
    assert shop.figures(member["id"]) == (0, 0, 0, 0)
    assert ledger_problems(shop.database) == []
