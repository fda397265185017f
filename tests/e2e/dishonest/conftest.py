"""A till whose cashier lies, and for each test a member of its own.

One shop and one server serve all modules: to start them takes longer than most tests.
"""

import pytest

from tests.support import database
from tests.support.dishonest import MONEY
from tests.support.odoo_server import OdooServer
from tests.support.shop import Shop

REFUSALS = (
    r"^WARNING odoo\.http: ",
    # core computes with a price that is no number before anybody can refuse it
    r"(?s)^ERROR odoo\.http: .*ValueError: cannot convert float NaN to integer",
    # a payment or a line that another order has already
    r'(?s)^ERROR odoo\.sql_db: .*"pos_(payment|order_line)_unique_uuid"',
)
"""What the log says when the server refuses what these tests send."""


@pytest.fixture(scope="package")
def shop(till_template):
    template, ids = till_template
    with database.throwaway(template) as name:
        yield Shop(name, ids)


@pytest.fixture(scope="package")
def asked_server(shop):
    server = OdooServer(shop.database, name="dishonest").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(asked_server):
    """Give the one process; each module answers for its own lines of the log."""
    asked_server.allow_lines(*REFUSALS)
    yield asked_server
    asked_server.check_log()


@pytest.fixture(scope="module")
def till(shop, server):
    return shop.till(server)


@pytest.fixture
def member(shop, till):
    """Give the id of a member of one's own, with MONEY."""
    member = shop.newcomer()
    till.top_up(member, MONEY)
    return member
