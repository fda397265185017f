"""The network is cut at each step of a sale: nothing is lost, nothing happens twice."""

from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.unlucky import (
    NO_ANSWER,
    assert_sold_once,
    expire_holds,
    hold_all,
    holds,
    lose_answers,
    online_again,
    sell_ticket,
    send_again,
)


def test_no_network_before_the_look_up(screen, member):
    """The sale goes on; the member is found as soon as there is an answer."""
    screen.tap_product("Ticket")
    screen.page.context.set_offline(True)
    screen.scan(member["card"])
    expect(screen.page.locator(".o_notification").last).to_contain_text(NO_ANSWER)
    screenshot(screen.page, "unlucky-look-up")
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    online_again(screen)
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")


def test_no_network_for_the_hold(screen, shop, member):
    """The request never arrives: nothing is held; the PIN is asked for once more."""
    sell_ticket(screen, member)
    screen.page.route("**/pos.config/member_hold", lambda route: route.abort(), times=1)
    screen.tap_wallet()
    screen.type_pin()
    expect(screen.message).to_contain_text(NO_ANSWER)
    assert holds(shop, member) == []
    screen.confirm_pin()
    expect(screen.remaining).to_contain_text("38.40")
    screen.tap_method("Cash")
    screen.validate()
    assert holds(shop, member) == ["captured"]
    assert_sold_once(shop, member)


def test_no_network_between_hold_and_validation(screen, shop, member):
    """The order waits with what is held; it is paid once the network is back."""
    hold_all(screen, member)
    screen.page.context.set_offline(True)
    screen.tap_method("Cash")
    screen.page.locator(".payment-screen button.validation-button.next").click()
    modal = screen.page.locator(".modal")
    expect(modal).to_contain_text("Wallets need a connection")
    screenshot(screen.page, "unlucky-validation")
    modal.locator(".modal-footer .btn").first.click()
    online_again(screen)
    screen.validate()
    assert_sold_once(shop, member)


def test_answer_to_the_order_is_lost(screen, shop, member):
    """The server has the order, the till does not know: sent again, it is one."""
    hold_all(screen, member)
    screen.tap_method("Cash")
    reached = lose_answers(screen.page, "**/pos.order/sync_from_ui")
    screen.page.locator(".payment-screen button.validation-button.next").click()
    screen.wait_for_receipt()
    assert reached == [200]
    assert_sold_once(shop, member)
    send_again(screen)
    assert_sold_once(shop, member)


def test_order_is_lost_and_the_hold_runs_out(screen, shop, member):
    """The goods are gone: the order that comes late is held again and paid, once."""
    hold_all(screen, member)
    screen.tap_method("Cash")
    screen.page.route("**/pos.order/sync_from_ui", lambda route: route.abort(), times=1)
    screen.page.locator(".payment-screen button.validation-button.next").click()
    screen.wait_for_receipt()
    assert holds(shop, member) == ["pending"]
    expire_holds(shop)
    assert holds(shop, member) == ["expired"]
    send_again(screen)
    assert holds(shop, member) == ["expired", "captured"]
    assert_sold_once(shop, member)


def test_no_network_at_the_receipt(screen, shop, member):
    """What is paid is paid; customers who are no members are served meanwhile."""
    hold_all(screen, member)
    screen.tap_method("Cash")
    screen.validate()
    screen.page.context.set_offline(True)
    screen.next_order()
    screen.tap_product("Tea")
    screen.pay()
    screen.tap_method("Cash")
    screen.validate()
    with screen.page.expect_response("**/pos.order/sync_from_ui"):
        online_again(screen)
    assert (
        shop.value(
            """SELECT count(*) FROM pos_order WHERE session_id = %s AND state = 'paid'
              AND partner_id IS NULL""",
            screen.till.ids["session"],
        )
        == 1
    )
    assert_sold_once(shop, member)
