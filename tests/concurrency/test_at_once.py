"""What two tills do at the same moment has one outcome, which both are told."""

from collections import Counter
from functools import partial

from tests.support.parallel import at_once
from tests.support.rpc import RpcError
from tests.support.shop import ledger_problems, new_key

ROUNDS = 12
SHARED_TILLS = 16
ORDERS_EACH = 3


def test_release_and_payment_have_one_winner(shop, pair):
    """Guarantee 5: a hold is either paid with or given back, never both or neither."""
    for server in pair:
        server.allow_lines("This wallet payment was given back", "duplicate key value")
    member = shop.newcomer()
    shop.give(ROUNDS * 10, ids=[member])
    payer, releaser = shop.till(pair[0], 0), shop.till(pair[1], 0)
    outcomes = Counter()

    def release(key, hesitations):
        for _number in range(hesitations):
            releaser.verb("member_info", member)
        return releaser.release(key)

    for number in range(ROUNDS):
        key = new_key()
        held = payer.hold(member, 10, key)
        paid, released = at_once(
            partial(payer.pay_held, member, 10, held),
            partial(release, key, hesitations=number),
        )
        is_paid = not isinstance(paid, Exception)
        if not is_paid:
            assert isinstance(paid, RpcError), paid
        outcomes[is_paid, released["status"]] += 1

    assert set(outcomes) <= {(True, "claimed"), (False, "ok")}
    paid_times = outcomes[True, "claimed"]
    assert ledger_problems(shop.database) == []
    assert shop.figures(member) == (10 * (ROUNDS - paid_times), 0, 0, 0)
    assert shop.spent(member) == 10 * paid_times


def test_topups_at_once_never_pass_the_cap(shop, pair):
    """Eight tills reserve room for ¥300 under a cap of ¥1,000: three get it."""
    member = shop.newcomer()
    tills = [shop.till(pair[n % 2], n) for n in range(8)]
    keys = [new_key() for _till in tills]

    with shop.settings(member_cap_named=1000):
        answers = at_once(
            *(
                partial(till.reserve, member, 300, key)
                for till, key in zip(tills, keys, strict=True)
            )
        )

    assert Counter(answer["status"] for answer in answers) == {"ok": 3, "over_cap": 5}
    assert shop.figures(member) == (0, 0, 900, 0)
    for till, key, answer in zip(tills, keys, answers, strict=True):
        if answer["status"] == "ok":
            till.top_up(member, 300, line_uuid=key)
    assert shop.figures(member) == (900, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_wrong_pins_at_once_all_count(shop, pair):
    """Ten guesses at once at two tills are not one more than the five allowed."""
    member = shop.newcomer()
    shop.give(100, ids=[member])
    tills = [shop.till(pair[n % 2], n) for n in range(10)]

    answers = at_once(*(partial(till.hold, member, 1, None, "9753") for till in tills))

    statuses = Counter(answer["status"] for answer in answers)
    assert statuses == {"wrong_pin": 4, "locked": 6}
    left = [
        answer["attempts_left"] for answer in answers if answer["status"] == "wrong_pin"
    ]
    assert sorted(left) == [1, 2, 3, 4]
    assert tills[0].hold(member, 1)["status"] == "locked"
    assert shop.figures(member) == (100, 0, 0, 0)


def test_tills_on_one_wallet_do_not_disturb_each_other(shop, pair):
    """A company card at sixteen tills: no error at a till and no request replayed."""
    member = shop.newcomer()
    shop.give(1000, ids=[member])
    tills = [shop.till(pair[n % 2], n) for n in range(SHARED_TILLS)]

    def sell_some(till):
        return [till.sell(member, 7.5).get("state") for _order in range(ORDERS_EACH)]

    answers = at_once(*(partial(sell_some, till) for till in tills))

    assert answers == [["paid"] * ORDERS_EACH] * SHARED_TILLS
    assert shop.figures(member) == (1000 - 7.5 * SHARED_TILLS * ORDERS_EACH, 0, 0, 0)
    assert ledger_problems(shop.database) == []
    for server in pair:
        assert "tries left" not in server.read_log()
