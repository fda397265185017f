"""The shop of the journeys: one database and one server for each module.

Each test takes a till and members of its own, so none sees what another has done.
"""

import pytest
from playwright.sync_api import expect

from tests.support import database
from tests.support.odoo_server import OdooServer
from tests.support.shell import run_in_odoo
from tests.support.shop import Shop

#: A till that shares two cores with its server and with other tests.
PATIENCE = 60_000

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
    with database.throwaway(template) as name:
        run_in_odoo(name, PREPARE)
        yield name, ids


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


@pytest.fixture
def page(page):
    """Give a page of a till's usual screen."""
    page.set_viewport_size({"width": 1024, "height": 600})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return page
