"""A pytest plugin: an unexpected warning in Odoo's log fails the run.

It listens in the process that runs the add-ons' tests. What a test captures
itself (`assertLogs`, `mute_logger`) does not get here, which is how a test says
that it provokes a warning.
"""

import logging

import pytest

from tests.support.odoo_log import LogLine


class LogRule(logging.Handler):
    """Collects unexpected records with the test that was running."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.test = "(set-up)"
        self.found = []

    def emit(self, record):
        message = self.format(record)
        if not record.name.startswith(("odoo", "py.warnings")):
            return
        line = LogLine(record.levelname, record.name, message)
        if line.is_unexpected:
            self.found.append((self.test, line))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid):
        self.test = nodeid

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if not self.found:
            return
        terminalreporter.section("unexpected lines in Odoo's log", red=True)
        for test, line in self.found:
            terminalreporter.line(f"{test}\n    {line}")


def pytest_configure(config):
    rule = LogRule()
    config.pluginmanager.register(rule, "odoo-log-rule")
    logging.getLogger().addHandler(rule)
