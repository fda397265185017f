"""Print the set-up of the tests as shell assignments, and leave its server up.

Use: `eval "$(make -s env)"`, then any command can run against the same set-up.
`LEVEL=1` gives the template that has only Odoo's and OCA's modules.
"""

import os
import shlex
import sys

from tools import environment
from tools.console import main


def print_environment():
    env = environment.prepare("test")
    databases = env.databases
    template = databases.base() if os.environ.get("LEVEL") == "1" else databases.full()
    values = {**env.variables, "TEMPLATE_DB": template}
    for name, value in values.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    return 0


if __name__ == "__main__":
    main(print_environment)
