"""Fixtures that give a shop to sell in (a pytest plugin); see tests/support/shop.py.

| Fixture | Scope | Gives |
|---|---|---|
| `shop_template` | session | a database with a shop of 20 tills and 240 members |
| `shop` | test | a copy of it, on `odoo_db` |
| `pair` | test | two Odoo processes on it |
"""

import pytest

from tests.support import database
from tests.support.parallel import at_once
from tests.support.shop import Shop, build_shop

TILLS = 20
MEMBERS = 240


@pytest.fixture(scope="session")
def shop_template():
    def build(name):
        return build_shop(name, tills=TILLS, members=MEMBERS)

    with database.shared("shop", build) as found:
        yield found


@pytest.fixture
def odoo_db(shop_template):
    """Give a database of one's own with the shop in it."""
    template, _ids = shop_template
    with database.throwaway(template) as name:
        yield name


@pytest.fixture
def shop(odoo_db, shop_template):
    _template, ids = shop_template
    return Shop(odoo_db, ids)


@pytest.fixture
def pair(start_server):
    """Start two Odoo processes: what holds must hold between them."""
    return at_once(start_server, start_server)
