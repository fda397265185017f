"""Joining and cards at real tills: two browsers, one server, one database.

Somebody joins with a card, a PIN and a first top-up, and pays at once; the card that
is reported lost at one till pays nothing at the other till that has the member open.
A locked PIN, a second card, one that is only blocked or replaced; the own card.
"""

from playwright.sync_api import expect

from tests.support.browser import new_context
from tests.support.dishonest import attempts
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER, ledger_problems
from tests.support.till_page import TillPage

NAME = "Cao Fei"
PHONE = "13800138039"
CARD = "8800000000000039"
NEW_CARD = "8800000000000047"
PIN = "8642"
WRONG_PIN = "9173"
TRIES = 5
SECOND_CARD = "8800000000000054"
NEXT_CARD = "8800000000000062"

REFUSE_OWN_CARD = "env['res.company'].browse(company).member_refuse_own_card = True"


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
    """B4, D9, D10: from nobody to a paid order; then the lost card stops everywhere."""
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

    context = new_context(browser, 1024, 600)
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


def cards(shop, member):
    """Return [(number, state)] of the cards that a member has or had."""
    return shop.query(
        "SELECT number, state FROM member_card WHERE partner_id = %s ORDER BY id",
        member,
    )


def logged(shop, login, member):
    """Return the actions that the log has of this user with a member, in turn."""
    rows = shop.query(
        """SELECT log.action FROM member_operator_log log
             JOIN res_users u ON u.id = log.user_id
            WHERE u.login = %s AND log.partner_id = %s ORDER BY log.id""",
        login,
        member,
    )
    return [action for (action,) in rows]


def test_locked_pin_second_card_and_only_blocked(page, server, shop, supervisor):
    """D9, D10: a supervisor ends the lock-out; of two cards the blocked one is out."""
    member = shop.members[12]
    partner, card = member["id"], member["card"]
    screen = TillPage(page, server, shop, 12)
    screen.till.top_up(partner, 200)
    for _try in range(TRIES - 1):
        assert screen.till.hold(partner, 1, pin=WRONG_PIN)["status"] == "wrong_pin"
    screen.tap_product("Ticket")
    screen.scan(card)
    expect(screen.chip).to_contain_text("200.00")
    screen.pay()
    screen.tap_wallet()
    screen.type_pin(WRONG_PIN)
    screen.refused("locked until")
    assert shop.figures(partner) == (200, 0, 0, 0)

    # the PIN stays as it is
    screen.take_step("unlock")
    screen.approve(member["name"], supervisor.approval_pin)
    screen.told("can be used again")
    assert logged(shop, CASHIER, partner)[-2:] == ["approval", "pin_unlock"]
    screen.tap_wallet()
    screen.type_pin()
    screen.wait_for_receipt()
    screen.next_order()

    screen.tap_product("Ticket")
    screen.scan(card)
    expect(screen.chip).to_contain_text("111.60")
    screen.take_step("issue")
    expect(page.locator(".modal .member-new-card")).to_be_focused()
    screen.scan(SECOND_CARD)
    screen.told("ready to be used")
    screen.take_step("lost", card)
    page.locator(".modal .member-only-block").click()
    screen.told("is blocked")
    assert cards(shop, partner) == [(card, "lost"), (SECOND_CARD, "issued")]
    screen.scan(card)
    screen.told("reported lost")
    with page.expect_response(lambda answer: "member_lookup" in answer.url):
        screen.scan(SECOND_CARD)
    screen.pay()
    screen.tap_wallet()
    screen.type_pin()
    receipt = screen.wait_for_receipt()
    expect(receipt.locator(".member-receipt")).to_contain_text(SECOND_CARD[-4:])
    assert shop.figures(partner) == (23.2, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_supervisor_replaces_a_card_and_meets_the_own_one(
    page, server, shop, supervisor
):
    """D10: a card that works is changed; the own card is listed, then refused."""
    member = shop.members[13]
    screen = TillPage(page, server, shop, 13, supervisor.login)
    screen.tap_product("Tea")
    screen.scan(member["card"])
    expect(screen.chip).to_contain_text("0.00")
    screen.take_step("replace", member["card"])
    expect(page.locator(".modal .member-new-card")).to_be_focused()
    screen.scan(NEXT_CARD)
    screen.told("ready to be used")
    assert cards(shop, member["id"]) == [
        (member["card"], "replaced"),
        (NEXT_CARD, "issued"),
    ]
    # who changed it here is not warned of it
    assert page.evaluate("posmodel.getOrder().uiState.memberCard") is None
    screen.scan(member["card"])
    screen.told("replaced by")

    colleague = shop.till(server, 14)
    colleague.top_up(supervisor.partner, 50)
    screen.scan(supervisor.card)
    expect(screen.chip).to_contain_text("50.00")
    screen.pay()
    screen.tap_wallet()
    screen.type_pin()
    screen.wait_for_receipt()
    assert set(logged(shop, supervisor.login, supervisor.partner)) == {"own_card"}
    screen.next_order()

    run_in_odoo(shop.database, REFUSE_OWN_CARD, company=shop.ids["company"])
    screen.tap_product("Tea")
    screen.scan(supervisor.card)
    expect(screen.chip).to_contain_text("41.50")
    screen.open_top_up()
    page.locator(".modal .member-usual button", has_text="100").first.click()
    expect(screen.message).to_contain_text("Let a colleague serve you")
    page.locator(".modal .modal-footer .btn-secondary").click()
    screen.pay()
    screen.tap_wallet()
    screen.type_pin()
    screen.refused("Let a colleague serve you")
    assert shop.figures(supervisor.partner) == (41.5, 0, 0, 0)
    for verb in ("member_topup_reserve", "member_hold"):
        [(_member, words)] = attempts(shop, supervisor.login, verb)
        assert "your own wallet" in words
    # a colleague may
    assert colleague.sell(supervisor.partner, 8.5)["state"] == "paid"
    assert shop.figures(supervisor.partner) == (33, 0, 0, 0)
    assert ledger_problems(shop.database) == []
