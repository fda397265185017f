"""Everything a command needs, put together: Odoo, its Python, PostgreSQL, paths."""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import agent, cache, config, get_odoo, postgres, venv
from tools.databases import Databases

RC = """\
# Written by tools/environment.py: the set-up of `{name}`. Not for real use (odoo.conf).
[options]
addons_path = {addons}
data_dir = {data}
db_host = {server.host}
db_port = {server.port}
db_user = {server.user}
{password}db_maxconn = 64
http_interface = 127.0.0.1
list_db = True
admin_passwd = admin
server_wide_modules = {wide}
"""


@dataclass
class Environment:
    """A set-up named `test` or `run`."""

    name: str
    odoo: get_odoo.Odoo
    venv: Path
    server: postgres.Server

    @property
    def python(self):
        return self.venv / "bin" / "python"

    @property
    def odoo_bin(self):
        return self.venv / "bin" / "odoo"

    @property
    def addons_path(self):
        paths = (*self.odoo.addons, *([config.ADDONS] if config.own_addons() else ()))
        return ",".join(map(str, paths))

    @cached_property
    def data_dir(self):
        """Odoo's files: sessions, and attachments not kept in the database."""
        path = cache.root() / f"data-{self.name}"
        path.mkdir(exist_ok=True)
        return path

    @cached_property
    def rc(self):
        """Write Odoo's configuration file and return its path."""
        path = config.BUILD / f"odoo-{self.name}.conf"
        path.parent.mkdir(exist_ok=True)
        secret = self.server.password
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(
            RC.format(
                name=self.name,
                addons=self.addons_path,
                data=self.data_dir,
                server=self.server,
                password=f"db_password = {secret}\n" if secret else "",
                wide="base,web" if self.name == "test" else "base,web,queue_job",
            )
        )
        draft.chmod(0o600)
        return draft.rename(path)

    @cached_property
    def databases(self):
        key = config.digest(
            self.odoo.version,
            get_odoo.REVISION,
            config.LANGUAGE,
            venv.ADDON_PINS,
        )
        return Databases(self.server, self.odoo_bin, self.rc, key)

    @property
    def variables(self):
        """What a command that uses this set-up finds in its environment."""
        return {
            "ODOO_BIN": str(self.odoo_bin),
            "PYTHON": str(self.python),
            "ODOO_RC": str(self.rc),
            "ADDONS_PATH": self.addons_path,
            **agent.variables(),
            **self.server.env,
        }


def prepare(name="test"):
    """Return a set-up, made as far as it is missing, its server running."""
    odoo = get_odoo.get()
    return Environment(name, odoo, venv.odoo_environment(odoo), postgres.get(name))


@contextmanager
def prepared(name="test"):
    """Give a set-up, and stop its server if we started it and nobody else uses it."""
    env = prepare(name)
    try:
        yield env
    finally:
        env.server.release()
