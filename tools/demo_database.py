"""The database of `make run`: the demo company, kept between runs."""

from tools import config, environment
from tools.console import Failure, step
from tools.databases import addon_parts

NAME = "members_demo"

BUILD = """\
import sys
sys.path.insert(0, {root!r})
from tools import bundles, demo
demo.build(env)
bundles.make_bundles(env)
env.cr.commit()
"""

SUMMARY = """\
import sys
sys.path.insert(0, {root!r})
from tools import demo
print({mark!r} + demo.summary(env).replace(chr(10), {newline!r}))
"""

MARK, NEWLINE = "---summary---", "\\n"


def ensure(env, name=NAME, *, fresh=False):
    """Make the demo database if it is absent; update it if our add-ons changed."""
    key = addons_key()
    if fresh or not env.databases.exists(name):
        make(env, name)
    elif env.databases.comment(name) != key:
        with step("updating the demo database to the add-ons' present code"):
            env.databases.odoo(
                name,
                "-u",
                ",".join(config.own_addons()),
                "--i18n-overwrite",
                "--stop-after-init",
            )
    env.databases.set_comment(name, key)


def make(env, name):
    """Build the demo under another name first, so that it is whole or not there."""
    if not config.own_addons():
        raise Failure("there are no add-ons under addons/ to run")
    draft = f"{name}_draft"
    databases = env.databases
    databases.drop(draft)
    transfer(env, draft)
    with step("filling the demo company"):
        databases.shell(draft, BUILD.format(root=str(config.ROOT)))
    databases.drop(name)
    env.server.sql(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


def transfer(env, name):
    """Copy the template of the tests to the server of `make run`."""
    with environment.prepared("test") as source:
        template = source.databases.full()
        if source.server.env == env.server.env:
            env.databases.copy(template, name)
            return
        dump = config.BUILD / f"{name}.dump"
        with step("copying the template to the server of the demo"):
            # The template refuses connections, so a copy of it is dumped.
            with source.databases.temporary("member_dump") as copy:
                source.server.client("pg_dump", "-Fc", "-Z1", "-f", dump, copy)
            env.server.client("createdb", "-T", "template0", "-E", "UTF8", name)
            env.server.client(
                "pg_restore", "--no-owner", "--exit-on-error", "-j2", "-d", name, dump
            )
            dump.unlink()


def summary(env, name=NAME):
    """Return what the demo tells its user: logins and a card to try."""
    script = SUMMARY.format(root=str(config.ROOT), mark=MARK, newline=NEWLINE)
    out = env.databases.shell(name, script)
    lines = [line for line in out.splitlines() if line.startswith(MARK)]
    return lines[-1].removeprefix(MARK).replace(NEWLINE, "\n") if lines else out


def addons_key():
    return config.digest(*addon_parts())
