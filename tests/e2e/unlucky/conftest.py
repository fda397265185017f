"""One shop and one server for all that goes wrong; a till of its own for each test."""

import pytest

from tests.support import database
from tests.support.odoo_server import OdooServer
from tests.support.shop import Shop
from tests.support.till_page import TillPage
from tests.support.unlucky import MONEY


@pytest.fixture(scope="session")
def shop(till_template):
    template, ids = till_template
    with database.throwaway(template) as name:
        yield Shop(name, ids)


@pytest.fixture(scope="session")
def server(shop):
    """Give a server that may be killed, and told of orders that came late."""
    server = OdooServer(shop.database, name="unlucky")
    server.allow_lines(
        "was closed but received order", "Using open session", "odoo.http: "
    )
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="session")
def numbers():
    return iter(range(20))


@pytest.fixture
def number(numbers):
    """Give the number of a till and of a member that no other test uses."""
    return next(numbers)


@pytest.fixture
def member(shop, number):
    return shop.members[number]


@pytest.fixture
def screen(page, server, shop, number, member):
    screen = TillPage(page, server, shop, number)
    screen.till.top_up(member["id"], MONEY)
    return screen
