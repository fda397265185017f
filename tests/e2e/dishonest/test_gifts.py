"""Gifts and money off that a cashier makes up; no points move, and the log says who."""

import pytest

from tests.support.dishonest import ACCESS, USER, attempts, refusal
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER, ledger_problems, new_key

POINTS = 1000
COST = 300

OFFER = """
    gift, money_off = env["member.reward"].create(
        [
            {"name": "A cup of tea", "product_id": tea, "points_cost": cost},
            {"name": "Money off", "kind": "discount", "points_per_unit": 100},
        ]
    )
    result = {
        "gift": gift.id,
        "money_off": money_off.id,
        "discount": env["member.reward"]._discount_product().id,
    }
"""


@pytest.fixture(scope="module")
def rewards(shop):
    return run_in_odoo(shop.database, OFFER, tea=shop.products["tea"], cost=COST)


@pytest.fixture
def member(shop, rewards):
    member = shop.newcomer()
    shop.give(POINTS, ids=[member], kind="points")
    return member


def redeem(till, member, reward, points=0):
    """Reserve a reward; return its key."""
    key = new_key()
    answer = till.verb("member_redeem", member, reward, points, key)
    assert answer["status"] == "ok", answer
    return key


def gift_order(till, member, key, quantity=1, **line):
    """Return an order of nothing but a gift of tea."""
    order = till.order(member, 0, [])
    values = order["lines"][0][2]
    values.update(qty=quantity, member_redemption_key=key, **line)
    return order


def cheaper_order(till, member, key, discount_id, taken_off, price=40):
    """Return an order for `price` that points are said to lower."""
    order = till.order(
        member, price, [(till.ids["cash"], price - taken_off, new_key())]
    )
    order["lines"].append(
        [
            0,
            0,
            {
                **order["lines"][0][2],
                "product_id": discount_id,
                "price_unit": -taken_off,
                "price_subtotal": round(-taken_off / 1.13, 2),
                "price_subtotal_incl": -taken_off,
                "member_redemption_key": key,
                "uuid": new_key(),
            },
        ]
    )
    order.update(amount_total=price - taken_off, amount_paid=price - taken_off)
    order["amount_tax"] = round((price - taken_off) * 0.13 / 1.13, 2)
    return order


def points_of(shop, member):
    """Return (amount, held) of a member's points."""
    rows = shop.query(
        """SELECT b.amount::float, b.held::float FROM member_balance b
             JOIN member_asset a ON a.id = b.asset_id
            WHERE b.partner_id = %s AND a.kind = 'points'""",
        member,
    )
    return tuple(rows[0])


def assert_refused(shop, till, order, sentence):
    """Send an order that must leave no trace."""
    name, said = refusal(till.send, order)
    assert name == USER or name.startswith("odoo.addons.member_card.errors.")
    assert sentence in said
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])


def test_gift_that_nobody_reserved(shop, till, member):
    order = gift_order(till, member, new_key())
    assert_refused(shop, till, order, "was not reserved")
    assert points_of(shop, member) == (POINTS, 0)
    assert [words for partner, words in attempts(shop, CASHIER) if partner == member]


def test_gift_of_another_member(shop, till, member, rewards):
    """Nor does it lose them what they reserved."""
    key = redeem(till, member, rewards["gift"])
    other = shop.newcomer()
    assert_refused(shop, till, gift_order(till, other, key), "Choose this member")
    assert points_of(shop, member) == (POINTS, COST)
    till.send(gift_order(till, member, key))
    assert points_of(shop, member) == (POINTS - COST, 0)
    assert ledger_problems(shop.database) == []


def test_more_or_something_else_than_was_reserved(shop, till, member, rewards):
    key = redeem(till, member, rewards["gift"])
    for order in (
        gift_order(till, member, key, quantity=3),
        gift_order(till, member, key, product_id=shop.products["ticket"]),
    ):
        assert_refused(shop, till, order, "is not what was reserved")


def test_more_money_off_than_was_reserved(shop, till, member, rewards):
    key = redeem(till, member, rewards["money_off"], 500)
    discount = rewards["discount"]
    for order, sentence in (
        (cheaper_order(till, member, key, discount, 30), "is not what was reserved"),
        (cheaper_order(till, member, None, discount, 5), "was not reserved"),
    ):
        assert_refused(shop, till, order, sentence)
    assert points_of(shop, member) == (POINTS, 500)
    till.send(cheaper_order(till, member, key, discount, 5))
    assert points_of(shop, member)[0] >= POINTS - 500


def test_a_gift_is_given_once(shop, till, member, rewards):
    key = redeem(till, member, rewards["gift"])
    till.send(gift_order(till, member, key))
    assert_refused(shop, till, gift_order(till, member, key), "recorded before")
    assert points_of(shop, member) == (POINTS - COST, 0)


def test_nobody_writes_redemptions_and_counters(shop, till, member, rewards):
    """Not through any door of the server: only the verbs do."""
    key = redeem(till, member, rewards["gift"])
    redemption = shop.value("SELECT id FROM member_redemption WHERE key = %s", key)
    call = till.client.call
    for model, method, *arguments in (
        ("member.redemption", "write", [redemption], {"state": "returned"}),
        ("member.redemption", "unlink", [redemption]),
        ("member.redemption", "create", {"key": new_key(), "points": 1}),
        ("member.reward", "write", [rewards["gift"]], {"points_cost": 1}),
        ("member.reward", "write", [rewards["gift"]], {"held": 0}),
        ("member.redemption.return", "create", {"redemption_id": redemption}),
    ):
        assert refusal(call, model, method, *arguments)[0] == ACCESS, (model, method)
    assert points_of(shop, member) == (POINTS, COST)
