"""A pytest plugin: give Odoo a port that no test beside this one is given.

pytest-odoo asks the system for a free one and listens on it much later.
"""

from tools.ports import free_port


def pytest_configure(config):
    if plugin := config.pluginmanager.getplugin("odoo"):
        plugin._get_available_random_port = free_port
