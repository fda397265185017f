"""Real Odoo processes for tests, on free ports of this machine."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.support.odoo_log import unexpected_lines
from tests.support.rpc import Client
from tests.support.settings import setting
from tools.ports import free_port

#: Seconds a server may take to answer its first request, on a busy machine.
START_LIMIT = 120

LOGS = Path("build/logs")


class OdooServer:
    """One threaded Odoo process that serves one database.

    Cron is off unless `crons` says otherwise, so that a job never helps a test
    behind its back. `allowed_lines` are regular expressions of log lines that the
    test provokes.
    """

    def __init__(self, database, *, env=None, crons=0, options=(), name="server"):
        self.database = database
        self.env = dict(env or {})
        self.crons = crons
        self.options = list(options)
        self.port = free_port()
        self.log = LOGS.absolute() / f"{name}-{os.getpid()}-{self.port}.log"
        self.log_start = 0
        self.allowed_lines = []
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Start the process and wait until it answers for its database."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [setting("ODOO_BIN"), "-c", setting("ODOO_RC"), "-d", self.database,
             f"--db-filter=^{self.database}$", "--workers=0",
             f"--max-cron-threads={self.crons}", "--http-interface=127.0.0.1",
             f"--http-port={self.port}", f"--logfile={self.log}", *self.options],
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.wait_ready()
        return self

    def wait_ready(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"Odoo ended while starting:\n{self.tail()}")
            if self.answers():
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
        raise AssertionError(f"no answer from Odoo in {START_LIMIT} s:\n{self.tail()}")

    def answers(self):
        """Tell whether a page that needs the registry is served."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", f"/web/login?db={self.database}")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False

    def client(self, login="admin", password="admin"):
        """Return a logged-in RPC client."""
        return Client("127.0.0.1", self.port, self.database).login(login, password)

    def stop(self):
        """Stop as a service manager would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill9()

    def kill9(self):
        """Kill without warning: nothing of the process runs any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def suspend(self):
        """Freeze the process, so that its answers are lost but its work is not."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def allow_lines(self, *patterns):
        self.allowed_lines += patterns

    def read_log(self):
        """Return what the log says since it was checked."""
        with open(self.log, encoding="utf-8", errors="replace") as handle:
            handle.seek(self.log_start)
            return handle.read()

    def check_log(self):
        """Fail on a warning or an error that nobody asked for.

        What was looked at is not looked at again, and what was allowed no longer is:
        of tests that share a server, each answers for its own lines.
        """
        start, self.log_start = self.log_start, self.log.stat().st_size
        allowed, self.allowed_lines = self.allowed_lines, []
        if found := unexpected_lines(self.log, allowed, start):
            listed = "\n".join(map(str, found))
            raise AssertionError(f"unexpected lines in {self.log}:\n{listed}")

    def tail(self, lines=30):
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"
