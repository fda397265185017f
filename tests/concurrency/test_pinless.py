"""A stolen card pays no more in a day than allowed, at however many tills."""

from functools import partial

from tests.support.shop import ledger_problems, new_key

TILLS_AT_ONCE = 8
ROUNDS = 3
MONEY = 1000
AMOUNT = 30
DAILY = 100
ALLOWED = DAILY // AMOUNT * AMOUNT


def test_the_days_limit_is_never_passed(shop, pair):
    """D9: of eight tills at once, as many get money without a PIN as the day allows."""
    held = hold_at_once(shop, pair)

    assert held == [ALLOWED] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_without_the_lock_it_is_passed(unguarded_shop, unguarded):
    """Negative control: the same race drains the card once the lock is taken away."""
    held = hold_at_once(unguarded_shop, unguarded)

    assert max(held) > DAILY


def hold_at_once(shop, servers):
    """Ask at eight tills of two servers at once; return what was held in each round."""
    members = shop.newcomers(ROUNDS)
    shop.give(MONEY, ids=members)
    tills = [shop.till(servers[n % 2], n) for n in range(TILLS_AT_ONCE)]
    with shop.settings(member_pinless_amount=AMOUNT, member_pinless_daily=DAILY):
        for member in members:
            card = shop.value(
                "SELECT id FROM member_card WHERE partner_id = %s", member
            )
            answers = shop.race(*(partial(ask, till, member, card) for till in tills))
            assert {answer["status"] for answer in answers} <= {"ok", "pin_needed"}
    return [shop.figures(member)[1] for member in members]


def ask(till, member, card):
    return till.verb("member_hold", member, AMOUNT, False, new_key(), card)
