"""Points and gifts that a cashier forges: refused and logged, and nothing moved."""

import math

import pytest

from tests.support.dishonest import (
    ACCESS,
    USER,
    attempts,
    refusal,
)
from tests.support.points import (
    cash_order,
    credit,
    entries,
    left_of,
    make_gift,
    make_money_off,
    make_reward,
    points,
    redeem,
    redemption,
    reserved,
    with_gift,
    with_money_off,
)
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER, ledger_problems, new_key

START = 1000
COST = 300
PRICE = 40

NEIGHBOUR = """
    company = env["res.company"].create({"name": "Neighbour of points"})
    result = env["member.reward"].create({
        "name": "Theirs", "kind": "discount", "points_per_unit": 1,
        "company_id": company.id}).id
"""

WRITTEN_BY_NONE = (
    "member.point.cap",
    "member.point.earning",
    "member.point.earning.line",
    "member.redemption",
)
"""Even an administrator cannot write them."""

SET_UP = ("member.class.rule", "member.point.rule", "member.reward")


@pytest.fixture(scope="module")
def gift(shop):
    """Give the id of a reward that costs COST."""
    return make_gift(shop, "Mug", points=COST)[0]


@pytest.fixture(scope="module")
def money_off(shop):
    return make_money_off(shop)[0]


@pytest.fixture
def member(shop):
    """Give the id of a member of one's own, with START points."""
    member = shop.newcomer()
    credit(shop, member, START)
    return member


def assert_refused(shop, till, order, sentence):
    """Send an order that must leave no trace, except of who tried."""
    name, said = refusal(till.send, order)
    assert name == USER or name.startswith("odoo.addons.member_"), (name, said)
    assert sentence in said
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert any(sentence in words for _partner, words in attempts(shop, CASHIER))


# === ORDERS === #


def test_what_the_order_earned_is_not_sent(shop, till, member):
    """B3: nobody earns by saying so, with the order or afterwards."""
    earning = {"partner_id": member, "points": 9999}
    forged = {"member_point_earning_ids": [[0, 0, earning]]}
    order = cash_order(till, member, PRICE)
    assert refusal(till.send, {**order, **forged})[0] == ACCESS
    sent = till.send(order)
    call = till.client.call
    assert refusal(call, "pos.order", "write", [sent["id"]], forged)[0] == ACCESS
    assert points(shop, member) == (START + PRICE, 0, 0)


def test_points_that_the_till_says_it_earned(shop, till, member):
    """B3: what is earned and what is left is the server's figure."""
    forged = {
        "member_points_earned": 9999,
        "member_points_spent": -9999,
        "member_points_after": 9999,
        "member_points_id": shop.newcomer(),
    }
    order = till.send(cash_order(till, member, PRICE, **forged))
    till.client.call("pos.order", "write", [order["id"]], forged)
    assert shop.query(
        """SELECT member_points_id, member_points_earned::int, member_points_spent::int,
                  member_points_after::int FROM pos_order WHERE id = %s""",
        order["id"],
    ) == [(member, PRICE, 0, START + PRICE)]
    assert points(shop, member) == (START + PRICE, 0, 0)


def test_gift_that_was_not_reserved(shop, till, member, gift):
    """C5: a key of the till's own making gives nothing away."""
    forged = {**reserved(till, member, gift), "key": new_key()}
    order = with_gift(till, cash_order(till, member, PRICE), forged)
    assert_refused(shop, till, order, "was not reserved for points")
    assert points(shop, member) == (START, COST, 0)


def test_gift_at_no_price_and_without_points(shop, till, member, gift):
    """D5: what is sold for nothing is listed for a supervisor, with who did it."""
    taken = reserved(till, member, gift)
    order = cash_order(till, member, PRICE)
    till.add_line(order, taken["product_id"], 0)
    sent = till.send(order)
    assert shop.query(
        "SELECT 1 FROM member_price_exception WHERE order_id = %s", sent["id"]
    )
    assert points(shop, member) == (START + PRICE, COST, 0)
    assert redemption(shop, taken["key"])[0] == "held"


@pytest.mark.parametrize(
    "forged",
    [{"qty": 2}, {"qty": -1}, {"price_unit": -5, "price_subtotal_incl": -5}],
    ids=str,
)
def test_more_than_the_gift_that_was_reserved(shop, till, member, gift, forged):
    taken = reserved(till, member, gift)
    order = with_gift(till, cash_order(till, member, PRICE), taken)
    order["lines"][-1][2] |= forged
    with pytest.raises(RpcError):
        till.send(order)
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert points(shop, member) == (START, COST, 0)


def test_another_product_than_was_reserved(shop, till, member, gift):
    taken = {**reserved(till, member, gift), "product_id": shop.products["ticket"]}
    order = with_gift(till, cash_order(till, member, PRICE), taken)
    assert_refused(shop, till, order, "is not what was reserved")
    assert points(shop, member) == (START, COST, 0)


@pytest.mark.parametrize("value", [6, 4.99, PRICE])
def test_more_money_off_than_the_points_are_worth(shop, till, member, money_off, value):
    """C5: 500 points are ¥5, neither more nor less."""
    taken = reserved(till, member, money_off, 500)
    order = with_money_off(
        till, cash_order(till, member, PRICE), {**taken, "value": value}
    )
    assert_refused(shop, till, order, "is not what was reserved")
    assert points(shop, member) == (START, 500, 0)


def test_money_off_without_points(shop, till, member, money_off):
    product = reserved(till, member, money_off, 100)["product_id"]
    order = cash_order(till, member, PRICE)
    till.add_line(order, product, -5)
    assert_refused(shop, till, order, "was not reserved for points")
    assert points(shop, member) == (START, 100, 0)


def test_points_of_another_member(shop, till, member, gift):
    """Nobody pays with the points of somebody else."""
    other = shop.newcomer()
    order = with_gift(
        till, cash_order(till, other, PRICE), reserved(till, member, gift)
    )
    assert_refused(shop, till, order, "The points are of")
    assert points(shop, member) == (START, COST, 0)
    assert points(shop, other) == (0, 0, 0)


def test_redemption_that_paid_already(shop, till, member, gift):
    """C5: one redemption is one gift; the same order again is no second one."""
    taken = reserved(till, member, gift)
    order = with_gift(till, cash_order(till, member, PRICE), taken)
    first = till.send(order)
    assert till.send(order)["id"] == first["id"]
    left = points(shop, member)
    assert left == (START - COST + PRICE, 0, 0)

    replayed = with_gift(till, cash_order(till, member, PRICE), taken)
    with pytest.raises(RpcError):
        till.send(replayed)
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", replayed["uuid"])
    assert till.verb("member_redeem_cancel", taken["key"])["status"] == "claimed"
    assert points(shop, member) == left
    assert [kind for kind, _amount in entries(shop, member)].count("redeem") == 1


def test_redemption_that_was_given_up(shop, till, member, gift):
    taken = reserved(till, member, gift)
    assert till.verb("member_redeem_cancel", taken["key"])["status"] == "ok"
    order = with_gift(till, cash_order(till, member, PRICE), taken)
    assert_refused(shop, till, order, "were given back")
    assert points(shop, member) == (START, 0, 0)


def test_line_that_points_paid_for_is_final(shop, till, member, gift):
    """Neither its key, number, product nor price changes; nor does it go."""
    taken = reserved(till, member, gift)
    sent = till.send(with_gift(till, cash_order(till, member, PRICE), taken))
    line = sent["lines"][-1]
    columns = "qty, price_unit, product_id, member_redemption_key"
    query = f"SELECT {columns} FROM pos_order_line WHERE id = %s"
    before = shop.query(query, line)
    for values in (
        {"member_redemption_key": new_key()},
        {"member_redemption_key": False},
        {"qty": 5},
        {"price_unit": 1},
        {"product_id": shop.products["ticket"]},
    ):
        assert refusal(till.client.call, "pos.order.line", "write", [line], values)[
            0
        ] in (ACCESS, USER), values
    assert refusal(till.client.call, "pos.order.line", "unlink", [line])[0] in (
        ACCESS,
        USER,
    )
    assert shop.query(query, line) == before


# === VERBS === #


@pytest.mark.parametrize(
    "amount",
    [-5, -COST, 0.5, START + 0.5, math.nan, math.inf, 10**30, True, "300", [3], {}],
    ids=repr,
)
def test_points_that_are_no_number_of_it(shop, till, member, gift, money_off, amount):
    """Bad input: a sentence, nothing held."""
    for reward in (gift, money_off):
        answer = redeem(till, member, reward, amount)
        assert answer["status"] in ("bad_points", "bad_request", "invalid_amount")
        assert answer["message"]
    assert points(shop, member) == (START, 0, 0)


@pytest.mark.parametrize(
    ("total", "lines"),
    [(math.nan, []), ("1", []), (10**30, []), (1, 7), (1, [1]), (1, "ab"), (True, [])],
    ids=repr,
)
def test_orders_that_are_none(till, member, gift, total, lines):
    """Bad input of the verb that only asks what a member may take."""
    answer = till.verb("member_rewards", member, total, lines)
    assert answer["status"] == "bad_request"
    assert answer["message"]


def test_rewards_of_others(shop, till, member):
    """Another company's, another class's, one that is over: none of them is given."""
    theirs = run_in_odoo(shop.database, NEIGHBOUR)
    over = make_reward(
        shop, name="Over", kind="bonus", bonus_amount=5, points_cost=1,
        date_to="2020-01-01",
    )  # fmt: skip
    for reward in (theirs, over, 0, -1, 10**9, "1", None):
        answer = redeem(till, member, reward)
        assert answer["status"] not in ("ok", ""), (reward, answer)
        assert answer["message"]
    assert points(shop, member) == (START, 0, 0)


def test_same_key_for_another_member_or_gift(shop, till, member, gift, money_off):
    """Guarantee 4: a key says one thing."""
    other = shop.newcomer()
    credit(shop, other, START)
    taken = reserved(till, member, gift)
    for who, what in ((other, gift), (member, money_off)):
        answer = redeem(till, who, what, COST, key=taken["key"])
        assert answer["status"] == "key_reused", answer
    assert redeem(till, member, gift, key=taken["key"])["key"] == taken["key"]
    assert points(shop, member) == (START, COST, 0)
    assert points(shop, other) == (START, 0, 0)


def test_redemption_of_another_till_is_not_cancelled(shop, till, member, gift):
    """A till gives up only what was reserved at it or at a till that it trusts."""
    taken = reserved(till.at(1), member, gift)
    assert till.verb("member_redeem_cancel", taken["key"]) == {"status": "ok"}
    assert points(shop, member) == (START, COST, 0)
    assert redemption(shop, taken["key"])[0] == "held"
    till.at(1).verb("member_redeem_cancel", taken["key"])
    assert points(shop, member) == (START, 0, 0)


# === RECORDS === #


@pytest.mark.parametrize("model", WRITTEN_BY_NONE + SET_UP)
def test_cashier_cannot_write_what_points_stand_on(shop, till, gift, model):
    """A1: neither what is earned and redeemed, nor the rules of it."""
    table = model.replace(".", "_")
    row = shop.value(f"SELECT coalesce(max(id), 1) FROM {table}")
    before = shop.query(f"SELECT * FROM {table} ORDER BY id")
    for method, *arguments in (
        ("create", {}),
        ("write", [row], {"points": 9999}),
        ("unlink", [row]),
    ):
        assert refusal(till.client.call, model, method, *arguments)[0] == ACCESS
    assert shop.query(f"SELECT * FROM {table} ORDER BY id") == before


@pytest.mark.parametrize("model", WRITTEN_BY_NONE)
def test_administrator_cannot_either(server, model):
    call = server.client().call
    assert refusal(call, model, "create", {})[0] == ACCESS


def test_nothing_of_all_this_has_moved_the_ledger(shop, gift):
    assert ledger_problems(shop.database) == []
    assert left_of(shop, gift)[0] == shop.value(
        """SELECT count(*) FROM member_redemption
            WHERE reward_id = %s AND state = 'done'""",
        gift,
    )
