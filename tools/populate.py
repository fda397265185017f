"""`make populate MEMBERS=1000000`: a database of very many members (`DB=name`).

`ENTRIES=10` gives each so many entries of points.

For measuring at scale. It is made on the server of `make run`, which keeps it; an
existing database of that name is replaced only if it was made by this command.
"""

import os

from tools import config, demo_database, environment
from tools.console import Failure, main, say, step

NAME = "members_populated"
MADE_HERE = "made by make populate"

BUILD = """\
import sys
sys.path.insert(0, {root!r})
from tools.populate_data import populate
populate(env, {count}, {entries})
env.cr.commit()
"""


def asked(name, usual, least):
    """Return the number that the caller gave in a variable."""
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or int(text) < least:
        raise Failure(f"{name}={text}: give a number from {least} on")
    return int(text)


def make():
    count, entries = asked("MEMBERS", 1_000_000, 1), asked("ENTRIES", 0, 0)
    name = os.environ.get("DB") or NAME
    with environment.prepared("run") as env:
        databases = env.databases
        if databases.exists(name) and databases.comment(name) != MADE_HERE:
            raise Failure(f"DB={name} exists and is not mine; choose another name")
        databases.drop(name)
        demo_database.transfer(env, name)
        databases.set_comment(name, MADE_HERE)
        with step(f"filling {name} with {count:,} members"):
            databases.shell(
                name, BUILD.format(root=str(config.ROOT), count=count, entries=entries)
            )
        say(f"Look around with: make shell DB={name}")


if __name__ == "__main__":
    main(make)
