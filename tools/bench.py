"""`make bench`: measure ours against a rival in the same run, and print ratios.

Runs `python -m tests.bench`; `ONLY=P1` is passed on as an argument. The set-up is that
of `make run`, whose server writes to the disk as a real one does. Nothing there passes
or fails by time.
"""

import os

from tools import config, environment
from tools.console import main
from tools.process import watch

RUNNER = "tests.bench"


def bench():
    with environment.prepared("run") as env:
        variables = {**env.variables, "TEMPLATE_DB": env.databases.full()}
        return watch(
            [env.python, "-m", RUNNER, *os.environ.get("ONLY", "").split()],
            env=variables,
            cwd=config.ROOT,
        )


if __name__ == "__main__":
    main(bench)
