"""A right PIN holds no money once it may not be tried any more."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.locks import LIMIT, locked, waiting_backend
from tests.support.shop import new_key

MONEY, PRICE = 100, 10
TILL_FAILURES = 20
"""As many as one till may have (member_card/models/member_pin.py)."""
WRONG_PIN = "9753"

BEFORE_THE_HOLD = "LOCK TABLE member_hold"
"""What a till waits for between its look at the PIN and the hold."""

GUESSED = """
    INSERT INTO member_pin_failure (partner_id, pos_config_id, at)
    SELECT %s, %s, clock_timestamp() AT TIME ZONE 'UTC' FROM generate_series(1, %s)"""


def lock_out(shop, servers, member):
    """Somebody types a wrong PIN at another till: the last try there was."""
    till = shop.till(servers[1], 1)
    with shop.settings(member_pin_attempts=1):
        assert till.hold(member, PRICE, pin=WRONG_PIN)["status"] == "locked"


def guess_through_members(shop, _servers, _member):
    """As many wrong PINs of others are typed as one till may have."""
    till = shop.ids["tills"][0]["config"]
    shop.query(GUESSED, shop.newcomer(), till, TILL_FAILURES)


MEANWHILE = {"locked": lock_out, "too_many": guess_through_members}


@pytest.fixture
def forgotten(shop, unguarded_shop):
    """Let the tills guess again afterwards."""
    yield
    for each in (shop, unguarded_shop):
        each.query("DELETE FROM member_pin_failure")


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("code", MEANWHILE)
def test_what_happens_after_the_look_counts(shop, pair, code):
    answer, figures = hold_late(shop, pair, MEANWHILE[code])

    assert answer["status"] == code
    assert figures == (MONEY, 0, 0, 0)


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("code", MEANWHILE)
def test_without_the_guard_it_does_not(unguarded_shop, unguarded, code):
    """Negative control: the PIN was right when it was looked at."""
    answer, figures = hold_late(unguarded_shop, unguarded, MEANWHILE[code])

    assert answer["status"] == "ok"
    assert figures == (MONEY, PRICE, 0, 0)


def ask_for_too_much(shop, servers, meanwhile):
    """Ask for more than there is, which would be told with what there is."""
    return hold_late(shop, servers, meanwhile, amount=MONEY + PRICE)


def ask_again(shop, servers, meanwhile):
    """Ask for an answer that was given before."""
    return hold_late(shop, servers, meanwhile, key=new_key())


TOLD = {"insufficient": ask_for_too_much, "ok": ask_again}


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("code", MEANWHILE)
@pytest.mark.parametrize("told", TOLD)
def test_nothing_is_told_either(shop, pair, told, code):
    """Who guesses at many tills at once learns no more than from so many tries."""
    answer, _figures = TOLD[told](shop, pair, MEANWHILE[code])

    assert answer["status"] == code
    assert "available" not in answer


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("told", TOLD)
def test_without_the_guard_it_is_told(unguarded_shop, unguarded, told):
    """Negative control, as above."""
    answer, _figures = TOLD[told](unguarded_shop, unguarded, lock_out)

    assert answer["status"] == told


def hold_late(shop, servers, meanwhile, *, amount=PRICE, key=None):
    """Hold by the right PIN, after `meanwhile`; return the answer and the balance.

    With a `key` the till asks for it the second time.
    """
    member = shop.newcomer()
    shop.give(MONEY, ids=[member])
    till = shop.till(servers[0])
    if key:
        assert till.hold(member, amount, key)["status"] == "ok"
    with locked(shop, BEFORE_THE_HOLD) as lock, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(till.hold, member, amount, key)
        waiting_backend(shop)
        meanwhile(shop, servers, member)
        lock.rollback()
        return answer.result(LIMIT), shop.figures(member)
