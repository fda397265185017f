"""Root of both kinds of tests: the add-ons' and those that span add-ons."""

import signal

pytest_plugins = [
    "tests.support.log_rule",
    "tests.support.odoo_bundles",
    "tests.support.odoo_port",
]

# A shell that starts a run in the background has it ignore Ctrl-C, and so would we
# ignore what tools/lanes.py ends a run with.
signal.signal(signal.SIGINT, signal.default_int_handler)
