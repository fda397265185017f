"""What a rule gives a member in a day is never more than its cap, at any two tills."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems

ROUNDS = 6
PRICE = 80
CAP = 100

RULE = """
    rules = env["member.point.rule"]
    rules.search([]).active = False
    rules.create({"name": "Capped", "cap_day": cap})
"""

POINTS = """SELECT coalesce(sum(b.amount), 0)
              FROM member_balance b JOIN member_asset a ON a.id = b.asset_id
             WHERE b.partner_id = %s AND a.kind = 'points'"""


def test_the_cap_of_a_day_is_never_passed(shop, pair):
    """F2: two sales at once, each below the cap: together they earn the cap."""
    assert sell_at_once(shop, pair) == [CAP] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_counted_apart_it_is_passed(unguarded_shop, unguarded):
    """Negative control: the same race earns more when each order counts by itself."""
    assert max(sell_at_once(unguarded_shop, unguarded)) > CAP


def sell_at_once(shop, servers):
    """Sell to a member at two tills at once; return the points in each round."""
    run_in_odoo(shop.database, RULE, cap=CAP)
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    for member in members:
        answers = at_once(*(partial(till.sell_cash, member, PRICE) for till in tills))
        assert [answer["state"] for answer in answers] == ["paid", "paid"], answers
    ledger_problems(shop.database)  # applies what is pending
    return [float(shop.value(POINTS, member)) for member in members]
