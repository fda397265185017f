"""The shop of the journeys: one database and one server for each module.

Each test takes a till and members of its own, so none sees what another has done.
"""

import pytest

from tests.support import database
from tests.support.browser import new_context
from tests.support.odoo_server import OdooServer
from tests.support.shell import run_in_odoo
from tests.support.shop import Shop
from tests.support.supervisor import hire_supervisor

PREPARE = """
    from odoo import Command
    from tests.support.shop_data import CASHIER, CASHIER_PASSWORD
    from tools.bundles import make_bundles

    make_bundles(env)
    # a busy machine must not tear a scan apart
    env["ir.config_parameter"].set_param("barcode.max_time_between_keys_in_ms", 2000)
    cashier = env["res.users"].search([("login", "=", CASHIER)])
    cashier.copy({
        "name": "Cai Yun", "login": CASHIER + "_zh", "lang": "zh_CN",
        "password": CASHIER_PASSWORD,
    })
    people = env["res.users"].with_context(no_reset_password=True)
    people.create({
        "name": "Pan Portal", "login": "portal", "password": "portal_password",
        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
    })
"""


@pytest.fixture(scope="session")
def till_template(shop_template):
    template, ids = shop_template

    def prepare(name):
        run_in_odoo(name, PREPARE)
        return ids

    with database.shared("till", prepare, template) as found:
        yield found


@pytest.fixture(scope="module")
def shop(till_template):
    """Give a shop whose members have no money yet: all of it comes over a till."""
    template, ids = till_template
    with database.throwaway(template) as name:
        yield Shop(name, ids)


@pytest.fixture(scope="module")
def server(shop, request):
    """Start one process; its log is checked when the module is done."""
    server = OdooServer(shop.database, name=request.module.__name__)
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="module")
def supervisor(shop):
    """Give who approves in this shop, at tills that cashiers work at."""
    return hire_supervisor(shop)


@pytest.fixture
def page(page):
    """Give a page of a till's usual screen."""
    page.set_viewport_size({"width": 1024, "height": 600})
    return page


@pytest.fixture
def other_page(browser):
    """Give a page on another computer, in the office."""
    context = new_context(browser, 1280, 800)
    yield context.new_page()
    context.close()
