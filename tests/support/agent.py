"""Real hardware agents for tests: started, paired with a database, killed.

An agent runs in a process and an environment of its own (`make env` names them), on a
free port, with a configuration and a state folder of its own.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from tests.support.settings import setting
from tools.ports import free_port

#: Seconds that an agent may take for anything, on a busy machine.
LIMIT = 60

LOGS = Path("build/logs")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
"""Eight characters of Crockford's base 32, as people read them."""

FAULT = re.compile(r"\b(ERROR|CRITICAL)\b|Traceback")


class Agent:
    """One agent; it may be stopped, killed and started again on the same state.

    :param folder: for its configuration and state.
    :param devices: TOML after the `[agent]` table: `[discover]`, `[[device]]` …
    :param env: variables, such as where pcscd listens.
    :param name: of its log.
    :param title: what Odoo calls the computer.
    """

    def __init__(
        self, folder, devices="", *, env=None, name="agent", title="Test till"
    ):
        self.folder = Path(folder)
        self.title = title
        self.devices = devices
        self.env = dict(env or {})
        self.port = free_port()
        self.log = LOGS.absolute() / f"{name}-{os.getpid()}-{self.port}.log"
        self.process = None

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    @property
    def config(self):
        return self.folder / "config.toml"

    @property
    def state(self):
        return self.folder / "state"

    # === PROCESS === #

    def start(self):
        """Start the process and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(
            f'[agent]\nname = "{self.title}"\nport = {self.port}\n{self.devices}'
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [setting("AGENT_BIN"), "run", *self.options(),
                 "--config", str(self.config)],
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.wait_for(self.answers)
        return self

    def options(self):
        return ["--state", str(self.state)]

    def stop(self):
        """Stop as a service manager would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.kill9()
                raise AssertionError(f"the agent did not end:\n{self.tail()}") from None

    def kill9(self):
        """Kill without warning: nothing of the process runs any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def wait_for(self, condition):
        """Wait until `condition()` is true and return what it answered."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the agent ended:\n{self.tail()}")
            if answer := condition():
                return answer
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
        raise AssertionError(f"not so within {LIMIT} s:\n{self.tail()}")

    def check_log(self):
        """Fail on a fault that the agent did not expect, and on a secret in its log."""
        found = [line for line in self.read_log().splitlines() if FAULT.search(line)]
        if found:
            listed = "\n".join(found)
            raise AssertionError(f"unexpected lines in {self.log}:\n{listed}")

    def read_log(self):
        return self.log.read_text(errors="replace")

    def tail(self, lines=30):
        return "\n".join(self.read_log().splitlines()[-lines:])

    def memory(self):
        """Return how much of the machine's memory it holds, in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    # === WHAT IT TELLS === #

    def answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/health")[0] == 200
        return False

    def health(self):
        status, answer = self.request("GET", "/health")
        assert status == 200, answer
        return answer

    def device(self, stable_id):
        """Return how a device is, or None if there is none."""
        devices = self.health()["devices"]
        return next((d for d in devices if d["id"] == stable_id), None)

    def devices_of(self, driver):
        return [d for d in self.health()["devices"] if d["driver"] == driver]

    def wait_for_device(self, stable_id, state="connected"):
        """Wait until a device is as wanted and return it."""

        def is_so():
            device = self.device(stable_id)
            return device if device and device["state"] == state else None

        return self.wait_for(is_so)

    def wait_for_reader(self, state="connected"):
        """Wait until some card reader is as wanted and return it."""
        return self.wait_for(
            lambda: next(
                (d for d in self.devices_of("card.pcsc") if d["state"] == state), None
            )
        )

    # === HTTP === #

    def request(self, verb, path, body=None, headers=(), host="127.0.0.1"):
        """Send one request; return (status, answer), decoded if it is JSON."""
        headers = {"Accept": "application/json", **dict(headers)}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(host, self.port, timeout=LIMIT)
        with contextlib.closing(connection):
            connection.request(verb, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        if "json" in (response.getheader("Content-Type") or ""):
            return response.status, json.loads(text)
        return response.status, text

    # === PAIRING === #

    def command(self, *arguments):
        """Run a command of the agent's and return the finished process."""
        return subprocess.run(
            [setting("AGENT_BIN"), *arguments, *self.options()],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    @contextlib.contextmanager
    def pairing_code(self, exit_code=0):
        """Give the code that `pair` prints; afterwards it must end with `exit_code`."""
        process = subprocess.Popen(
            [setting("AGENT_BIN"), "pair", *self.options(),
             "--config", str(self.config)],
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        try:
            printed = ""
            while not (found := CODE.search(printed)):
                line = process.stdout.readline()
                assert line, f"`pair` ended without a code:\n{printed}"
                printed += line
            yield found[0]
            printed += process.communicate(timeout=LIMIT)[0]
            assert process.returncode == exit_code, printed
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def pair(self, client, origin):
        """Pair with Odoo as the page does that the browser shows.

        :param client: logged in as somebody who may set hardware up.
        :return: the id of the `member.hw.agent`.
        """
        with self.pairing_code() as code:
            begun = client.call("member.hw.agent", "pair_begin", code, origin, self.url)
            assert begun["status"] == "ok", begun
            status, answer = self.request(
                "POST", "/v1/pair", begun["body"], {"Origin": origin}
            )
            assert status == 200, answer
            done = client.call(
                "member.hw.agent", "pair_finish", begun["pairing"], answer
            )
            assert done["status"] == "ok", done
        return done["agent"]
