"""Root of both kinds of tests: the add-ons' and those that span add-ons."""

import signal

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.log_rule",
    "tests.support.odoo_bundles",
    "tests.support.odoo_port",
]

# A shell that starts a run in the background has it ignore Ctrl-C, and so would we
# ignore what tools/lanes.py ends a run with.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in each run, however slow the machine is. New ones are looked for
# with ARGS=--hypothesis-profile=default.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")
