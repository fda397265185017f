"""The command as people type it: processes, exit codes, and words."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from odoo_half import OdooHalf

from conftest import PATIENCE_S
from member_hw_agent import __version__
from tools.ports import free_port

ORIGIN = "https://pos.example.com"
PROGRAM = [sys.executable, "-u", "-m", "member_hw_agent.cli"]
DEVICES = """
[discover]
drivers = []
[[device]]
id = "receipt"
driver = "simulator.printer"
name = "Receipts"
folder = "{folder}/slips"
[[device]]
id = "reader"
driver = "simulator.reader"
"""
NOT_ON_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="no such signals there")


class Command:
    """The command with a configuration, a state folder and a port of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "config.toml"
        self.state = folder / "state"
        self.port = free_port()
        self.write(DEVICES.format(folder=folder))

    def write(self, devices):
        self.config.write_text(f'[agent]\nname = "Till"\nport = {self.port}\n{devices}')

    def line(self, *arguments):
        return [
            *(*PROGRAM, *arguments),
            *("--config", str(self.config), "--state", str(self.state)),
        ]

    def do(self, *arguments):
        """Run a command to its end."""
        return subprocess.run(
            self.line(*arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    @contextlib.contextmanager
    def start(self, *arguments, until):
        """Start a command, wait until it has printed `until`; kill it at the end."""
        process = subprocess.Popen(
            self.line(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        process.printed = ""
        try:
            while until not in process.printed:
                line = process.stdout.readline()
                assert line, f"It ended:\n{process.printed}"
                process.printed += line
            yield process
        finally:
            process.kill()
            process.communicate()

    def running(self):
        return self.start("run", until=f"on port {self.port}")

    def redeem(self, code, name="test"):
        """Play Odoo and its browser; return the status."""
        odoo = OdooHalf(ORIGIN, name)
        request = urllib.request.Request(
            f"http://localhost:{self.port}/v1/pair",
            data=json.dumps(odoo.pair_request(code)).encode(),
            headers={"Origin": ORIGIN, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            odoo.pair_finish(code, json.load(response))

    def pair(self, name="test"):
        """Pair from beginning to end; return what the command printed."""
        with self.start("pair", until="Waiting") as process:
            self.redeem(code_in(process.printed), name)
            printed, _none = process.communicate(timeout=60)
            assert process.returncode == 0, printed
            return printed


def code_in(printed):
    return printed.split("Type there:")[1].split()[0]


@pytest.fixture
def command(tmp_path):
    return Command(tmp_path)


# === WORDS AND EXIT CODES === #


def test_version_and_usage(command):
    done = subprocess.run(
        [*PROGRAM, "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == __version__
    assert command.do("fly").returncode == 2
    assert command.do("test").returncode == 2


def test_a_wrong_configuration_is_told_by_file_and_key(command):
    command.write("[[device]]\nid = 'a'\ndriver = 'printer.fax'\n")
    for name in ("run", "list", "pair"):
        done = command.do(name)
        assert done.returncode == 2
        assert f"{command.config}: device[0]: there is no driver" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_state_folder_that_cannot_be_is_told(command):
    command.state.write_text("a file")
    done = command.do("list")
    assert done.returncode == 1
    assert "--state" in done.stderr


def test_list_without_an_agent(command):
    done = command.do("list")
    assert done.returncode == 0
    assert "receipt  Receipts  (simulator.printer)\n    connected" in done.stdout
    found = json.loads(command.do("list", "--json").stdout)
    assert [one["id"] for one in found["devices"]] == ["receipt", "reader"]
    assert found["version"] == __version__


def test_list_of_nothing_says_so(command):
    command.write("[discover]\ndrivers = []\n")
    done = command.do("list")
    assert "No device" in done.stdout
    assert done.returncode == 0


def test_a_device_shows_that_it_works(command):
    done = command.do("test", "receipt")
    assert done.returncode == 0
    assert (command.folder / "slips" / "0001.json").is_file()
    unknown = command.do("test", "nope")
    assert unknown.returncode == 1
    assert unknown.stderr == "nope: There is no device nope.\n"


def test_a_device_that_fails_says_why(command):
    world = command.state / "devices"
    command.do("list")
    [folder] = [one for one in world.iterdir() if one.name.startswith("receipt")]
    (folder / "world.json").write_text('{"paper": "out"}')
    done = command.do("test", "receipt")
    assert done.returncode == 1
    assert "Put in a new roll" in done.stderr


# === RUNNING === #


@NOT_ON_WINDOWS
def test_run_until_it_is_told_to_stop(command):
    with command.running() as process:
        url = f"http://localhost:{command.port}/health"
        request = urllib.request.Request(url, headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            assert json.load(response)["name"] == "Till"
        process.send_signal(signal.SIGTERM)
        printed, _none = process.communicate(timeout=60)
        assert process.returncode == 0, printed
    with socket.create_server(("127.0.0.1", command.port)):
        pass


def test_commands_ask_the_agent_that_runs(command):
    """It has the devices: nobody else could open them."""
    with command.running():
        second = command.do("run")
        assert second.returncode == 1
        assert "already runs" in second.stderr
        assert "connected" in command.do("list").stdout
        assert command.do("test", "receipt").returncode == 0
        assert (command.folder / "slips" / "0001.json").is_file()
        assert command.do("test", "nope").returncode == 1
        left = [one.name for one in command.state.glob("a*-*.json")]
        assert left == []


def test_an_agent_that_was_killed_is_not_in_the_way(command):
    with command.running():
        pass
    with command.running():
        assert "connected" in command.do("list").stdout


def test_a_port_that_is_taken_is_told(command):
    with socket.create_server(("127.0.0.1", command.port)):
        done = command.do("run")
    assert done.returncode == 1
    assert f"Port {command.port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


# === PAIRING === #


def test_pair_with_the_agent_that_runs(command):
    with command.running():
        printed = command.pair()
        assert f"Paired with test at {ORIGIN}." in printed
        assert "secret" not in printed


def test_pair_without_an_agent_serves_by_itself(command):
    assert f"Paired with test at {ORIGIN}." in command.pair()
    kept = json.loads((command.state / "pairings.json").read_text())
    assert [one["name"] for one in kept] == ["test"]
    assert not (command.state / "pending.json").exists()


@NOT_ON_WINDOWS
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("runs", [True, False])
def test_a_code_that_nobody_waits_for_is_good_no_longer(command, runs, told):
    agent = command.running() if runs else contextlib.nullcontext()
    with agent, command.start("pair", until="Waiting") as process:
        process.send_signal(told)
        printed, _none = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "good no longer" in printed
        assert "Traceback" not in printed
        assert not (command.state / "pending.json").exists()


def test_an_origin_that_is_none_is_refused(command):
    done = command.do("pair", "--origin", "pos.example.com/odoo")
    assert done.returncode == 1
    assert "https://pos.example.com" in done.stderr


def test_unpair(command):
    assert command.do("unpair").returncode == 1
    command.pair("test")
    command.pair("live")
    which = command.do("unpair")
    assert which.returncode == 1
    assert f"test at {ORIGIN}" in which.stderr
    assert f"live at {ORIGIN}" in which.stderr
    assert command.do("unpair", "test").returncode == 0
    assert "live" in command.do("unpair").stdout
    assert command.do("unpair").returncode == 1


def test_a_till_without_the_add_on_gets_an_address(command):
    done = command.do("stock-url", "--origin", ORIGIN)
    [address] = [word for word in done.stdout.split() if word.startswith("http")]
    assert address.startswith(f"http://localhost:{command.port}/")
    with command.running():
        request = urllib.request.Request(
            f"{address}/hw_proxy/hello", headers={"Origin": ORIGIN}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            assert response.status == 200
    assert "A till without the add-on" in command.do("unpair").stdout
