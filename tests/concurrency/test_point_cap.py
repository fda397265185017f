"""What a rule gives a member in a day is never more than its cap, at any two tills."""

from functools import partial

from tests.support.points import only_rule, points
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems

ROUNDS = 6
PRICE = 80
CAP = 100

GIVEN_BACK = """
    from odoo import Command
    from tests.support.shop_data import make_members
    (member,) = make_members(env, 1, money=0)
    line = {"product_id": product, "product_uom_qty": 1, "price_unit": amount}
    order = env["sale.order"].create(
        {"partner_id": member["id"], "order_line": [Command.create(line)]}
    )
    order.action_confirm()
    invoice = order._create_invoices()
    invoice.action_post()
    payments = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    payments.create({}).action_create_payments()
    note = invoice._reverse_moves()
    note.action_post()
    result = [member["id"], note.id]
"""


def test_the_cap_of_a_day_is_never_passed(shop, pair):
    """F2: two sales at once, each below the cap: together they earn the cap."""
    assert sell_at_once(shop, pair) == [CAP] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_counted_apart_it_is_passed(unguarded_shop, unguarded):
    """Negative control: the same race earns more when each order counts by itself."""
    assert max(sell_at_once(unguarded_shop, unguarded)) > CAP


def test_what_comes_back_stays_within_the_cap(shop, pair):
    """A credit note is undone while a till sells: together they earn the cap."""
    assert undo_at_once(shop, pair) == [CAP] * ROUNDS
    assert ledger_problems(shop.database) == []


def test_what_comes_back_uncounted_passes_it(unguarded_shop, unguarded):
    """Negative control: all comes back, beside what the sale earned meanwhile."""
    assert max(undo_at_once(unguarded_shop, unguarded)) > CAP


def undo_at_once(shop, servers):
    """Undo an order's credit note while its member buys; return the points."""
    office, till = servers[0].client(), shop.till(servers[1])
    sold = {"product": shop.products["ticket"], "amount": CAP}
    members = []
    with only_rule(shop, cap_day=CAP):
        for _round in range(ROUNDS):
            member, note = run_in_odoo(shop.database, GIVEN_BACK, **sold)
            members.append(member)
            assert points(shop, member) == (0, 0, 0)
            _undone, sent = shop.race(
                partial(office.call, "account.move", "button_draft", [note]),
                partial(till.sell_cash, member, PRICE),
            )
            assert sent["state"] == "paid", sent
    ledger_problems(shop.database)  # applies what is pending
    return [points(shop, member)[0] for member in members]


def sell_at_once(shop, servers):
    """Sell to a member at two tills at once; return the points in each round."""
    members = shop.newcomers(ROUNDS)
    tills = [shop.till(server, number) for number, server in enumerate(servers)]
    with only_rule(shop, cap_day=CAP):
        for member in members:
            sent = shop.race(
                *(partial(till.sell_cash, member, PRICE) for till in tills)
            )
            assert [order["state"] for order in sent] == ["paid", "paid"], sent
    ledger_problems(shop.database)  # applies what is pending
    return [points(shop, member)[0] for member in members]
