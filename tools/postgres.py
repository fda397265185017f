"""The PostgreSQL servers: private clusters in the cache, or the user's own.

`test` forgets on a crash and is fast; `run` keeps the demo data like any other
server. Both listen on loopback only. They are started on demand and stay up until
someone stops them. As root they run as the user `postgres`. Any user of this machine
may connect as Odoo's role: they hold test and demo data only.
"""

import getpass
import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools import cache, ports
from tools.console import Failure, step
from tools.process import primary_group, run

#: The role Odoo uses: it may create databases, and is no superuser.
ROLE = "odoo_members"

FIRST_PORT = 54330

COMMON_SETTINGS = {
    "listen_addresses": "'localhost'",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "log_line_prefix": "'%m [%p] %d '",
    "log_lock_waits": "on",
}

TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

HBA = """\
# The owner of the cluster by its system user; Odoo's role from this machine.
local all {owner} peer
local all {role} trust
host all {role} 127.0.0.1/32 trust
host all {role} ::1/128 trust
"""


class Server:
    """A PostgreSQL server that Odoo can be pointed at."""

    #: Whether the server is this machine's and serves nobody but this project.
    is_ours = False

    def __init__(self, host, port, user, password=""):
        self.host, self.port, self.user, self.password = host, port, user, password

    @property
    def env(self):
        """Variables that make psql, createdb and Odoo reach this server."""
        env = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            env["PGPASSWORD"] = self.password
        return env

    def sql(self, query, database="postgres"):
        """Run SQL and return its rows as a list of lists of strings."""
        out = self.client("psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1",
                          "-d", database, "-c", query)  # fmt: skip
        return [line.split("\t") for line in out.splitlines() if line]

    def client(self, program, *arguments):
        """Run one of PostgreSQL's client programs against this server."""
        return run([client_program(program), *arguments], env=self.env)

    def start(self):
        """Check that the user's server answers and lets us make databases."""
        query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user"
        try:
            answer = self.sql(query)
        except Failure as failure:
            raise Failure(f"MEMBER_DATABASE_URL: {failure}") from failure
        if answer != [["t"]]:
            raise Failure(f"MEMBER_DATABASE_URL: {self.user} may not create databases")

    def release(self):
        """The user's own server is left alone."""


class Cluster(Server):
    """A private cluster in the cache."""

    is_ours = True

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        self.path = cache.root() / f"postgres-{name}"
        self.data = self.path / "data"
        self.log = self.path / "server.log"
        self.started = False
        super().__init__("localhost", self.known_port(), ROLE)

    @property
    def port_file(self):
        return self.path / "port"

    def known_port(self):
        try:
            return int(self.port_file.read_text())
        except (OSError, ValueError):
            return 0

    def start(self):
        with cache.lock(self.path.name):
            if not (self.data / "PG_VERSION").exists():
                self.create()
            if self.is_running():
                self.port = self.known_port()
                return
            self.port = self.choose_port()
            self.control(
                "start", "-l", self.log, "-o", f"-p {self.port} -k {self.path}"
            )
            self.port_file.write_text(str(self.port))
            self.make_role()
            self.started = True

    def release(self):
        """Stop the server if this process started it and nobody else is on it."""
        if self.started and not self.is_in_use():
            self.stop()

    def is_in_use(self):
        """Tell whether anybody else is connected."""
        others = (
            "SELECT 1 FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return self.is_running() and bool(self.sql(others))

    def stop(self, mode="fast"):
        """Stop the server; `immediate` is a crash."""
        with cache.lock(self.path.name):
            if self.is_running():
                self.control("stop", "-m", mode)

    def is_running(self):
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return False

    def create(self):
        """Make the cluster, in C.UTF-8 whatever the machine's locale is."""
        with step(f"making the PostgreSQL cluster for `{self.name}`"):
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.mkdir(parents=True)
            if os.getuid() == 0:
                shutil.chown(self.path, system_user(), primary_group(system_user()))
            if len(str(self.path)) > 90:
                raise Failure(
                    f"{self.path} is too long a path for PostgreSQL's socket; name a "
                    "shorter folder with MEMBER_CACHE"
                )
            server_run(
                server_program("initdb"), "-D", self.data, "-U", system_user(),
                "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8",
            )  # fmt: skip
            settings = {**COMMON_SETTINGS, **self.settings}
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.writelines(f"{key} = {value}\n" for key, value in settings.items())
            (self.data / "pg_hba.conf").write_text(
                HBA.format(owner=system_user(), role=ROLE)
            )

    def choose_port(self):
        """Return the port used before if it is free, else the next free one."""
        port = self.known_port() or FIRST_PORT
        while not ports.is_free(port):
            port += 1
        return port

    def make_role(self):
        """Create Odoo's role if it is absent."""
        query = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
        if "1" not in self.superuser(query):
            self.superuser(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        # `dropdb --force` ends an autovacuum, which is nobody's process
        self.superuser(f"GRANT pg_signal_backend TO {ROLE}")

    def superuser(self, query):
        return server_run(
            client_program("psql"), "-XAtq", "-h", self.path, "-p", str(self.port),
            "-U", system_user(), "-d", "postgres", "-c", query,
        )  # fmt: skip

    def control(self, *arguments):
        server_run(
            server_program("pg_ctl"), "-D", self.data, "-w", "-s", *arguments,
            hint=f"PostgreSQL's own words are in {self.log}",
        )  # fmt: skip


def get(name):
    """Return the server for `test` or `run`, running: ours or the user's."""
    if url := os.environ.get("MEMBER_DATABASE_URL"):
        server = from_url(url)
    else:
        server = next(cluster for cluster in clusters() if cluster.name == name)
    server.start()
    return server


def clusters():
    """Return our own clusters, running or not."""
    return [Cluster("test", TEST_SETTINGS), Cluster("run", {})]


def from_url(url):
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.username:
        raise Failure(
            "MEMBER_DATABASE_URL must look like postgresql://user:password@host:5432 "
            "(a role that may create databases)"
        )
    return Server(
        parts.hostname or "localhost",
        parts.port or 5432,
        unquote(parts.username),
        unquote(parts.password or ""),
    )


def server_run(*command, hint=""):
    """Run a server program as the user that PostgreSQL accepts."""
    return run(command, user=system_user() if os.getuid() == 0 else None, hint=hint)


def system_user():
    return "postgres" if os.getuid() == 0 else getpass.getuser()


def server_program(name):
    """Return the path of a server program, of the newest PostgreSQL from 15 on."""
    found = [
        (int(match[1]), path)
        for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        if (match := re.search(r"/postgresql/(\d+)/", str(path)))
    ]
    usable = [pair for pair in found if pair[0] >= 15]
    if not usable:
        raise Failure(
            "no PostgreSQL server 15 or newer in /usr/lib/postgresql; install "
            "postgresql, or name a server with MEMBER_DATABASE_URL"
        )
    preferred = [pair for pair in usable if pair[0] == 15] or sorted(usable)
    return preferred[-1][1]


def client_program(name):
    """Prefer the client that belongs to the server over another in the PATH."""
    for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")):
        return path
    return name
