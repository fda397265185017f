"""A hold takes the request's own connection only where nothing is lost by that."""

import pytest

from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER, PIN, new_key

MONEY, PRICE = 100, 10

HOLD = """
from odoo.api import Environment
from odoo.sql_db import ConnectionPool

borrow, borrowed = ConnectionPool.borrow, []

def counted(pool, info):
    borrowed.append(info)
    return borrow(pool, info)

user = env["res.users"].search([("login", "=", cashier)])
with env.registry.cursor() as cr:
    own = Environment(cr, user.id, {"allowed_company_ids": user.company_id.ids})
    if begun:
        own["res.partner"].sudo().browse(member).comment = "never committed"
    ConnectionPool.borrow = counted
    try:
        answer = own["pos.config"].browse(till).member_hold(member, price, pin, key)
    finally:
        ConnectionPool.borrow = borrow
    cr.rollback()
comment = env["res.partner"].browse(member).comment
env.cr.rollback()
result = [answer["status"], len(borrowed), comment]
"""


@pytest.mark.parametrize(("begun", "borrowed"), [(False, 0), (True, 1)])
def test_own_connection_where_nothing_is_under_way(shop, begun, borrowed):
    """What the caller wrote before is rolled back with it; the hold is not."""
    member = shop.newcomer()
    shop.give(MONEY, ids=[member])

    answer = run_in_odoo(
        shop.database,
        HOLD,
        cashier=CASHIER,
        till=shop.ids["tills"][0]["config"],
        member=member,
        price=PRICE,
        pin=PIN,
        key=new_key(),
        begun=begun,
    )

    assert answer == ["ok", borrowed, False]
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)
