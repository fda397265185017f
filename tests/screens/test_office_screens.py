"""The back office as a supervisor and an accountant meet it, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.screens.screen import LANGUAGES, Office, cashier, turn

WRONG_PIN = "1357"

LISTS = {
    "prices": "member_price_exception_action",
    "log": "member_operator_log_action",
    "entries": "member_entry_action",
    "approvals": "member_approval_action",
    "report": "member_wallet_report_action",
}


@pytest.fixture
def member(shop, server, language, turns):
    """Give a member who topped up, bought, was mistaken, and whose payment hangs."""
    member = shop.members[turn(turns, "member", language)]
    till = shop.till(server, LANGUAGES[language], cashier(language))
    till.top_up(member["id"], 500)
    till.sell(member["id"], 8.5)
    till.sell(member["id"], 30)
    till.hold(member["id"], 20, pin=WRONG_PIN)
    till.hold(member["id"], 20)
    return member


def test_supervisor(page, server, language, member):
    """One form tells the whole story; what hangs is released; lists teach."""
    office = Office(page, server, language, "supervisor")
    office.open("member_action", member["id"])
    tab = page.locator(".o_notebook .tab-pane.active")
    expect(tab).to_be_visible()
    office.keep("member", ours=tab)
    page.locator(".o_notebook a[name=timeline]").click()
    expect(tab.locator(".o_data_row").first).to_be_visible()
    tab.scroll_into_view_if_needed()
    office.keep("timeline", ours=tab)

    office.open("member_hold_action")
    page.locator(".o_data_row button[name=action_release]").first.click()
    dialog = page.locator(".modal")
    release = dialog.locator("footer button[name=action_release]")
    expect(release).to_be_visible()
    office.keep("hold", release, ours=dialog)

    for name, action in LISTS.items():
        office.open(action)
        shown = page.locator(".o_data_row, .o_pivot td, .o_view_nocontent").first
        expect(shown).to_be_visible()
        # rows are in the words of who acted
        office.keep(name, ours=page.locator(".o_control_panel, .o_content th"))


def test_accountant(page, server, language):
    """Wallets and books side by side."""
    office = Office(page, server, language, "accountant")
    office.open("member_reconciliation_action")
    office.keep("reconciliation", ours=page.locator(".o_action_manager"))
