"""Points that two tills take back of one order end where the rest alone would be."""

from functools import partial

import pytest

from tests.support.parallel import at_once
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems, new_key

ROUNDS = 8
PRICE = 60

RULE = """
    rules = env["member.point.rule"]
    rules.search([]).active = False
    rules.create({"name": "1 for each full ¥100", "rate_amount": 100, "is_stepwise": 1})
    env.cr.commit()
"""

POINTS = """SELECT coalesce(sum(b.amount - b.owed), 0)
              FROM member_balance b JOIN member_asset a ON a.id = b.asset_id
             WHERE b.partner_id = %s AND a.kind = 'points'"""


@pytest.fixture
def earning(shop):
    """One point for each full ¥100, and for nothing else."""
    run_in_odoo(shop.database, RULE)
    return shop


@pytest.fixture
def unguarded_earning(unguarded_shop):
    run_in_odoo(unguarded_shop.database, RULE)
    return unguarded_shop


def test_parts_at_once_end_where_the_rest_alone_is(earning, pair):
    """B3: of ¥180 a third comes back at each till; ¥60 alone earn nothing."""
    assert refund_thirds_at_once(earning, pair) == [0] * ROUNDS
    assert ledger_problems(earning.database) == []


def test_without_the_lock_points_are_left(unguarded_earning, unguarded):
    """Negative control: each till sees ¥120 left, which still earn the point."""
    assert max(refund_thirds_at_once(unguarded_earning, unguarded)) == 1


def refund_thirds_at_once(shop, servers):
    """Sell three for 180 and take one back at each till; return the points left."""
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    for member in members:
        sale = tills[0].send(three(tills[0], member))
        assert sale["member_points_earned"] == 1
        answers = at_once(
            *(
                partial(
                    till.send,
                    till.refund_order(sale, PRICE, [(till.ids["cash"], PRICE)]),
                )
                for till in tills
            )
        )
        assert not [each for each in answers if isinstance(each, Exception)], answers
    return [int(shop.value(POINTS, member)) for member in members]


def three(till, member):
    """Return an order of three for 60 each, paid in cash."""
    payment = (till.ids["cash"], 3 * PRICE, new_key())
    order = till.order(member, 3 * PRICE, [payment])
    order["lines"][0][2].update(qty=3, price_unit=PRICE)
    return order
