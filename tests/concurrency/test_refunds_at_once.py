"""What two tills give back at the same moment is never more than was paid."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.points import only_rule
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems, new_key

ROUNDS = 8
PRICE = 40
HALF = PRICE / 2

ALLOW = """
    cashier = env["res.users"].search([("login", "=", "till_cashier")])
    cashier.group_ids |= env.ref("member_card.group_member_cashout")
    env.cr.commit()
"""


def test_refund_of_a_split_order_is_paid_once(shop, pair):
    """D8: wallet and cash go back at one of two tills; the other is told why not."""
    for server in pair:
        server.allow_lines("was refunded already")
    tills = [shop.till(server, number) for number, server in enumerate(pair)]
    for member in shop.newcomers(ROUNDS):
        sale = sell_half(tills[0], member)
        answers = at_once(
            *(
                partial(
                    till.send,
                    till.refund_order(
                        sale,
                        PRICE,
                        [(till.ids["wallet"], HALF), (till.ids["cash"], HALF)],
                    ),
                )
                for till in tills
            )
        )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 1, answers
        assert isinstance(refused[0], RpcError), refused
        assert "refunded already" in str(refused[0])
        assert money_back(shop, member) == HALF
        assert shop.figures(member) == (100, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_cash_is_never_given_back_twice(shop, pair):
    """All in cash, by right: nothing in the ledger stands between the two tills."""
    for server in pair:
        server.allow_lines("was refunded already")

    assert refund_in_cash_at_once(shop, pair) == [PRICE] * ROUNDS


def test_without_the_lock_cash_is_given_back_twice(unguarded_shop, unguarded):
    """Negative control: the same race pays twice once the lock is switched off."""
    for server in unguarded:
        server.allow_lines("was refunded already")

    assert max(refund_in_cash_at_once(unguarded_shop, unguarded)) > PRICE


def test_top_up_is_undone_once(shop, pair):
    """What is unspent of a top-up is paid out at one till, though both have held it."""
    run_in_odoo(shop.database, ALLOW)
    for server in pair:
        server.allow_lines("of this top-up is not spent yet")
    tills = [shop.till(server, number) for number, server in enumerate(pair)]
    for member in shop.newcomers(ROUNDS):
        topup = tills[0].top_up(member, 300)
        shop.give(300, ids=[member])
        tills[0].sell(member, 100)

        answers = at_once(*(partial(undo, till, topup, 200) for till in tills))

        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 1, answers
        assert "Only" in str(refused[0])
        assert money_back(shop, member) == 200
        amount, _held, _incoming, owed = shop.figures(member)
        assert (amount, owed) == (300, 0)
    assert ledger_problems(shop.database) == []


def sell_half(till, member):
    """Sell to a member with 100, half from the wallet and half in cash."""
    till.shop.give(100, ids=[member])
    held = till.hold(member, HALF)
    payments = [
        (line["payment_method_id"], line["amount"], line["key"])
        for line in held["lines"]
    ]
    payments.append((till.ids["cash"], HALF, new_key()))
    return till.send(till.order(member, PRICE, payments))


def refund_in_cash_at_once(shop, servers):
    """Have two tills refund each member's order in cash; return what they paid.

    The goods earn nothing: points that are taken back have a guard of their own.
    """
    run_in_odoo(shop.database, ALLOW)
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    with only_rule(shop, rate_points=0):
        for member in members:
            sale = sell_half(tills[0], member)
            shop.race(
                *(
                    partial(
                        till.send,
                        till.refund_order(sale, PRICE, [(till.ids["cash"], PRICE)]),
                    )
                    for till in tills
                )
            )
    return [money_back(shop, member) for member in members]


def undo(till, topup, amount):
    """Set aside and pay out in cash, as a till does; raises when it is refused."""
    order = till.refund_order(
        topup,
        amount,
        [(till.ids["cash"], amount)],
        product_id=till.shop.products["topup"],
        tax_ids=[[6, 0, []]],
        price_subtotal=-amount,
    )
    order["amount_tax"] = 0
    line = order["lines"][0][2]
    answer = till.verb(
        "member_topup_undo", topup["lines"][0], amount, line["uuid"], order["uuid"]
    )
    if answer["status"] != "ok":
        raise RpcError({"message": answer["message"]})
    return till.send(order)


def money_back(shop, member):
    """Return how much cash was given back to a member."""
    return -float(
        shop.value(
            """SELECT coalesce(sum(p.amount), 0) FROM pos_payment p
                 JOIN pos_order o ON o.id = p.pos_order_id
                 JOIN pos_payment_method m ON m.id = p.payment_method_id
                WHERE o.partner_id = %s AND m.member_asset_id IS NULL
                  AND p.amount < 0 AND o.state IN ('paid', 'done')""",
            member,
        )
    )
