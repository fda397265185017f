"""What a till installs: the agent's wheel, made from this tree."""

import subprocess
import zipfile

import pytest

from tools import agent, dist

COMMAND = """
import sys
from importlib.metadata import entry_points

from member_hw_agent import drivers

(command,) = entry_points(group="console_scripts", name="member-hw-agent")
print(*drivers.names())
sys.argv = ["member-hw-agent", *sys.argv[1:]]
command.load()()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return dist.agent_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_module_and_its_data(names):
    suffixes = {".py", ".toml", ".html"}
    sources = {
        str(path.relative_to(agent.SOURCES))
        for path in agent.SOURCES.rglob("*")
        if path.suffix in suffixes
    }
    assert "member_hw_agent/__init__.py" in sources
    assert sources <= names


def test_the_wheel_holds_nothing_else(names):
    assert {name.split("/")[0].split("-")[0] for name in names} == {"member_hw_agent"}


def test_building_leaves_nothing_in_the_tree(names):
    assert not (agent.FOLDER / "build").exists()


def test_the_wheel_runs_by_itself(wheel, tmp_path):
    """Unpacked elsewhere it finds its drivers and its command line."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [agent.python(), "-c", COMMAND, "--help"],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "card.pcsc" in done.stdout
    assert "pair" in done.stdout


def test_the_command_of_this_clone_runs():
    command = agent.variables()["AGENT_BIN"]
    done = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in (agent.FOLDER / "pyproject.toml").read_text()
