"""The command lines by which tools run pytest: inside Odoo, beside it, without it."""

import os
from pathlib import Path

from tools import agent, config

#: pytest's exit code when it collected nothing.
NOTHING_RAN = 5


def spanning(env, targets, marks, arguments):
    """Return the command for tests that start Odoo processes of their own."""
    return pytest(env.python, [], targets, marks, arguments)


def inside_odoo(env, database, name, targets, marks, arguments):
    """Return the command for tests inside Odoo, which logs to a file named `name`."""
    options = [
        "-p", "odoo", "--odoo-http", "--odoo-log-level=warn",
        f"--odoo-config={env.rc}", f"--odoo-database={database}",
        f"--odoo-extra=logfile={log_file(name)}",
    ]  # fmt: skip
    return pytest(env.python, options, targets, marks, arguments)


def of_the_agent(targets, marks, arguments):
    """Return the command for the agent's tests, which know nothing of Odoo.

    Their settings are in the agent's pyproject.toml, so ours (conftest.py) stay out.
    """
    options = [
        "-c", str(agent.FOLDER / "pyproject.toml"),
        "-o", f"cache_dir={config.ROOT / '.pytest_cache' / 'agent'}",
    ]  # fmt: skip
    return pytest(agent.python(), options, targets, marks, arguments)


def pytest(python, options, targets, marks, arguments):
    command = [str(python), "-m", "pytest", *options, *targets]
    if marks and not any("::" in target for target in targets):
        command += ["-m", marks]
    return [*command, *arguments]


def log_file(name) -> Path:
    """Return a fresh log file: one run's warnings are not the next one's."""
    path = config.BUILD / "logs" / f"{name}-{os.getpid()}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path
