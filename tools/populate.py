"""`make populate MEMBERS=1000000`: a database of very many members (`DB=name`).

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
populate(env, {count})
env.cr.commit()
"""


def members():
    """Return how many members are asked for."""
    text = os.environ.get("MEMBERS") or "1000000"
    if not text.isdecimal() or int(text) == 0:
        raise Failure(f"MEMBERS={text}: give a number above zero")
    return int(text)


def make():
    count, name = members(), os.environ.get("DB") or NAME
    with environment.prepared("run") as env:
        databases = env.databases
        if databases.exists(name) and databases.comment(name) != MADE_HERE:
            raise Failure(f"DB={name} exists and is not mine; choose another name")
        databases.drop(name)
        demo_database.transfer(env, name)
        databases.set_comment(name, MADE_HERE)
        with step(f"filling {name} with {count:,} members"):
            databases.shell(name, BUILD.format(root=str(config.ROOT), count=count))
        say(f"Look around with: make shell DB={name}")


if __name__ == "__main__":
    main(make)
