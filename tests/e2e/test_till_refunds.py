"""What comes back, in a real browser: a part, an exchange, a top-up, an invoiced sale.

Two members and cash share an order; one of two tickets is refunded the next day; every
journal item of both sessions. Goods are exchanged, the receipt is printed again, a
top-up is undone: wallets and books agree.
"""

from playwright.sync_api import expect

from tests.support.books import assert_reconciled, journal_items
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

TILL = 16
PRICE = 88.4
"""Of a ticket, for a member."""


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


def sell_ticket(screen, member, **values):
    """Sell a ticket that the member's wallet pays, as an order of the day before."""
    held = screen.till.hold(member["id"], PRICE)
    return screen.till.pay_held(member["id"], PRICE, held, product="ticket", **values)


def test_exchange_print_again_and_undo(page, server, shop, supervisor):
    """D11: a ticket for tea; the receipt says it again later; the top-up comes back."""
    member = shop.members[22]
    screen = TillPage(page, server, shop, 17)
    screen.till.top_up(member["id"], 300)
    sell_ticket(screen, member)

    screen.start_refund(member["name"], "Ticket")
    expect(screen.payment_lines).to_have_count(1)
    expect(screen.payment_lines).to_contain_text("-88.40")
    page.locator(".member-exchange").click()
    screen.tap_product("Tea")
    screen.pay()
    expect(screen.payment_lines).to_have_count(1)
    expect(screen.payment_lines).to_contain_text("-79.90")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("79.90")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("291.50")
    screen.next_order()
    assert shop.figures(member["id"]) == (291.5, 0, 0, 0)

    screen.till.sell(member["id"], 30)
    screen.find_order(member["name"], "-79.90")
    paper = screen.print_again()
    assert "79.90" in paper
    assert "291.50" in paper  # and not what there is now
    assert member["card"] not in paper
    assert shop.figures(member["id"]) == (261.5, 0, 0, 0)

    screen.find_order(member["name"], "300.00")
    page.locator(".ticket-screen .pay-order-button").click()
    expect(page.locator(".modal .member-undo-left")).to_contain_text("261.50")
    page.locator(".modal .member-undo-amount").fill("200")
    page.locator(".modal .member-confirm").click()
    screen.approve("200.00", supervisor.approval_pin)
    expect(screen.payment_lines).to_contain_text("-200.00")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-topup")).to_contain_text("200.00")
    screen.next_order()
    assert shop.figures(member["id"]) == (61.5, 0, 0, 0)
    screen.close_register()
    assert ledger_problems(shop.database) == []
    assert_reconciled(shop, [member["id"]])


def test_refund_of_an_invoiced_sale(page, server, shop):
    """D11: the wallet has it back, and the invoice its credit note."""
    member = shop.members[23]
    screen = TillPage(page, server, shop, 18)
    screen.till.top_up(member["id"], 100)
    sell_ticket(screen, member, to_invoice=True)
    assert shop.figures(member["id"]) == (11.6, 0, 0, 0)

    screen.start_refund(member["name"], "Ticket")
    expect(screen.payment_lines).to_contain_text("-88.40")
    with page.expect_download():
        receipt = screen.validate()
    expect(receipt.locator(".member-receipt-paid")).to_contain_text("88.40")
    expect(receipt.locator(".member-receipt-balance")).to_contain_text("100.00")
    screen.next_order()
    assert shop.figures(member["id"]) == (100, 0, 0, 0)
    assert shop.query(
        """SELECT move.move_type, move.state, move.amount_total::float,
                  move.amount_residual::float
             FROM account_move move JOIN pos_order o ON o.account_move = move.id
            WHERE o.partner_id = %s ORDER BY move.id""",
        member["id"],
    ) == [
        ("out_invoice", "posted", PRICE, 0),
        ("out_refund", "posted", PRICE, 0),
    ]
    screen.close_register()
    assert ledger_problems(shop.database) == []
    assert_reconciled(shop, [member["id"]])


def current_session(till):
    return till.shop.value(
        "SELECT id FROM pos_session WHERE config_id = %s AND state <> 'closed'",
        till.config,
    )
