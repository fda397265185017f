"""P7: closing a session of wallet orders against one of the same orders in cash.

`build` and `measure` run inside Odoo. Both sessions have the same orders of the same
members, sent as a till sends what it has kept: many in a call. Only what a till asks
the member (the PIN) is left out. Closing is measured on copies of that database, for it
can be done once. A third till is closed before, so that neither rival warms up the
process for the other.
"""

import time
from itertools import islice

from odoo.addons.member_card import ledger

from tests.bench.in_process import InProcessClient
from tests.support.shop import CASHIER, Shop, Till, new_key

AMOUNT = 8.85
AT_ONCE = 25
"""Orders that one call sends."""


def build(env, ids, orders):
    """Sell `orders` times at the first till from wallets, at the second in cash."""
    wallet, cash, both = tills(env, ids)
    members = [member["id"] for member in ids["members"]]
    turns = [members[number % len(members)] for number in range(orders)]
    sell_from_wallets(env, both, turns[:AT_ONCE])
    sell_for_cash(both, turns[:AT_ONCE])
    for some in batches(turns, AT_ONCE):
        sell_from_wallets(env, wallet, some)
        sell_for_cash(cash, some)


def measure(env, ids, names):
    """Close the sessions in the order of `names`; return milliseconds by name."""
    wallet, cash, both = tills(env, ids)
    close(both)
    rivals = {"wallet": wallet, "cash": cash}
    return {name: close(rivals[name]) for name in names}


def close(till):
    """Close the till's session and return how long that took, in milliseconds."""
    session, call = till.ids["session"], till.client.call
    control = call("pos.session", "get_closing_control_data", [session])
    counted = control["default_cash_details"]["amount"]
    start = time.perf_counter()
    call("pos.session", "post_closing_cash_details", [session], counted)
    answer = call("pos.session", "close_session_from_ui", [session])
    spent = (time.perf_counter() - start) * 1000
    assert answer["successful"], answer
    return spent


def tills(env, ids):
    shop, client = Shop(env.cr.dbname, ids), InProcessClient(env.registry, CASHIER)
    return [Till(shop, client, till) for till in ids["tills"]]


def sell_from_wallets(env, till, partners):
    """Sell once to each, paid with what was held before as a till does."""
    principal = till.shop.principal
    payments = [(partner, till.ids["wallet"], new_key()) for partner in partners]
    for partner, _method, key in payments:
        ledger.hold(
            env,
            [(partner, principal, str(AMOUNT), key)],
            key,
            context=ledger.Context(pos_config_id=till.config),
        )
    send(till, payments)


def sell_for_cash(till, partners):
    send(till, [(partner, till.ids["cash"], new_key()) for partner in partners])


def send(till, payments):
    """Send orders `(partner, payment method, uuid of the payment)` in one call."""
    orders = [
        till.order(partner, AMOUNT, [(method, AMOUNT, key)])
        for partner, method, key in payments
    ]
    answer = till.client.call("pos.order", "sync_from_ui", orders)
    states = [order["state"] for order in answer["pos.order"]]
    assert states == ["paid"] * len(orders), states


def batches(items, size):
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
