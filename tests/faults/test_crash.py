"""A server that dies at the worst moment loses nothing and does nothing twice."""

import http.client

import pytest

from tests.support.command import odoo_command
from tests.support.shop import ledger_problems, new_key

MONEY = 100
PRICE = 30

LOST = (OSError, http.client.HTTPException)
"""What a client of a server that dies sees: no answer."""


@pytest.fixture
def member(shop):
    """Return a member with MONEY in the wallet."""
    member = shop.members[0]["id"]
    shop.give(MONEY, ids=[member])
    return member


def recover(shop):
    """Do what the job does, from the command line; return what it printed."""
    result = odoo_command(shop.database, "member_ledger", "recover")
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def states(shop):
    """Return the states of the payments' postings, the oldest first."""
    rows = shop.query(
        "SELECT state FROM member_posting WHERE kind = 'spend' ORDER BY id"
    )
    return [state for (state,) in rows]


def test_killed_between_hold_and_order(shop, member, pair):
    """A12: the other server pays with the hold; what nobody claims expires."""
    first, second = (shop.till(server) for server in pair)
    held = first.hold(member, PRICE)
    first.hold(member, PRICE)

    pair[0].kill9()

    assert second.pay_held(member, PRICE, held)["state"] == "paid"
    assert shop.figures(member) == (MONEY - PRICE, PRICE, 0, 0)
    shop.query(
        "UPDATE member_hold SET expires_at = placed_at - interval '1 second'"
        " WHERE state = 'pending'"
    )
    assert recover(shop) == "0 applied, 1 expired"
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_killed_before_a_hold_is_answered(shop, member, start_both):
    """A12: the till asks again with the same key, and the money is held once."""
    doomed, healthy = start_both("after_hold")
    key = new_key()
    with pytest.raises(LOST):
        shop.till(doomed).hold(member, PRICE, key)
    doomed.process.wait(60)
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)

    till = shop.till(healthy)
    held = till.hold(member, PRICE, key)

    assert held["status"] == "ok"
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)
    till.pay_held(member, PRICE, held)
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_killed_before_the_order_commits(shop, member, start_both):
    """A12: no order, no posting; the hold stands and pays for the order sent again."""
    doomed, healthy = start_both("in_order")
    till = shop.till(doomed)
    held = till.hold(member, PRICE)
    order = wallet_order(till, member, held)
    with pytest.raises(LOST):
        till.send(order)
    doomed.process.wait(60)
    assert states(shop) == []
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)

    assert shop.till(healthy).send(order)["state"] == "paid"

    assert states(shop) == ["applied"]
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


@pytest.mark.parametrize("point", ["before_apply", "in_apply"])
def test_killed_before_it_is_applied(shop, member, start_both, point):
    """Guarantee 3: the order is there, its posting is applied by recovery, once."""
    doomed, healthy = start_both(point)
    till = shop.till(doomed)
    order = wallet_order(till, member, till.hold(member, PRICE))
    with pytest.raises(LOST):
        till.send(order)
    doomed.process.wait(60)
    assert states(shop) == ["pending"]
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)

    # the till has no answer and sends again: the order is there already
    assert shop.till(healthy).send(order)["state"] == "paid"
    assert shop.value("SELECT count(*) FROM pos_order") == 1

    assert recover(shop) == "2 applied, 0 expired"
    assert recover(shop) == "0 applied, 0 expired"
    assert states(shop) == ["applied"]
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert shop.spent(member) == PRICE
    assert ledger_problems(shop.database) == []


def test_next_hold_applies_what_a_crash_left(shop, start_both):
    """A top-up that died before it was applied can be spent at once."""
    doomed, healthy = start_both("before_apply")
    member = shop.members[1]["id"]
    with pytest.raises(LOST):
        shop.till(doomed).top_up(member, MONEY)
    doomed.process.wait(60)
    assert shop.figures(member) == (0, 0, 0, 0)

    answer = shop.till(healthy).sell(member, PRICE)

    assert answer["state"] == "paid", answer
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def wallet_order(till, member, held):
    payments = [
        (line["payment_method_id"], line["amount"], line["key"])
        for line in held["lines"]
    ]
    return till.order(member, PRICE, payments)
