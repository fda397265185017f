"""The agent of member_hw_proxy, run from this tree in an environment of its own.

`pip install -e` would tie the environment, which all clones share, to one of them. So
the environment holds what the agent needs, its sources come by PYTHONPATH, and
setuptools writes what pip would have: the entry points, by which drivers are found.
"""

from tools import cache, config, venv
from tools.process import run

FOLDER = config.ADDONS / "member_hw_proxy" / "agent"
SOURCES = FOLDER / "src"
METADATA = SOURCES / "member_hw_agent.egg-info" / "entry_points.txt"
COMMAND = config.BUILD / "bin" / "member-hw-agent"

SCRIPT = """\
#!/bin/sh
# The agent of this clone.
PYTHONPATH="{sources}" exec "{python}" -m member_hw_agent.cli "$@"
"""


def variables():
    """Return what a command that starts agents finds in its environment.

    AGENT_PYTHON has the agent's requirements; AGENT_BIN is the agent's command line.
    """
    path = python()
    text = SCRIPT.format(sources=SOURCES, python=path)
    if not COMMAND.exists() or COMMAND.read_text() != text:
        COMMAND.parent.mkdir(parents=True, exist_ok=True)
        COMMAND.write_text(text)
        COMMAND.chmod(0o755)
    return {"AGENT_PYTHON": str(path), "AGENT_BIN": str(COMMAND)}


def test_variables():
    """Return what the agent's tests, and agents that they start, find there."""
    return {"PYTHONPATH": f"{SOURCES}:{config.ROOT}"}


def python():
    """Return the Python that runs the agent and its tests, given SOURCES as a path."""
    path = venv.agent_environment() / "bin" / "python"
    with cache.lock(f"agent-{config.digest(str(config.ROOT))}"):
        if not is_current():
            write_metadata(path)
    return path


def is_current():
    settings = FOLDER / "pyproject.toml"
    return (
        METADATA.exists() and METADATA.stat().st_mtime_ns > settings.stat().st_mtime_ns
    )


def write_metadata(python_path):
    """Write the agent's metadata beside its sources, where Python looks for it."""
    run([python_path, "-c", "import setuptools; setuptools.setup()", "-q", "egg_info"],
        cwd=FOLDER)  # fmt: skip
    METADATA.touch()
