"""A wallet never pays more than it has, however many tills ask at the same moment."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.shop import ledger_problems

TILLS_AT_ONCE = 8
ROUNDS = 10
MONEY = 100
PRICE = 30
AFFORDABLE = MONEY // PRICE * PRICE


def test_money_is_never_spent_twice(shop, pair):
    """Guarantee 3: of eight tills on one wallet, as many pay as the money lasts for."""
    members = shop.newcomers(ROUNDS)

    spent = spend_at_once(shop, pair, members)

    assert spent == [AFFORDABLE] * ROUNDS
    left = (MONEY - AFFORDABLE, 0, 0, 0)
    assert [shop.figures(member) for member in members] == [left] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_without_the_guard_money_is_spent_twice(unguarded_shop, unguarded):
    """Negative control: the same race overspends once the guard is switched off."""
    for server in unguarded:
        server.allow_lines("member ledger: posting")

    members = unguarded_shop.newcomers(ROUNDS)

    spent = spend_at_once(unguarded_shop, unguarded, members)

    assert max(spent) > MONEY


def spend_at_once(shop, servers, members):
    """Let eight tills on two servers pay from one wallet; return what was spent.

    A round for each member, on this member's wallet.
    """
    shop.give(MONEY, ids=members)
    tills = [shop.till(servers[n % 2], n) for n in range(TILLS_AT_ONCE)]
    for member in members:
        answers = at_once(*(partial(till.sell, member, PRICE) for till in tills))
        refused = [answer for answer in answers if answer.get("status")]
        assert {answer["status"] for answer in refused} <= {"insufficient"}
    return [shop.spent(member) for member in members]
