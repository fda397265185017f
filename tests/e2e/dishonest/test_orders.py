"""Orders and calls that a cashier forges; nothing moves, and the log says who tried.

Beside test_direct_rpc: another company's member, paid orders edited, negative and
impossible amounts, top-ups taken out of the books again, a holder of a receipt.
"""

import math

import pytest

from tests.support.dishonest import (
    ACCESS,
    MONEY,
    PRICE,
    USER,
    assert_refused_order,
    attempts,
    held_key,
    refusal,
    wallet_order,
)
from tests.support.rpc import Client, RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER, PIN, ledger_problems, new_key

NEIGHBOUR = """
    company = env["res.company"].create({"name": "Neighbour"})
    partner = env["res.partner"].create({"name": "Nie Bo"})
    partner._member_register({
        "member_class_id": env.ref("member_card.member_class_stored_value").id,
        "member_company_id": company.id,
    })
    env["member.pin"]._set(partner, pin)
    result = partner.id
"""


def paid_order(till, member):
    """Sell for PRICE from the wallet; return the order as it was sent, and its id."""
    order = wallet_order(till, member, PRICE, held_key(till, member, PRICE))
    return order, till.send({**order})["id"]


def tried(shop, order_id):
    """Return whom and what the log says was tried with this order."""
    reference = shop.value(
        "SELECT pos_reference FROM pos_order WHERE id = %s", order_id
    )
    return attempts(shop, CASHIER, reference)


def rows(shop, order_id):
    """Return what an order, its lines and its payments say."""
    return (
        shop.query(
            """SELECT state, partner_id, member_id, amount_total, amount_paid,
                      member_available_after FROM pos_order WHERE id = %s""",
            order_id,
        ),
        shop.query(
            """SELECT product_id, qty, price_unit, discount, price_subtotal_incl
                 FROM pos_order_line WHERE order_id = %s ORDER BY id""",
            order_id,
        ),
        shop.query(
            """SELECT amount, payment_method_id, member_id, uuid
                 FROM pos_payment WHERE pos_order_id = %s ORDER BY id""",
            order_id,
        ),
    )


# === WHO TRIED === #


def test_forged_payment_is_in_the_log(shop, till, member):
    """The refused order is gone, the line about it stays: one, however often."""
    order = wallet_order(till, member, PRICE, new_key())
    order["payment_ids"][0][2] |= {"payment_status": "done", "transaction_id": "1"}
    for _again in range(2):
        assert_refused_order(
            shop, till, order, "was not reserved", member, (MONEY, 0, 0, 0)
        )
    ((partner, words),) = [
        found for found in attempts(shop, CASHIER) if found[0] == member
    ]
    assert partner == member
    assert "was not reserved" in words


def test_what_is_refused_by_rights_is_in_the_log(shop, till, member):
    balance = shop.value("SELECT id FROM member_balance WHERE partner_id = %s", member)
    values = {"amount": 10**6}
    call = till.client.call
    assert refusal(call, "member.balance", "web_save", [balance], values, {})[0] == (
        ACCESS
    )
    assert attempts(shop, CASHIER, "member.balance write")
    assert shop.figures(member) == (MONEY, 0, 0, 0)


# === WHOSE MONEY === #


def test_member_of_another_company(shop, till):
    """Neither seen, nor debited, nor topped up here, whatever is sent."""
    stranger = run_in_odoo(shop.database, NEIGHBOUR, pin=PIN)
    for answer in (
        till.verb("member_info", stranger),
        till.hold(stranger, PRICE),
        till.reserve(stranger, PRICE, new_key()),
    ):
        assert answer["status"] == "other_company"
    topup = till.topup_order(stranger, MONEY)
    name, said = refusal(till.send, topup)
    assert (name, "Choose the member" in said) == (USER, True)
    assert not shop.query(
        "SELECT 1 FROM member_posting WHERE partner_id = %s", stranger
    )
    verbs = {"member_info", "member_hold", "member_topup_reserve"}
    assert all(attempts(shop, CASHIER, verb) for verb in verbs)


def test_hold_of_another_till_is_not_released(shop, till, member):
    """A till gives back only what was held at it or at a till that it trusts."""
    key = held_key(till.at(1), member, PRICE)
    assert till.release(key) == {"status": "ok", "keys": []}
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)
    assert till.at(1).release(key)["keys"] == [key]
    assert shop.figures(member) == (MONEY, 0, 0, 0)


# === PAID ORDERS === #


def test_paid_order_sent_again_with_other_content(shop, till, member):
    """The order there is stays as it is; what is sent under its uuid is dropped."""
    order, order_id = paid_order(till, member)
    before = rows(shop, order_id)
    other = shop.newcomer()
    edited = till.order(other, 1, [(till.ids["cash"], 1, new_key())])
    till.send({**order})
    assert tried(shop, order_id) == []
    till.send({**edited, "uuid": order["uuid"]})
    till.send({**edited, "uuid": order["uuid"], "state": "draft"})
    assert rows(shop, order_id) == before
    ((who, words),) = tried(shop, order_id)
    assert (who, "sent again" in words) == (member, True)
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)


def test_paid_order_is_not_edited(shop, till, member):
    """Not its state, its lines or its payments, and it does not go away."""
    _order, order_id = paid_order(till, member)
    before = rows(shop, order_id)
    ((line,),) = shop.query(
        "SELECT id FROM pos_order_line WHERE order_id = %s", order_id
    )
    call = till.client.call
    new_line = till.order(member, 1, [])["lines"][0][2]
    for model, method, *arguments in (
        ("pos.order", "write", [order_id], {"state": "draft"}),
        ("pos.order", "write", [order_id], {"state": "cancel"}),
        ("pos.order", "write", [order_id], {"lines": [[1, line, {"price_unit": 1}]]}),
        ("pos.order", "write", [order_id], {"lines": [[0, 0, new_line]]}),
        ("pos.order.line", "write", [line], {"qty": 0}),
        ("pos.order.line", "web_save", [line], {"discount": 90}, {}),
        ("pos.order.line", "unlink", [line]),
        ("pos.order", "unlink", [order_id]),
        ("pos.order", "add_payment", [order_id], {
            "amount": -PRICE, "payment_method_id": till.ids["wallet"],
            "pos_order_id": order_id,
        }),
    ):  # fmt: skip
        assert refusal(call, model, method, *arguments)[0] in (ACCESS, USER), arguments
    call("pos.order", "action_pos_order_paid", [order_id])
    call("pos.order", "action_pos_order_cancel", [order_id])
    assert rows(shop, order_id) == before
    said = " ".join(words for _who, words in tried(shop, order_id))
    for rule in ("already been paid", "lines cannot be", "wallet payment"):
        assert rule in said
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_draft_is_not_declared_paid(shop, till, member):
    """By no door: state written, verb called, payment added, order created as paid."""
    call = till.client.call
    draft = wallet_order(till, member, PRICE, new_key(), state="draft")
    payments, draft["payment_ids"] = draft["payment_ids"], []
    order_id = till.send(draft)["id"]
    call("pos.order", "write", [order_id], {"payment_ids": payments})
    for method, *arguments in (
        ("write", {"state": "paid"}),
        ("write", {"state": "done"}),
        ("action_pos_order_paid",),
    ):
        assert refusal(call, "pos.order", method, [order_id], *arguments)[0] != ""
        assert rows(shop, order_id)[0][0][0] == "draft"
    order = wallet_order(till, member, PRICE, new_key())
    order.pop("name")
    created = call("pos.order", "create", [order])[0]
    assert rows(shop, created)[0][0][0] == "draft"
    assert shop.figures(member) == (MONEY, 0, 0, 0)
    assert not shop.query(
        "SELECT 1 FROM member_posting WHERE partner_id = %s AND kind = 'spend'", member
    )


def test_money_of_a_top_up_stays_in_the_drawer(shop, till):
    """D3: what was credited is not taken out of the books again, line or payment."""
    member = shop.newcomer()
    order_id = till.top_up(member, MONEY)["id"]
    before = rows(shop, order_id)
    ((payment,),) = shop.query(
        "SELECT id FROM pos_payment WHERE pos_order_id = %s", order_id
    )
    ((line,),) = shop.query(
        "SELECT id FROM pos_order_line WHERE order_id = %s", order_id
    )
    call = till.client.call
    for model, method, *arguments in (
        ("pos.payment", "write", [payment], {"amount": 1}),
        ("pos.payment", "write", [payment], {"payment_method_id": till.ids["bank"]}),
        ("pos.payment", "unlink", [payment]),
        ("pos.order", "write", [order_id], {"payment_ids": [[2, payment, 0]]}),
        ("pos.order", "write", [order_id], {"payment_ids": [[0, 0, {
            "amount": -MONEY, "payment_method_id": till.ids["cash"],
            "uuid": new_key()}]]}),
        ("pos.order.line", "write", [line], {"price_unit": 1}),
        ("pos.order", "write", [order_id], {"state": "cancel"}),
    ):  # fmt: skip
        assert refusal(call, model, method, *arguments)[0] in (ACCESS, USER), arguments
    assert rows(shop, order_id) == before
    assert shop.figures(member) == (MONEY, 0, 0, 0)
    found = tried(shop, order_id)
    assert {who for who, _words in found} == {member}
    said = " ".join(words for _who, words in found)
    for rule in ("payment of a top-up", "top-up that was paid", "already been paid"):
        assert rule in said


# === AMOUNTS === #


@pytest.mark.parametrize(
    "amount",
    [0, -0.0, -5, 0.001, math.nan, math.inf, -math.inf, "5", None, True, [5], {}],
    ids=repr,
)
def test_amounts_that_are_none(shop, till, member, amount):
    """Bad input: a sentence, nothing held, no room kept."""
    for answer in (till.hold(member, amount), till.reserve(member, amount, new_key())):
        assert answer["status"] == "invalid_amount"
        assert answer["message"]
    assert shop.figures(member) == (MONEY, 0, 0, 0)
    for verb in ("member_hold", "member_topup_reserve"):
        assert attempts(shop, CASHIER, verb)


@pytest.mark.parametrize("amount", [10**12, 10**30, 1e300])
def test_amounts_beyond_all_money(shop, till, member, amount):
    for answer in (till.hold(member, amount), till.reserve(member, amount, new_key())):
        assert answer["status"] in ("insufficient", "invalid_amount", "over_cap")
    assert shop.figures(member) == (MONEY, 0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "quantity"), [(-MONEY, 1), (MONEY, -1), (0, 1), (math.nan, 1)]
)
def test_top_up_that_takes(shop, till, member, amount, quantity):
    """D3: a top-up gives; no sign of price or quantity makes it take."""
    total = amount * quantity
    order = till.topup_order(member, total)
    line = order["lines"][0][2]
    line |= {"price_unit": amount, "qty": quantity}
    with pytest.raises(RpcError):
        till.send(order)
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert shop.figures(member) == (MONEY, 0, 0, 0)
    # core computes with what is no number before any rule of ours is asked
    logged = [words for who, words in attempts(shop, CASHIER) if who == member]
    assert logged or math.isnan(amount)


def test_wallet_lines_against_the_order(shop, till, member):
    """No change from a wallet, and no credit by a negative payment of a sale."""
    held = held_key(till, member, PRICE)
    wallet, cash = till.ids["wallet"], till.ids["cash"]
    for payments in (
        [(cash, 2 * PRICE, new_key()), (wallet, -PRICE, new_key())],
        [(wallet, PRICE, held), (wallet, -PRICE, new_key()), (cash, PRICE, new_key())],
        [(wallet, PRICE, held), (cash, -PRICE, new_key())],
        [(wallet, math.nan, held)],
    ):
        order = till.order(member, PRICE, payments)
        if payments[-1][1] == -PRICE and payments[-1][0] == cash:
            order["amount_total"] = 0
            order["lines"][0][2] |= {"price_unit": 0, "price_subtotal_incl": 0}
        with pytest.raises(RpcError):
            till.send(order)
        assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)


# === RECEIPTS === #


def ticket(shop, order_id):
    token = shop.value("SELECT access_token FROM pos_order WHERE id = %s", order_id)
    return f"/pos/ticket/validate?access_token={token}"


def test_holder_of_a_receipt_takes_nothing_over(shop, server, till, member):
    """Who opens the receipt's page becomes its customer, never the member of it."""
    _order, order_id = paid_order(till, member)
    holder = server.client("portal", "portal_password")
    holder.request("GET", ticket(shop, order_id))
    (order,), _lines, ((_amount, _method, payer, _key),) = rows(shop, order_id)
    assert (order[2], payer) == (member, member)
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)


def test_holder_of_a_top_ups_receipt(shop, server, till):
    """A top-up has no invoice: neither its customer nor its member changes."""
    member = shop.newcomer()
    order_id = till.top_up(member, MONEY)["id"]
    before = rows(shop, order_id)
    server.client("portal", "portal_password").request("GET", ticket(shop, order_id))
    assert rows(shop, order_id) == before


def test_public_holder_does_not_rename_the_member(shop, server, till, member):
    """The form behind a receipt's code does not rewrite the member's record."""
    _order, order_id = paid_order(till, member)
    path = ticket(shop, order_id)
    public = Client("127.0.0.1", server.port, server.database)
    _status, page = public.request("GET", path)
    assert "csrf_token" in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    before = shop.query(
        "SELECT name, email, phone FROM res_partner WHERE id = %s", member
    )
    public.request(
        "POST",
        path,
        f"csrf_token={token}&name=Thief&email=thief@example.com&phone=123&city=X"
        f"&street=X&zip=1&country_id={shop.value('SELECT min(id) FROM res_country')}",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (
        shop.query("SELECT name, email, phone FROM res_partner WHERE id = %s", member)
        == before
    )
