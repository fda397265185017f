"""What a rule gives a member in a day is never more than its cap, at any two tills."""

from functools import partial

from tests.support.points import only_rule, points
from tests.support.shop import ledger_problems

ROUNDS = 6
PRICE = 80
CAP = 100


def test_the_cap_of_a_day_is_never_passed(shop, pair):
    """F2: two sales at once, each below the cap: together they earn the cap."""
    assert sell_at_once(shop, pair) == [CAP] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_counted_apart_it_is_passed(unguarded_shop, unguarded):
    """Negative control: the same race earns more when each order counts by itself."""
    assert max(sell_at_once(unguarded_shop, unguarded)) > CAP


def sell_at_once(shop, servers):
    """Sell to a member at two tills at once; return the points in each round."""
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    with only_rule(shop, cap_day=CAP):
        for member in members:
            sent = shop.race(
                *(partial(till.sell_cash, member, PRICE) for till in tills)
            )
            assert [order["state"] for order in sent] == ["paid", "paid"], sent
    ledger_problems(shop.database)  # applies what is pending
    return [points(shop, member)[0] for member in members]
