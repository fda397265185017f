"""The browser goes away, has the order twice, a wrong clock, or the code of before."""

from datetime import datetime, timedelta, timezone

from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.till_page import TillPage
from tests.support.unlucky import (
    MONEY,
    NO_ANSWER,
    assert_sold_once,
    hold_all,
    holds,
    lose_answers,
    sell_ticket,
)


def test_browser_closed_with_money_held(screen, shop, member, server):
    """The order comes back with its wallet line, and is paid with what was held."""
    hold_all(screen, member)
    save(screen)
    screen.page.goto("about:blank")
    again = reopen(screen, server)
    expect(again.payment_lines.filter(has_text=again.wallet_name)).to_contain_text("50")
    expect(again.remaining).to_contain_text("38.40")
    again.tap_method("Cash")
    again.validate()
    assert holds(shop, member) == ["captured"]
    assert_sold_once(shop, member)


def test_till_switched_off_while_it_asks(screen, shop, member, server):
    """The money is held and the till never knew: it asks once more, for the same."""
    sell_ticket(screen, member)
    screen.tap_wallet()
    reached = lose_answers(screen.page, "**/pos.config/member_hold")
    screen.type_pin()
    expect(screen.message).to_contain_text(NO_ANSWER)
    assert reached == [200]
    screen.page.goto("about:blank")
    again = reopen(screen, server)
    expect(again.payment_lines).to_have_count(0)
    again.tap_wallet()
    again.type_pin()
    expect(again.remaining).to_contain_text("38.40")
    again.tap_method("Cash")
    again.validate()
    assert holds(shop, member) == ["captured"]
    assert_sold_once(shop, member)


def save(screen):
    """Have the till keep its orders now: it does a moment after each change."""
    screen.page.evaluate("posmodel.data.synchronizeLocalDataInIndexedDB()")


def reopen(screen, server):
    """Return the same till in a new tab, at the order's payment."""
    again = screen.in_tab(screen.page.context.new_page())
    again.page.set_viewport_size({"width": 1024, "height": 600})
    again.open(server)
    if again.page.locator(".product-screen").is_visible():
        again.pay()
    return again


def test_two_tabs_with_one_order(screen, shop, member, server):
    """The new tab takes the till over with the order; the old one leaves it."""
    hold_all(screen, member)
    save(screen)
    second = reopen(screen, server)
    expect(second.remaining).to_contain_text("38.40")
    screen.page.wait_for_url("**/odoo/**")
    second.tap_method("Cash")
    second.validate()
    assert holds(shop, member) == ["captured"]
    assert_sold_once(shop, member)


def test_clock_of_the_till_is_hours_off(page, server, shop, number, member):
    """A12: what is held and booked carries the server's time."""
    wrong = datetime.now(timezone.utc) - timedelta(hours=31)
    page.clock.set_system_time(wrong)
    screen = TillPage(page, server, shop, number)
    screen.till.top_up(member["id"], MONEY)
    hold_all(screen, member)
    assert shop.value(
        """SELECT expires_at - (now() AT TIME ZONE 'utc')
                  BETWEEN interval '5 minutes' AND interval '15 minutes'
             FROM member_hold WHERE partner_id = %s AND state = 'pending'""",
        member["id"],
    )
    screen.tap_method("Cash")
    screen.validate()
    assert_sold_once(shop, member)
    assert shop.value(
        """SELECT bool_and(now() AT TIME ZONE 'utc' - e.date < interval '1 hour')
             FROM member_entry e JOIN member_balance b ON b.id = e.balance_id
            WHERE b.partner_id = %s""",
        member["id"],
    )


def test_page_of_before_an_update(page, server, shop, number, member):
    """The till says what to do, with a button; the order is still there afterwards."""

    def make_old(route):
        answer = route.fetch()
        html = answer.text()
        assert '"member_card_version": "' in html
        old = html.replace('"member_card_version": "', '"member_card_version": "old-')
        route.fulfill(response=answer, body=old)

    page.route("**/pos/ui/**", make_old)
    screen = TillPage(page, server, shop, number)
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    modal = page.locator(".modal")
    expect(modal).to_contain_text("Reload the page: the order is kept")
    screenshot(page, "unlucky-update")
    page.unroute("**/pos/ui/**")
    modal.locator(".btn", has_text="Reload").click()
    expect(modal).to_have_count(0)
    screen.unlock()
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
