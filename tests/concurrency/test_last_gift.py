"""No more gifts are promised than there are, and who gets none keeps the points."""

from functools import partial

from tests.support.points import credit
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems, new_key

TILLS_AT_ONCE = 8
ROUNDS = 3
POINTS = 1000
PRICE = 300

OFFER = """
    product = env["product.product"].create({"name": "Mug", "type": "service"})
    gifts = env["member.reward"].create(
        [
            {
                "name": f"A mug, round {number}",
                "product_id": product.id,
                "points_cost": price,
                **limits,
            }
            for number in range(count)
        ]
    )
    env.cr.commit()
    result = gifts.ids
"""

JOIN = """
    from tests.support.shop_data import make_members
    result = [member["id"] for member in make_members(env, count, money=0)]
    env.cr.commit()
"""

HELD_POINTS = """
    SELECT partner_id, b.held::float FROM member_balance b
      JOIN member_asset a ON a.id = b.asset_id
     WHERE a.kind = 'points' AND partner_id = ANY(%s)"""


def test_the_last_gift_has_one_taker(shop, pair):
    """A5: of eight members at eight tills one gets it; the others' points are free."""
    for gift in offer(shop, total_quantity=1):
        members = givees(shop)
        answers = redeem_at_once(shop, pair, gift, members)

        assert sorted(answer["status"] for answer in answers) == (
            ["ok"] + ["sold_out"] * (TILLS_AT_ONCE - 1)
        )
        held = dict(shop.query(HELD_POINTS, members))
        for member, answer in zip(members, answers, strict=True):
            assert held[member] == (PRICE if answer["status"] == "ok" else 0)
        assert counters(shop, gift) == (1, 0)
    assert ledger_problems(shop.database) == []


def test_a_member_at_several_tills_has_no_more_than_allowed(shop, pair):
    """The limit per member counts under the lock of the member's own points."""
    for gift in offer(shop, limit_per_member=2):
        (member,) = givees(shop, 1)
        answers = redeem_at_once(shop, pair, gift, [member] * TILLS_AT_ONCE)

        statuses = [answer["status"] for answer in answers]
        assert statuses.count("ok") == 2, statuses
        assert set(statuses) == {"ok", "limit_reached"}
        assert dict(shop.query(HELD_POINTS, [member])) == {member: 2 * PRICE}
        assert counters(shop, gift) == (2, 0)


def test_points_that_expire_soon_pay_once(shop, pair):
    """A5: those of one gift, at eight tills: lasting points pay for no second one."""
    for gift in offer(shop, expiring_within_days=30):
        (member,) = givees(shop, 1)
        credit(shop, member, PRICE, days=10)
        answers = redeem_at_once(shop, pair, gift, [member] * TILLS_AT_ONCE)

        assert sorted(answer["status"] for answer in answers) == (
            ["not_expiring"] * (TILLS_AT_ONCE - 1) + ["ok"]
        )
        assert dict(shop.query(HELD_POINTS, [member])) == {member: PRICE}
        assert counters(shop, gift) == (1, 0)


def test_the_same_request_at_once_is_done_once(shop, pair):
    """A till that asks again before it was answered holds the points once."""
    for gift in offer(shop, total_quantity=5):
        (member,) = givees(shop, 1)
        key = new_key()
        answers = redeem_at_once(shop, pair, gift, [member] * 4, key=key)

        assert {answer["status"] for answer in answers} == {"ok"}, answers
        assert counters(shop, gift) == (1, 0)
        assert dict(shop.query(HELD_POINTS, [member])) == {member: PRICE}


def test_without_the_guard_it_has_several(unguarded_shop, unguarded):
    """Negative control: the same race promises more than there are."""
    taken = []
    for gift in offer(unguarded_shop, total_quantity=1):
        members = givees(unguarded_shop)
        redeem_at_once(unguarded_shop, unguarded, gift, members)
        taken.append(sum(counters(unguarded_shop, gift)))

    assert max(taken) > 1


def test_without_the_guard_lasting_points_pay_as_well(unguarded_shop, unguarded):
    """Negative control: each till has seen the points before another held them."""
    for gift in offer(unguarded_shop, expiring_within_days=30):
        (member,) = givees(unguarded_shop, 1)
        credit(unguarded_shop, member, PRICE, days=10)
        answers = redeem_at_once(unguarded_shop, unguarded, gift, [member] * 2)

        assert [answer["status"] for answer in answers] == ["ok", "ok"]
        assert counters(unguarded_shop, gift) == (2, 0)


def offer(shop, **limits):
    """Offer a gift for each round; return their ids."""
    return run_in_odoo(shop.database, OFFER, count=ROUNDS, price=PRICE, limits=limits)


def givees(shop, count=TILLS_AT_ONCE):
    """Return new members with points."""
    members = run_in_odoo(shop.database, JOIN, count=count)
    shop.give(POINTS, ids=members, kind="points")
    return members


def redeem_at_once(shop, servers, gift, members, key=None):
    """Have each member ask for the gift at a till of their own, all at once."""
    tills = [shop.till(servers[n % 2], n) for n in range(len(members))]
    return shop.race(
        *(
            partial(till.verb, "member_redeem", member, gift, 0, key or new_key())
            for till, member in zip(tills, members, strict=True)
        )
    )


def counters(shop, gift):
    """Return (reserved, taken) of a gift."""
    (row,) = shop.query("SELECT held, taken FROM member_reward WHERE id = %s", gift)
    return tuple(row)
