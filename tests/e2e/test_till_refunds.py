"""Several pay, a part comes back in a later session, and every journal item of it.

A real Chromium, a real server, a real database: two members and cash share an order;
one of two tickets is refunded the next day; both sessions are closed.
"""

from playwright.sync_api import expect

from tests.support.books import assert_reconciled, journal_items
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

TILL = 16


def test_split_sale_and_partial_refund(page, server, shop):
    """A4, D8: 176.80 = 100 + 50 + 26.80; half of each comes back for one ticket."""
    ann, bob = shop.members[20], shop.members[21]
    screen = TillPage(page, server, shop, TILL)
    screen.till.top_up(ann["id"], 200)
    screen.till.top_up(bob["id"], 100)

    screen.tap_product("Ticket")
    screen.tap_product("Ticket")
    screen.scan(ann["card"])
    expect(screen.order_line("Ticket")).to_contain_text("176.80")
    screen.pay()
    screen.type_amount("+50", "+50", shows="100.00")
    screen.tap_wallet()
    expect(page.locator(".modal .member-amount")).to_contain_text("100.00")
    screen.type_pin()
    expect(screen.remaining).to_contain_text("76.80")
    screen.type_amount("5", "0", shows="50.00")
    screen.scan(bob["card"])
    expect(page.locator(".modal .member-amount")).to_contain_text("50.00")
    screen.type_pin()
    expect(screen.remaining).to_contain_text("26.80")
    screen.tap_method("Cash")
    receipt = screen.validate()
    for member in (ann, bob):
        expect(receipt).to_contain_text(f"•••• {member['card'][-4:]}")
        assert member["card"] not in receipt.inner_text()
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("100.00")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("100.00")
    screen.next_order()
    screen.close_register()
    assert journal_items(screen.till, screen.till.ids["session"]) == {
        ("income", None, 0, 156.46),
        ("tax", None, 0, 20.34),
        ("deposits", ann["id"], 0, 200),
        ("deposits", bob["id"], 0, 100),
        ("deposits", ann["id"], 100, 0),
        ("deposits", bob["id"], 50, 0),
        ("receivable", None, 326.8, 0),
        ("cash", None, 326.8, 0),
        ("receivable", None, 0, 326.8),
    }

    screen.open_register()
    session = current_session(screen.till)
    screen.start_refund(ann["name"], "Ticket")
    expect(screen.payment_lines).to_have_count(3)
    expect(screen.payment_lines.nth(0)).to_contain_text(ann["name"])
    expect(screen.payment_lines.nth(0)).to_contain_text("-50.00")
    expect(screen.payment_lines.nth(1)).to_contain_text(bob["name"])
    expect(screen.payment_lines.nth(1)).to_contain_text("-25.00")
    expect(screen.payment_lines.nth(2)).to_contain_text("-13.40")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("50.00")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("150.00")
    screen.next_order()
    screen.close_register()
    assert journal_items(screen.till, session) == {
        ("income", None, 78.23, 0),
        ("tax", None, 10.17, 0),
        ("deposits", ann["id"], 0, 50),
        ("deposits", bob["id"], 0, 25),
        ("receivable", None, 0, 13.4),
        ("cash", None, 0, 13.4),
        ("receivable", None, 13.4, 0),
    }

    assert shop.figures(ann["id"]) == (150, 0, 0, 0)
    assert shop.figures(bob["id"]) == (75, 0, 0, 0)
    assert ledger_problems(shop.database) == []
    assert_reconciled(shop, [ann["id"], bob["id"]])


def current_session(till):
    return till.shop.value(
        "SELECT id FROM pos_session WHERE config_id = %s AND state <> 'closed'",
        till.config,
    )
