"""`make run`: Odoo with the demo company, in the foreground.

`PORT` is the HTTP port (8069), `DB` another database, `FRESH=1` makes the demo anew.
"""

import http.client
import os
import subprocess
import time

from tools import demo_database, environment, ports
from tools.console import Failure, main, say
from tools.process import wait_or_kill

DEFAULT_PORT = "8069"

#: Seconds Odoo may take to answer its first request.
START_LIMIT = 120


def run():
    port = http_port()
    name = os.environ.get("DB") or demo_database.NAME
    with environment.prepared("run") as env:
        demo_database.ensure(env, name, fresh=os.environ.get("FRESH") == "1")
        text = demo_database.summary(env, name)
        process = start(env, name, port)
        try:
            wait_ready(process, port)
            say(f"\n  http://localhost:{port}\n")
            say("\n".join(f"  {line}" for line in text.splitlines()))
            say("\n  Ctrl-C stops it.\n")
            return process.wait()
        finally:
            stop(process)


def http_port():
    """Return the port to listen on; it must be free."""
    value = os.environ.get("PORT") or DEFAULT_PORT
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Failure(f"PORT={value} is not a port")
    if not ports.is_free(int(value)):
        raise Failure(
            f"port {value} is taken by another program; choose one: make run PORT=8070"
        )
    return int(value)


def start(env, name, port):
    """Start Odoo. One process, so that no proxy is needed for its websocket."""
    return subprocess.Popen(
        [env.odoo_bin, "-c", env.rc, "-d", name, f"--db-filter=^{name}$",
         "--workers=0", "--max-cron-threads=1", f"--http-port={port}",
         "--log-level=warn"],
        env={**os.environ, **env.server.env},
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def wait_ready(process, port):
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"Odoo ended with code {process.returncode} (see above)")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/web/login")
            if connection.getresponse().status < 500:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    raise Failure(f"Odoo did not answer on port {port} within {START_LIMIT} s")


def stop(process):
    if process.poll() is None:
        process.terminate()
        wait_or_kill(process)


if __name__ == "__main__":
    main(run)
