"""Root of both kinds of tests: the add-ons' and those that span add-ons."""

pytest_plugins = ["tests.support.log_rule", "tests.support.odoo_bundles"]
