"""A pytest plugin: before tours and unit tests run, make the bundles they load.

Odoo waits ten seconds for a page to be ready, and the till's bundles take longer
than that to make on two cores; those of the unit tests on two busy ones.
"""

import pytest

from tools.bundles import BUNDLES, UNIT_TESTS, make_bundles

#: The modules of tests whose page is that of the JavaScript unit tests.
UNIT_TEST_MODULE = ".test_hoot"


@pytest.fixture(scope="session", autouse=True)
def ready_bundles(request):
    if not request.config.pluginmanager.hasplugin("odoo"):
        return
    request.getfixturevalue("load_registry")
    from odoo.tests import HttpCase

    classes = {item.cls for item in request.session.items if item.cls}
    names = ()
    if any(issubclass(each, HttpCase) for each in classes):
        names += BUNDLES
    if any(each.__module__.endswith(UNIT_TEST_MODULE) for each in classes):
        names += UNIT_TESTS
    if names:
        commit_bundles(names)


def commit_bundles(names):
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        make_bundles(Environment(cr, SUPERUSER_ID, {}), names)
