"""Databases are copied, not installed: `createdb -T` takes seconds.

Level 1 holds Odoo's and OCA's modules and is keyed by their list and versions.
Level 2 is a copy of it with our add-ons installed, keyed by their content too.
Attachments are kept in the database, so that a copy needs no files.
"""

import os
import re
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tools import cache, config
from tools.console import say, step
from tools.process import run

#: How many level-2 templates stay, and for how long each does at least: other
#: clones and branches use them too, perhaps just now.
KEPT = 4
KEPT_FOR = timedelta(minutes=30)

#: Throwaway copies carry the process that made them.
COPY_NAME = re.compile(r"member_(test|e2e|core|dump|i18n)_(?P<pid>\d+)(_\w+)?$")

#: Change to have every template built again.
REVISION = "2"

#: Add-on files whose change asks for a new installation.
INSTALLED_SUFFIXES = {".py", ".xml", ".csv", ".po", ".sql", ".html"}

#: Folders of an add-on whose change asks for none; `agent` is a program beside Odoo.
NOT_INSTALLED = {"agent", "static", "tests"}

FINISH_BASE = """\
params = env["ir.config_parameter"].sudo()
params.set_param("ir_attachment.location", "db")
env["ir.attachment"].sudo().force_storage()
env.cr.commit()
"""


class Databases:
    """The databases of one server, made with one Odoo."""

    def __init__(self, server, odoo_bin, rc, base_key):
        self.server = server
        self.odoo_bin = odoo_bin
        self.rc = rc
        self.base_key = base_key

    def base(self):
        """Return the level-1 template, built if absent."""
        key = config.digest(REVISION, self.base_key, FINISH_BASE, *config.MODULES)
        return self.template(f"members_base_{key}", self.build_base)

    def full(self):
        """Return the level-2 template, built if absent."""
        base = self.base()
        addons = config.own_addons()
        if not addons:
            return base
        key = config.digest(base, *addons, *addon_parts())

        def build(name):
            with step(f"installing {', '.join(addons)}"):
                self.copy(base, name)
                self.odoo(name, "-i", ",".join(addons), "--stop-after-init")

        name = self.template(f"members_full_{key}", build)
        self.drop_old("members_full_", name)
        return name

    def template(self, name, build):
        """Return `name`; a build that is interrupted leaves no such database."""
        with cache.lock(name):
            if not self.exists(name):
                draft = f"{name}_draft"
                self.drop(draft)
                build(draft)
                self.remember(draft)
                # The filestore of the draft is empty: see FINISH_BASE.
                self.server.sql(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
                self.server.sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            self.remember(name)
        return name

    def build_base(self, name):
        with step("installing Odoo's own modules (some minutes, once)"):
            self.server.client("createdb", "-T", "template0", "-E", "UTF8", name)
            # As Odoo does for the databases it creates itself: names are found by it.
            self.server.sql("CREATE EXTENSION IF NOT EXISTS pg_trgm", name)
            self.odoo(name, "-i", ",".join(config.MODULES), "--stop-after-init")
            run([self.odoo_bin, "i18n", "loadlang", "-c", self.rc, "-d", name,
                 "-l", config.LANGUAGE])  # fmt: skip
            self.shell(name, FINISH_BASE)

    def odoo(self, database, *arguments):
        run(
            [self.odoo_bin, "-c", self.rc, "-d", database, "--no-http",
             "--log-level=warn", "--max-cron-threads=0", *arguments],
            env=self.server.env,
        )  # fmt: skip

    def shell(self, database, script):
        """Run Python code with `env` in an Odoo shell and return what it prints."""
        return run(
            [self.odoo_bin, "shell", "-c", self.rc, "-d", database, "--no-http",
             "--log-level=warn", "--shell-interface=python"],
            env=self.server.env,
            text=script,
        )  # fmt: skip

    def copy(self, template, name):
        self.server.client("createdb", "-T", template, "--strategy=file_copy", name)

    @contextmanager
    def temporary(self, prefix="member_tmp"):
        """Give a copy of the level-2 template, dropped afterwards."""
        name = f"{prefix}_{os.getpid()}"
        with self.copied(self.full(), name):
            yield name

    @contextmanager
    def copied(self, template, name):
        """Make `name` a copy of a database; it is dropped afterwards."""
        self.drop(name)
        self.copy(template, name)
        try:
            yield name
        finally:
            self.drop(name)

    def drop(self, name):
        self.server.client("dropdb", "--if-exists", "--force", name)

    def drop_beside(self, name):
        """Drop what others have copied a database into, under its name and a suffix."""
        for (found,) in self.server.sql("SELECT datname FROM pg_database"):
            if found.startswith(f"{name}_"):
                self.drop(found)

    def drop_leftovers(self):
        """Drop the copies whose processes were killed before they could."""
        for (name,) in self.server.sql("SELECT datname FROM pg_database"):
            match = COPY_NAME.match(name)
            if match and self.server.is_ours and not is_alive(int(match["pid"])):
                say(f"- dropping {name}, which a killed run left behind")
                self.drop(name)

    def exists(self, name):
        query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
        return bool(self.server.sql(query))

    def remember(self, name):
        """Note when a template was last wanted (see drop_old)."""
        self.set_comment(name, datetime.now(timezone.utc).isoformat())

    def set_comment(self, name, text):
        self.server.sql(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")

    def comment(self, name):
        rows = self.server.sql(
            f"""SELECT shobj_description(oid, 'pg_database') FROM pg_database
                 WHERE datname = '{name}'"""
        )
        return rows[0][0] if rows else None

    def drop_old(self, prefix, current):
        """Drop the templates that were wanted longest ago."""
        since = (datetime.now(timezone.utc) - KEPT_FOR).isoformat()
        rows = self.server.sql(
            f"""SELECT datname, shobj_description(oid, 'pg_database') AS wanted
                  FROM pg_database
                 WHERE datname LIKE '{prefix}%' AND datname NOT LIKE '%_draft'
                   AND datname <> '{current}'
                 ORDER BY wanted DESC NULLS LAST"""
        )
        for name, wanted in rows[KEPT - 1 :]:
            if wanted < since:
                say(f"- dropping the old template {name}")
                self.drop(name)


def is_alive(pid):
    return Path(f"/proc/{pid}").exists()


def addon_parts():
    """Return what a level-2 template depends on: names and files of add-ons."""
    parts = []
    for path in sorted(config.ADDONS.rglob("*")):
        inside = path.relative_to(config.ADDONS).parts
        is_installed = len(inside) < 3 or inside[1] not in NOT_INSTALLED
        if is_installed and path.suffix in INSTALLED_SUFFIXES and path.is_file():
            parts += ["/".join(inside), path]
    return parts
