"""`make test`: the add-ons' tests inside Odoo, then those that span add-ons.

`T` names what to run (`addons/…` or `tests/…`, with pytest's `::`), `ARGS` are
options for pytest. The exit code is not zero when a test fails, and when none ran.
"""

import os
import re
import shlex
from pathlib import Path

from tools import config, environment
from tools.console import Failure, main, say
from tools.process import watch

#: pytest's exit code when it collected nothing.
NOTHING_RAN = 5


def run_tests(*, marks="not long", target=None, arguments=(), may_be_empty=False):
    """Run the parts of the suite that `target` names, all when it is None."""
    with environment.prepared("test") as env:
        env.databases.drop_leftovers()
        results = []
        if wanted := addon_targets(target):
            results.append(run_addon_tests(env, wanted, marks, arguments))
        if wanted := spanning_targets(target):
            results.append(run_spanning_tests(env, wanted, marks, arguments))
    return exit_code(results, may_be_empty)


def exit_code(results, may_be_empty):
    """Fail when a part failed, or when no part ran any test."""
    failed = [code for code in results if code not in (0, NOTHING_RAN)]
    if failed:
        return failed[0]
    if 0 not in results and not may_be_empty:
        raise Failure("no test ran")
    return 0


def addon_targets(target):
    """Return the paths under addons/ that pytest is to collect."""
    if target:
        return [target] if in_folder(target, "addons") else []
    return [str(p) for p in sorted(config.ADDONS.glob("*/tests")) if p.is_dir()]


def spanning_targets(target):
    if target:
        if in_folder(target, "addons"):
            return []
        return [target]
    return ["tests"] if list((config.ROOT / "tests").rglob("test_*.py")) else []


def in_folder(target, folder):
    path = (config.ROOT / target.split("::")[0]).resolve()
    if not path.exists():
        raise Failure(f"T={target}: there is no {path}")
    return path.is_relative_to(config.ROOT / folder)


def run_addon_tests(env, targets, marks, arguments):
    """Run tests inside Odoo, on a copy of the template with our add-ons."""
    with env.databases.temporary("member_test") as database:
        say(f"- the add-ons' own tests ({', '.join(targets)})")
        return pytest(
            env,
            ["-p", "odoo", "--odoo-http", "--odoo-log-level=warn",
             f"--odoo-config={env.rc}", f"--odoo-database={database}",
             f"--odoo-extra=logfile={log_file('addons')}"],
            marks, targets, arguments,
        )  # fmt: skip


def run_spanning_tests(env, targets, marks, arguments):
    """Run tests that start Odoo processes of their own."""
    say(f"- the tests that span add-ons ({', '.join(targets)})")
    variables = {**env.variables, "TEMPLATE_DB": env.databases.full()}
    return pytest(env, [], marks, targets, arguments, variables)


def pytest(env, options, marks, targets, arguments, variables=None):
    command = [str(env.python), "-m", "pytest", *options, *targets]
    if marks and not any("::" in target for target in targets):
        command += ["-m", marks]
    return watch(
        [*command, *arguments],
        env=variables or env.server.env,
        cwd=config.ROOT,
    )


def log_file(name) -> Path:
    """Return a fresh log file: one run's warnings are not the next one's."""
    path = config.BUILD / "logs" / f"{name}-{os.getpid()}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def options_from_environment():
    """Return T and ARGS; a T with several paths is refused, pytest takes one."""
    target = os.environ.get("T") or None
    if target and re.search(r"\s", target):
        raise Failure("T names one file, class or test")
    return {"target": target, "arguments": shlex.split(os.environ.get("ARGS", ""))}


if __name__ == "__main__":
    main(lambda: run_tests(**options_from_environment()))
