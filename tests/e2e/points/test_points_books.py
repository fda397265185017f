"""Points over the whole life of a sale, as tills and the office send it.

Owed when they are spent already, the same lots when a gift comes back, cents of a part
that is returned, and sales that are paid by invoice.
"""

import pytest

from tests.support.points import (
    cash_order,
    credit,
    entries,
    left_of,
    lots,
    make_gift,
    make_money_off,
    points,
    redemption,
    reserved,
    with_gift,
    with_money_off,
)
from tests.support.shop import ledger_problems

COST = 80
PRICE = 90
TEA = 10


@pytest.fixture(scope="module")
def till(shop, server):
    return shop.till(server)


@pytest.fixture(scope="module")
def gift(shop):
    """Give the id of a reward that costs COST."""
    return make_gift(shop, "Mug", points=COST)[0]


@pytest.fixture(scope="module")
def money_off(shop):
    return make_money_off(shop)[0]


@pytest.fixture
def member(shop):
    return shop.newcomer()


def sell(till, member, amount):
    return till.send(cash_order(till, member, amount))


def refund(till, sale, amount, line=0, **values):
    """Give one line of a sale back for cash."""
    order = till.refund_order(sale, amount, [(till.ids["cash"], amount)], **values)
    order["lines"][0][2]["refunded_orderline_id"] = sale["lines"][line]
    return till.send(order)


def test_spent_points_are_owed_and_settled_by_the_next_sale(shop, till, member, gift):
    """B3: goods come back after their points were spent: nobody goes below zero."""
    sale = sell(till, member, PRICE)
    till.send(
        with_gift(till, cash_order(till, member, TEA), reserved(till, member, gift))
    )
    assert points(shop, member) == (PRICE - COST + TEA, 0, 0)

    refund(till, sale, PRICE)
    assert points(shop, member) == (0, 0, COST - TEA)

    sell(till, member, TEA)
    assert points(shop, member) == (0, 0, COST - 2 * TEA)
    sell(till, member, PRICE)
    assert points(shop, member) == (PRICE - (COST - 2 * TEA), 0, 0)
    assert [kind for kind, _amount in entries(shop, member)] == [
        "earn",
        "redeem",
        "earn",
        "clawback",
        "earn",
        "settle",
        "earn",
        "settle",
    ]
    assert ledger_problems(shop.database) == []


def test_returned_gift_goes_back_to_its_lots(shop, till, member, gift):
    """B3: what expires first was spent first, and is there again with its day."""
    credit(shop, member, 50, days=10)
    credit(shop, member, 100)
    before = lots(shop, member)
    assert [(left, days) for _lot, left, days in before] == [(50, 10), (100, None)]

    taken = reserved(till, member, gift)
    sale = till.send(with_gift(till, cash_order(till, member, TEA), taken))
    assert [left for _lot, left, _days in lots(shop, member)] == [0, 70, TEA]
    assert left_of(shop, gift)[1] == 0
    given = left_of(shop, gift)[0]

    refund(
        till,
        sale,
        0,
        line=1,
        product_id=taken["product_id"],
        qty=-taken["product_qty"],
    )
    assert lots(shop, member)[:2] == before
    assert redemption(shop, taken["key"]) == ("returned", COST)
    assert left_of(shop, gift) == (given - 1, 0)
    assert points(shop, member) == (150 + TEA, 0, 0)
    assert ledger_problems(shop.database) == []


def test_gift_that_comes_back_after_its_points_expired(shop, till, member, gift):
    """B3: points that have run out meanwhile live again for 30 days."""
    credit(shop, member, COST, days=10)
    taken = reserved(till, member, gift)
    sale = till.send(with_gift(till, cash_order(till, member, TEA), taken))
    shop.query(
        """UPDATE member_lot SET expires_at = expires_at - interval '11 days'
            WHERE id = %s""",
        lots(shop, member)[0][0],
    )
    refund(
        till,
        sale,
        0,
        line=1,
        product_id=taken["product_id"],
        qty=-taken["product_qty"],
    )
    assert [(left, days) for _lot, left, days in lots(shop, member)] == [
        (COST, 30),
        (TEA, None),
    ]
    assert ledger_problems(shop.database) == []


def test_money_off_lowers_what_is_earned(shop, till, member, money_off):
    """B3: points are earned for what was paid, and for no more than that."""
    credit(shop, member, 500)
    taken = reserved(till, member, money_off, 500)
    assert taken["value"] == 5
    till.send(with_money_off(till, cash_order(till, member, PRICE), taken))
    assert points(shop, member) == (PRICE - 5, 0, 0)
    assert entries(shop, member)[1:] in (
        [("redeem", -500), ("earn", PRICE - 5)],
        [("earn", PRICE - 5), ("redeem", -500)],
    )
    assert ledger_problems(shop.database) == []


def test_sale_order_earns_when_its_invoice_is_paid(shop, server, member):
    """B3: the office's sales earn once, and a credit note takes it back."""
    call = server.client().call
    ticket = shop.products["ticket"]
    order = call(
        "sale.order",
        "create",
        {
            "partner_id": member,
            "order_line": [
                [0, 0, {"product_id": ticket, "product_uom_qty": 1, "price_unit": 113}]
            ],
        },
    )
    call("sale.order", "action_confirm", [order])
    invoicing = call(
        "sale.advance.payment.inv",
        "create",
        {"advance_payment_method": "delivered", "sale_order_ids": [[6, 0, [order]]]},
    )
    call("sale.advance.payment.inv", "create_invoices", [invoicing])
    (invoice,) = call("sale.order", "read", [order], ["invoice_ids"])[0]["invoice_ids"]
    call("account.move", "action_post", [invoice])
    assert points(shop, member) == (0, 0, 0)

    pay(call, invoice)
    assert points(shop, member) == (113, 0, 0)

    reversal = call(
        "account.move.reversal",
        "create",
        {
            "move_ids": [[6, 0, [invoice]]],
            "journal_id": shop.value(
                "SELECT journal_id FROM account_move WHERE id = %s", invoice
            ),
        },
    )
    call("account.move.reversal", "refund_moves", [reversal])
    credit_note = shop.value(
        "SELECT id FROM account_move WHERE reversed_entry_id = %s", invoice
    )
    call("account.move", "action_post", [credit_note])
    assert points(shop, member) == (0, 0, 0)
    assert [kind for kind, _amount in entries(shop, member)] == ["earn", "clawback"]
    assert ledger_problems(shop.database) == []


def pay(call, invoice):
    """Register the payment of an invoice, as the button on it does."""
    context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = call("account.payment.register", "create", {}, context=context)
    call(
        "account.payment.register", "action_create_payments", [wizard], context=context
    )
