"""The hold runs out, the session is closed under the order, the server restarts."""

from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.unlucky import (
    MONEY,
    assert_sold_once,
    expire_holds,
    hold_all,
    holds,
    send_again,
)


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
    """A12: what is held outlives the server; the till waits and pays with it."""
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
