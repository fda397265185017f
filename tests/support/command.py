"""Odoo's command line, as an administrator uses it."""

import subprocess

from tests.support.settings import setting


def odoo_command(database, command, *arguments):
    """Run a command of Odoo's on a database; return the finished process.

    `command` is its name, with that of the subcommand if it has some.
    """
    return subprocess.run(
        [setting("ODOO_BIN"), f"--addons-path={setting('ADDONS_PATH')}",
         *command.split(), "-c", setting("ODOO_RC"), "-d", database, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
