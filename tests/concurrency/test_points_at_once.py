"""Points that two tills spend or take back at the same moment."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.points import (
    cash_order,
    make_gift,
    make_money_off,
    only_rule,
    points,
    redeem,
)
from tests.support.shop import ledger_problems, new_key

TILLS_AT_ONCE = 8
ROUNDS = 6

HUNDREDS = {"rate_amount": 100, "is_stepwise": True}
"""A rule of one point for each full ¥100."""
THIRD = 60
"""Of ¥180, which earn a point by it, as two thirds do and one does not."""

POINTS = 100
COST = 60

# === TAKEN BACK === #


def test_parts_at_once_end_where_the_rest_alone_is(shop, pair):
    """B3: of ¥180 a third comes back at each till; ¥60 alone earn nothing."""
    assert refund_thirds_at_once(shop, pair) == [0] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_without_the_lock_points_are_left(unguarded_shop, unguarded):
    """Negative control: each till sees ¥120 left, which still earn the point."""
    assert max(refund_thirds_at_once(unguarded_shop, unguarded)) == 1


def refund_thirds_at_once(shop, servers):
    """Sell three for 180 and take one back at each till; return the points left."""
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    with only_rule(shop, **HUNDREDS):
        for member in members:
            sale = tills[0].send(three(tills[0], member))
            assert sale["member_points_earned"] == 1
            answers = shop.race(
                *(
                    partial(
                        till.send,
                        till.refund_order(sale, THIRD, [(till.ids["cash"], THIRD)]),
                    )
                    for till in tills
                )
            )
            failed = [each for each in answers if isinstance(each, Exception)]
            assert not failed, failed
    found = [points(shop, member) for member in members]
    return [amount - owed for amount, _held, owed in found]


def three(till, member):
    """Return an order of three for THIRD each, paid in cash."""
    order = cash_order(till, member, 3 * THIRD)
    order["lines"][0][2].update(qty=3, price_unit=THIRD)
    return order


# === SPENT === #


def test_points_are_never_spent_twice(shop, pair):
    """B3: eight tills on one member's points, which last for one redemption."""
    members = shop.newcomers(ROUNDS)

    held = redeem_at_once(shop, pair, members)

    assert held == [COST] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_without_the_guard_points_are_spent_twice(unguarded_shop, unguarded):
    """Negative control: the same race holds more than the member has."""
    members = unguarded_shop.newcomers(ROUNDS)

    assert max(redeem_at_once(unguarded_shop, unguarded, members)) > POINTS


def redeem_at_once(shop, servers, members):
    """Redeem COST of each member's POINTS at eight tills at once; return what is held.

    Half of them take a gift, half of them money off.
    """
    shop.give(POINTS, ids=members, kind="points")
    gift, _product = make_gift(shop, "Cup", points=COST)
    money_off, _product = make_money_off(shop)
    tills = [shop.till(servers[n % 2], n) for n in range(TILLS_AT_ONCE)]
    wanted = [(gift, 0), (money_off, COST)] * (TILLS_AT_ONCE // 2)
    for member in members:
        answers = at_once(
            *(
                partial(redeem, till, member, *what, new_key())
                for till, what in zip(tills, wanted, strict=True)
            )
        )
        statuses = {answer["status"] for answer in answers}
        assert statuses <= {"ok", "insufficient", "too_few_points"}, answers
    return [points(shop, member)[1] for member in members]
