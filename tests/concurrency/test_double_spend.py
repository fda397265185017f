"""A wallet never pays more than it has, however many tills ask at the same moment."""

from functools import partial

from tests.support import modules
from tests.support.parallel import at_once
from tests.support.shop import ledger_problems

TILLS_AT_ONCE = 8
ROUNDS = 10
MONEY = 100
PRICE = 30
AFFORDABLE = MONEY // PRICE * PRICE

CHECKS = (
    "amount_covers_held",
    "amount_not_negative",
    "held_not_negative",
)
"""The last line of defence, which the negative control takes away as well."""


def test_money_is_never_spent_twice(shop, pair):
    """Guarantee 3: of eight tills on one wallet, as many pay as the money lasts for."""
    spent = spend_at_once(shop, pair)

    assert spent == [AFFORDABLE] * ROUNDS
    assert ledger_problems(shop.database) == []
    assert shop.value("SELECT sum(held) FROM member_balance") == 0


def test_without_the_guard_money_is_spent_twice(shop, start_server):
    """Negative control: the same race overspends once the guard is switched off."""
    for name in CHECKS:
        shop.query(f"ALTER TABLE member_balance DROP CONSTRAINT member_balance_{name}")
    start = partial(start_server, options=modules.load("member_test_unguarded"))
    servers = at_once(start, start)
    for server in servers:
        server.allow_lines("member ledger: posting")

    spent = spend_at_once(shop, servers)

    assert max(spent) > MONEY


def spend_at_once(shop, servers):
    """Let eight tills on two servers pay from one wallet; return what was spent.

    As many rounds as ROUNDS, each on the wallet of another member.
    """
    members = [member["id"] for member in shop.members[:ROUNDS]]
    shop.give(MONEY, ids=members)
    tills = [shop.till(servers[n % 2], n) for n in range(TILLS_AT_ONCE)]
    for member in members:
        answers = at_once(*(partial(till.sell, member, PRICE) for till in tills))
        refused = [answer for answer in answers if answer.get("status")]
        assert {answer["status"] for answer in refused} <= {"insufficient"}
    return [shop.spent(member) for member in members]
