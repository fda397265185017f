"""A till whose cashier lies, and for each test a member of its own."""

import pytest

from tests.support.dishonest import MONEY
from tests.support.odoo_server import OdooServer

REFUSALS = (
    r"^WARNING odoo\.http: ",
    # core computes with a price that is no number before anybody can refuse it
    r"(?s)^ERROR odoo\.http: .*ValueError: cannot convert float NaN to integer",
    # a payment or a line that another order has already
    r'(?s)^ERROR odoo\.sql_db: .*"pos_(payment|order_line)_unique_uuid"',
)
"""What the log says when the server refuses what these tests send."""


@pytest.fixture(scope="module")
def server(shop, request):
    server = OdooServer(shop.database, name=request.module.__name__)
    server.allow_lines(*REFUSALS)
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="module")
def till(shop, server):
    return shop.till(server)


@pytest.fixture
def member(shop, till):
    """Give the id of a member of one's own, with MONEY."""
    member = shop.newcomer()
    till.top_up(member, MONEY)
    return member
