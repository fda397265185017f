"""What a cashier, a portal user and the public can do with calls of their own making.

The ledger's models refuse writes, no hold is forged or captured twice through
`sync_from_ui`, PINs cannot be read, and what the server says about a member on an order
or a payment cannot be sent by a client.
"""

import pytest

from tests.support.dishonest import (
    ACCESS,
    INVALID,
    MONEY,
    NO_SESSION,
    PRICE,
    USER,
    assert_refused_order,
    held_key,
    refusal,
    wallet_order,
)
from tests.support.rpc import Client, RpcError
from tests.support.shop import PIN, ledger_problems, new_key

READ_BY_NONE = ("member.pin", "member.pin.failure")

LEDGER_MODELS = (
    "member.balance",
    "member.entry",
    "member.entry.link",
    "member.hold",
    "member.lot",
    "member.lot.use",
    "member.posting",
)


@pytest.fixture(scope="module")
def known_member(shop, till):
    """Give the id of a member who lends the ledger's tables a row."""
    member = shop.newcomer()
    till.top_up(member, MONEY)
    assert till.sell(member, PRICE)["state"] == "paid"
    return member


# === THE LEDGER === #


@pytest.mark.parametrize("model", LEDGER_MODELS + READ_BY_NONE)
def test_cashier_cannot_write_the_ledger(shop, till, known_member, model):
    """A12: create, write and unlink are refused for each of the ledger's models."""
    call, member = till.client.call, known_member
    table = model.replace(".", "_")
    row = shop.value(f"SELECT coalesce(max(id), 1) FROM {table}")
    before = shop.query(f"SELECT * FROM {table} ORDER BY id")
    for method, *arguments in (
        ("create", {}),
        ("create", [{"partner_id": member}]),
        ("write", [row], {"partner_id": member}),
        ("unlink", [row]),
    ):
        assert refusal(call, model, method, *arguments)[0] == ACCESS
    assert shop.query(f"SELECT * FROM {table} ORDER BY id") == before


@pytest.mark.parametrize("model", READ_BY_NONE)
@pytest.mark.parametrize(
    ("login", "password"),
    [("till_cashier", "till_cashier_password"), ("admin", "admin")],
)
def test_nobody_can_read_pins(server, model, login, password):
    """D9: not even an administrator."""
    call = server.client(login, password).call
    for method, arguments in (
        ("search_read", [[]]),
        ("read", [[1]]),
        ("web_search_read", [[], {"partner_id": {}}]),
        ("formatted_read_group", [[], ["partner_id"], ["__count"]]),
        ("export_data", [[1], ["partner_id"]]),
    ):
        assert refusal(call, model, method, *arguments)[0] in (ACCESS, USER)


def test_private_methods_are_not_for_calls(till, known_member):
    """A cashier who knows Python names cannot set or verify PINs with them."""
    call, member = till.client.call, known_member
    for model, method, arguments in (
        ("member.pin", "_set", [member, "1357"]),
        ("member.pin", "_verify", [member, PIN]),
        ("res.partner", "_member_lookup", ["Member", 1]),
        ("pos.config", "_member_check_pin", [[till.config], member, PIN]),
    ):
        assert refusal(call, model, method, *arguments)[0] == ACCESS


# === ORDERS === #


def test_wallet_line_without_a_hold(shop, till, member):
    """A12: a payment line alone moves nothing."""
    order = wallet_order(till, member, PRICE, new_key())
    assert_refused_order(
        shop, till, order, "was not reserved", member, (MONEY, 0, 0, 0)
    )


@pytest.mark.parametrize("amount", [PRICE - 1, PRICE + 1, MONEY])
def test_hold_of_another_amount(shop, till, member, amount):
    """The PIN was given for one amount, neither more nor less."""
    key = held_key(till, member, PRICE)
    order = wallet_order(till, member, amount, key)
    assert_refused_order(shop, till, order, "agreed to", member, (MONEY, PRICE, 0, 0))


def test_hold_of_another_pocket(shop, till, member):
    """What was taken from the principal cannot be booked as bonus."""
    key = held_key(till, member, PRICE)
    payment = (till.ids["wallet_bonus"], PRICE, key)
    order = till.order(member, PRICE, [payment])
    assert_refused_order(shop, till, order, "agreed to", member, (MONEY, PRICE, 0, 0))


def test_released_hold(shop, till, member):
    """What was given back cannot pay any more."""
    held = till.hold(member, PRICE)
    key = held["lines"][0]["key"]
    assert till.release(key)["status"] == "ok"
    order = wallet_order(till, member, PRICE, key)
    assert_refused_order(shop, till, order, "given back", member, (MONEY, 0, 0, 0))


def test_hold_of_another_member(shop, till, member):
    """Who gave the PIN pays, whomever the browser names."""
    victim = shop.newcomer()
    till.top_up(victim, MONEY)
    key = held_key(till, member, PRICE)
    order = wallet_order(till, victim, PRICE, key)
    order["payment_ids"][0][2]["member_id"] = victim
    till.send(order)
    assert shop.figures(victim) == (MONEY, 0, 0, 0)
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)


def test_payment_of_another_order_again(shop, till, member):
    """A captured hold pays for one order; the same order again is no second one."""
    key = held_key(till, member, PRICE)
    order = wallet_order(till, member, PRICE, key)
    first = till.send(order)
    assert till.send(order)["id"] == first["id"]
    replayed = wallet_order(till, member, PRICE, key)
    name, _sentence = refusal(till.send, replayed)
    assert name == INVALID
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", replayed["uuid"])
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_claimed_hold_cannot_be_released(shop, till, member):
    """Money that an order has taken is not given back by a call."""
    key = held_key(till, member, PRICE)
    till.send(wallet_order(till, member, PRICE, key))
    assert till.release(key)["status"] == "claimed"
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)


def test_top_up_that_nobody_paid(shop, till, member):
    """D3: neither without money, nor from the wallet, nor on account."""
    unpaid = till.topup_order(member, MONEY)
    unpaid["payment_ids"] = []
    by_wallet = till.topup_order(member, MONEY)
    by_wallet["payment_ids"][0][2]["payment_method_id"] = till.ids["wallet"]
    by_wallet["payment_ids"][0][2]["uuid"] = held_key(till, member, MONEY)
    for order in (unpaid, by_wallet):
        assert refusal(till.send, order)[0] == USER
        assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert shop.figures(member) == (MONEY, MONEY, 0, 0)


def test_top_up_that_was_sent_twice_counts_once(shop, till, member):
    order = till.topup_order(member, MONEY)
    till.send(order)
    till.send(order)
    again = till.topup_order(member, MONEY, line_uuid=order["lines"][0][2]["uuid"])
    assert refusal(till.send, again)[0] == INVALID
    assert shop.figures(member) == (2 * MONEY, 0, 0, 0)


# === WHAT THE SERVER SAYS === #


def test_what_the_server_says_cannot_be_sent(shop, till, member):
    """The receipt's figures are the server's, with the order and afterwards."""
    victim = shop.newcomer()
    forged = {
        "member_available_after": 9999,
        "member_class_name": "forged",
        "member_id": victim,
        "member_number": "forged",
        "member_paid": 1,
        "member_topup_amount": 9999,
        "is_member_topup": True,
    }
    key = held_key(till, member, PRICE)
    order = till.send(wallet_order(till, member, PRICE, key, **forged))
    till.client.call("pos.order", "write", [order["id"]], forged)
    assert shop.query(
        """SELECT member_id, member_available_after::float, member_paid::float,
                  member_topup_amount::float, is_member_topup, member_class_name
             FROM pos_order WHERE id = %s""",
        order["id"],
    ) == [(member, MONEY - PRICE, PRICE, 0, False, "Stored Value")]


def test_wallet_payment_of_a_paid_order_is_final(shop, till, member):
    """Neither amount, method, order, key nor member of it changes; nor does it go."""
    other = shop.newcomer()
    order = till.send(wallet_order(till, member, PRICE, held_key(till, member, PRICE)))
    second = till.sell_cash(other, PRICE)
    (payment,) = order["payment_ids"]
    call = till.client.call
    for values in (
        {"amount": 1},
        {"payment_method_id": till.ids["cash"]},
        {"pos_order_id": second["id"]},
        {"uuid": new_key()},
    ):
        assert refusal(call, "pos.payment", "write", [payment], values)[0] == USER
    assert refusal(call, "pos.payment", "unlink", [payment])[0] in (ACCESS, USER)
    extra = {
        "amount": PRICE,
        "payment_method_id": till.ids["wallet"],
        "pos_order_id": order["id"],
        "uuid": new_key(),
    }
    assert refusal(call, "pos.payment", "create", [extra])[0] == USER
    call("pos.payment", "write", [payment], {"member_id": other})
    assert shop.query(
        """SELECT id, amount::float, payment_method_id, member_id FROM pos_payment
            WHERE pos_order_id = %s""",
        order["id"],
    ) == [(payment, PRICE, till.ids["wallet"], member)]


def test_cash_does_not_become_a_wallet_payment(shop, till, member):
    """The payment of a paid order cannot be moved to a wallet afterwards."""
    order = till.sell_cash(member, PRICE)
    (payment,) = order["payment_ids"]
    values = {"payment_method_id": till.ids["wallet"]}
    assert refusal(till.client.call, "pos.payment", "write", [payment], values)[0] == (
        USER
    )
    assert shop.figures(member) == (MONEY, 0, 0, 0)


# === OTHERS === #


@pytest.fixture(params=["portal", "public"])
def outsider(request, server):
    """Give the connection of somebody who is no employee."""
    if request.param == "portal":
        return server.client("portal", "portal_password")
    return Client("127.0.0.1", server.port, server.database)


def test_outsiders_are_refused(outsider, till, member, shop):
    """Neither the ledger, PINs and cards, nor the till's verbs are for them."""
    refused = (ACCESS, NO_SESSION)
    for model in (*LEDGER_MODELS, *READ_BY_NONE, "member.card", "member.operator.log"):
        assert refusal(outsider.call, model, "search_read", [])[0] in refused
        assert refusal(outsider.call, model, "create", [{}])[0] in refused
    order = wallet_order(till, member, PRICE, held_key(till, member, PRICE))
    assert refusal(outsider.call, "pos.order", "sync_from_ui", [order])[0] in refused
    for verb, *arguments in (
        ("member_lookup", "Member"),
        ("member_info", member),
        ("member_hold", member, PRICE, PIN, new_key()),
        ("member_release", order["payment_ids"][0][2]["uuid"]),
        ("member_topup_reserve", member, PRICE, new_key()),
    ):
        assert is_refused(outsider, verb, till.config, *arguments), verb
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)


def is_refused(client, verb, config, *arguments):
    """Tell whether a verb was refused, with an error or an answer that says so."""
    try:
        answer = client.call("pos.config", verb, [config], *arguments)
    except RpcError as error:
        return error.name in (ACCESS, NO_SESSION)
    return answer == {"status": "forbidden", "message": answer["message"]}
