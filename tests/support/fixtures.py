"""The fixtures of the tests that span add-ons (a pytest plugin).

| Fixture | Scope | Gives |
|---|---|---|
| `ready_template` | session | the template with the browser's bundles made |
| `odoo_db` | test | the name of a database of one's own |
| `start_server` | test | a function that starts Odoo processes, stopped afterwards |
| `server` | test | one process on `odoo_db` |
| `browser` | session | Chromium |
| `page` | test | a fresh page; a failing test leaves its picture |
"""

import re

import pytest

from tests.support import database
from tests.support.browser import chromium, new_context, screenshot
from tests.support.odoo_server import OdooServer
from tests.support.settings import setting
from tests.support.shell import run_in_odoo

MAKE_BUNDLES = """
    from tools.bundles import make_bundles
    make_bundles(env)
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know how their test ended, as `item.report_call`."""
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="session")
def ready_template():
    with database.throwaway(setting("TEMPLATE_DB")) as name:
        run_in_odoo(name, MAKE_BUNDLES)
        yield name


@pytest.fixture
def odoo_db(ready_template):
    with database.throwaway(ready_template) as name:
        yield name


@pytest.fixture
def start_server(request, odoo_db):
    """Return `start(**options)`; every server's log is checked in the end."""
    servers = []

    def start(database_name=odoo_db, **options):
        name = re.sub(r"\W+", "-", request.node.name)[:60]
        server = OdooServer(database_name, name=name, **options)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()
    for server in servers:
        server.check_log()


@pytest.fixture
def server(start_server):
    return start_server()


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def computer():
    """Give what `page` differs in from this machine's own, as for Playwright."""
    return {}


@pytest.fixture
def page(request, browser, computer):
    context = new_context(browser, 1280, 800, **computer)
    page = context.new_page()
    yield page
    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed:
        screenshot(page, "failed-" + re.sub(r"\W+", "-", request.node.name))
    context.close()
