"""Two servers on one shop for all races, and two more whose guards are switched off.

Each test takes members of its own, so none sees what another has done, and answers for
the lines that it puts into the servers' logs.
"""

from contextlib import ExitStack, contextmanager

import pytest

from tests.support import database, modules
from tests.support.odoo_server import OdooServer
from tests.support.parallel import at_once
from tests.support.shop import Shop
from tests.support.unguarded import UnguardedShop

CHECKS = (
    ("member_balance", "amount_covers_held"),
    ("member_balance", "amount_not_negative"),
    ("member_balance", "held_not_negative"),
    ("member_reward", "within_total"),
)
"""The last line of defence, which the negative controls take away as well."""


@contextmanager
def running_pair(name, options=()):
    """Give two Odoo processes on one database."""
    servers = [OdooServer(name, name=f"pair{n}", options=options) for n in (1, 2)]
    try:
        for failure in at_once(*(server.start for server in servers)):
            if isinstance(failure, Exception):
                raise failure
        yield servers
    finally:
        for server in servers:
            server.stop()


@contextmanager
def own_lines(servers):
    with ExitStack() as checks:
        for server in servers:
            checks.callback(server.check_log)
        yield servers


@pytest.fixture(scope="package")
def shop(shop_template):
    template, ids = shop_template
    with database.throwaway(template) as name:
        yield Shop(name, ids)


@pytest.fixture(scope="package")
def unguarded_shop(shop_template):
    template, ids = shop_template
    with database.throwaway(template) as name:
        shop = UnguardedShop(name, ids)
        for table, check in CHECKS:
            shop.query(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{check}")
        shop.query("DROP INDEX member_class_assignment_one_open")
        yield shop


@pytest.fixture(scope="package")
def running(shop):
    with running_pair(shop.database) as servers:
        yield servers


@pytest.fixture(scope="package")
def running_unguarded(unguarded_shop):
    options = modules.load("member_test_unguarded")
    with running_pair(unguarded_shop.database, options) as servers:
        yield servers


@pytest.fixture
def pair(running):
    with own_lines(running) as servers:
        yield servers


@pytest.fixture
def unguarded(running_unguarded):
    with own_lines(running_unguarded) as servers:
        yield servers
