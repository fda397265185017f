"""`make test`: the add-ons' tests inside Odoo, the agent's, those that span add-ons.

`T` names what to run (`addons/…` or `tests/…`, with pytest's `::`), `ARGS` are
options for pytest. Without `T` everything runs, part by part in `LANES` lanes
(tools/test_run.py). The exit code is not zero when a test fails, and when none ran.
"""

import os
import re
import shlex

from tools import agent, config, environment, pytest_command
from tools.console import Failure, main, say
from tools.process import watch
from tools.test_run import run_all


def run_tests(*, marks="not long", target=None, arguments=(), may_be_empty=False):
    """Run what `target` names, everything when it is None; return the exit code."""
    if target and is_in(target, agent.FOLDER):
        return exit_code(run_agent_tests(target, marks, arguments), may_be_empty)
    with environment.prepared("test") as env:
        env.databases.drop_leftovers()
        if not target:
            return run_all(env, marks, arguments, may_be_empty)
        in_addons = is_in(target, config.ADDONS)
        run = run_addon_tests if in_addons else run_spanning_tests
        return exit_code(run(env, target, marks, arguments), may_be_empty)


def exit_code(code, may_be_empty):
    if code == pytest_command.NOTHING_RAN:
        if not may_be_empty:
            raise Failure("no test ran")
        return 0
    return code


def is_in(target, folder):
    path = (config.ROOT / target.split("::")[0]).resolve()
    if not path.exists():
        raise Failure(f"T={target}: there is no {path}")
    return path.is_relative_to(folder)


def run_agent_tests(target, marks, arguments):
    """Run tests of the agent, which need neither Odoo nor a database."""
    say(f"- the agent's tests ({target})")
    command = pytest_command.of_the_agent([target], marks, arguments)
    return watch(command, env=agent.test_variables(), cwd=config.ROOT)


def run_addon_tests(env, target, marks, arguments):
    """Run tests inside Odoo, on a copy of the template with our add-ons."""
    with env.databases.temporary("member_test") as database:
        say(f"- the add-ons' own tests ({target})")
        command = pytest_command.inside_odoo(
            env, database, "addons", [target], marks, arguments
        )
        return watch(command, env=env.server.env, cwd=config.ROOT)


def run_spanning_tests(env, target, marks, arguments):
    """Run tests that start Odoo processes of their own."""
    say(f"- the tests that span add-ons ({target})")
    variables = {**env.variables, "TEMPLATE_DB": env.databases.full()}
    command = pytest_command.spanning(env, [target], marks, arguments)
    return watch(command, env=variables, cwd=config.ROOT)


def options_from_environment():
    """Return T and ARGS; a T with several paths is refused, pytest takes one."""
    target = os.environ.get("T") or None
    if target and re.search(r"\s", target):
        raise Failure("T names one file, class or test")
    return {"target": target, "arguments": shlex.split(os.environ.get("ARGS", ""))}


if __name__ == "__main__":
    main(lambda: run_tests(**options_from_environment()))
