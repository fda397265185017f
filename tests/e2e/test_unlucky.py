"""What goes wrong at a till ends well, with a sentence: nothing lost, nothing twice.

The network is cut at each step, the browser is closed, two tabs have one order, the
session is closed under it, the hold runs out, the clock is wrong, the server restarts,
the add-on is updated under the page. Each test takes a till and a member of its own.
"""

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.command import odoo_command
from tests.support.odoo_server import OdooServer
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

MONEY = 50
PRICE = 88.4
"""Of a ticket, for a member: more than MONEY, so that cash pays the rest."""

NO_ANSWER = "No answer from the server"


@pytest.fixture(scope="module")
def server(shop):
    """Give a server that may be killed, and told of orders that came late."""
    server = OdooServer(shop.database, name="test_unlucky")
    server.allow_lines(
        "was closed but received order", "Using open session", "odoo.http: "
    )
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="module")
def numbers():
    return iter(range(20))


@pytest.fixture
def number(numbers):
    """Give the number of a till and of a member that no other test uses."""
    return next(numbers)


@pytest.fixture
def member(shop, number):
    return shop.members[number]


@pytest.fixture
def screen(page, server, shop, number, member):
    screen = TillPage(page, server, shop, number)
    screen.till.top_up(member["id"], MONEY)
    return screen


def sell_ticket(screen, member):
    """Sell a ticket to the member who shows the card, up to the payment screen."""
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screen.pay()


def hold_all(screen, member):
    """Have the wallet pay all it has; the rest is still due."""
    sell_ticket(screen, member)
    screen.tap_wallet()
    screen.type_pin()
    expect(screen.remaining).to_contain_text("38.40")


def lose_answers(page, path):
    """Let the next request of a path reach the server and its answer get lost."""
    reached = []

    def lose(route):
        reached.append(route.fetch().status)
        route.abort()

    page.route(path, lose, times=1)
    return reached


def expire_holds(shop):
    """Let time pass: what is held has run out, and the job has seen it."""
    shop.query(
        "UPDATE member_hold SET expires_at = placed_at - interval '1 second'"
        " WHERE state = 'pending'"
    )
    result = odoo_command(shop.database, "member_ledger", "recover")
    assert result.returncode == 0, result.stderr


def holds(shop, member):
    return [
        state
        for (state,) in shop.query(
            """SELECT state FROM member_hold
                WHERE partner_id = %s AND direction = 'out' ORDER BY id""",
            member["id"],
        )
    ]


def assert_sold_once(shop, member):
    """One order, MONEY of it from the wallet and the rest in cash; nothing is held."""
    paid = shop.query(
        """SELECT o.id, o.state, method.member_asset_id IS NOT NULL,
                  payment.amount::float
             FROM pos_order o JOIN pos_payment payment ON payment.pos_order_id = o.id
             JOIN pos_payment_method method ON method.id = payment.payment_method_id
            WHERE o.partner_id = %s AND NOT o.is_member_topup ORDER BY 3 DESC""",
        member["id"],
    )
    order_id = paid[0][0]
    assert paid == [
        (order_id, "paid", True, MONEY),
        (order_id, "paid", False, round(PRICE - MONEY, 2)),
    ]
    assert shop.figures(member["id"]) == (0, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def online_again(screen):
    """Bring the network back and wait until the till has noticed."""
    screen.page.context.set_offline(False)
    expect(screen.page.locator(".pos-topheader .fa-chain-broken")).to_have_count(0)


# === THE NETWORK === #


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


def send_again(screen):
    """Have the till send what it has kept: it does when the network comes back."""
    screen.page.context.set_offline(True)
    with screen.page.expect_response("**/pos.order/sync_from_ui"):
        screen.page.context.set_offline(False)


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


# === THE BROWSER === #


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
    again.page.set_default_timeout(60_000)
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


# === THE SERVER === #


def test_hold_runs_out_in_the_queue(screen, shop, member):
    """The customer looks for change: paid after all, the money is held again."""
    hold_all(screen, member)
    expire_holds(shop)
    assert shop.figures(member["id"]) == (MONEY, 0, 0, 0)
    screen.tap_method("Cash")
    screen.validate()
    assert holds(shop, member) == ["expired", "captured"]
    assert_sold_once(shop, member)


def test_session_closed_under_the_order(screen, shop, member):
    """The member has the money again at once; paid all the same, it is held again."""
    hold_all(screen, member)
    call, session = screen.till.client.call, screen.till.ids["session"]
    control = call("pos.session", "get_closing_control_data", [session])
    counted = control["default_cash_details"]["amount"]
    call("pos.session", "post_closing_cash_details", [session], counted)
    assert call("pos.session", "close_session_from_ui", [session])["successful"]
    assert holds(shop, member) == ["expired"]
    assert shop.figures(member["id"]) == (MONEY, 0, 0, 0)
    screen.tap_method("Cash")
    screen.validate()
    screenshot(screen.page, "unlucky-closed")
    assert holds(shop, member) == ["expired", "captured"]
    assert_sold_once(shop, member)
    # core opens the next session for who goes on selling
    state = shop.value(
        """SELECT session.state FROM pos_order o
             JOIN pos_session session ON session.id = o.session_id
            WHERE o.partner_id = %s AND NOT o.is_member_topup""",
        member["id"],
    )
    assert state in ("opening_control", "opened")


def test_server_restarts_between_hold_and_payment(screen, shop, member, server):
    """A13: what is held outlives the server; the till waits and pays with it."""
    hold_all(screen, member)
    server.kill9()
    screen.tap_method("Cash")
    screen.page.locator(".payment-screen button.validation-button.next").click()
    modal = screen.page.locator(".modal", has_text="Connection Lost")
    expect(modal).to_be_visible()
    screenshot(screen.page, "unlucky-restart")
    modal.locator(".modal-footer .btn").first.click()
    server.start()
    send_again(screen)
    assert_sold_once(shop, member)
