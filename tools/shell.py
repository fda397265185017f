"""`make shell`: an Odoo shell on the demo database (`DB=name` for another)."""

import os

from tools import demo_database, environment
from tools.console import main
from tools.process import watch


def shell():
    name = os.environ.get("DB") or demo_database.NAME
    with environment.prepared("run") as env:
        if name == demo_database.NAME:
            demo_database.ensure(env, name)
        return watch(
            [env.odoo_bin, "shell", "-c", env.rc, "-d", name, "--no-http",
             "--log-level=warn"],
            env=env.server.env,
        )  # fmt: skip


if __name__ == "__main__":
    main(shell)
