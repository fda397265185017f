"""A pytest plugin: before tours run, make the bundles they load.

Odoo waits ten seconds for a page to be ready, and the till's bundles take longer
than that to make on two cores.
"""

import pytest

from tools.bundles import make_bundles


@pytest.fixture(scope="session", autouse=True)
def ready_bundles(request):
    if not request.config.pluginmanager.hasplugin("odoo"):
        return
    request.getfixturevalue("load_registry")
    from odoo.tests import HttpCase

    if any(issubclass(item.cls or object, HttpCase) for item in request.session.items):
        commit_bundles()


def commit_bundles():
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        make_bundles(Environment(cr, SUPERUSER_ID, {}))
