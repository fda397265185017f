"""`make dist`: a wheel of each add-on in build/dist, made by whool, and the agent's.

`pip install` of an add-on's wheel puts the add-on beside Odoo's own and brings the OCA
add-ons it depends on. That of the agent is for the tills; it is installed into an empty
environment here, to see that it starts.
"""

import shutil
import tempfile
import zipfile
from pathlib import Path

from tools import agent, config, venv
from tools.console import Failure, main, say, step
from tools.process import run

DIST = config.BUILD / "dist"


def dist():
    addons = config.own_addons()
    if not addons:
        raise Failure("there are no add-ons under addons/")
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    python = venv.lint_environment() / "bin" / "python"
    for addon in addons:
        make_wheel(python, config.ADDONS / addon, DIST)
    for wheel in sorted(DIST.glob("*.whl")):
        check(wheel)
    with step("installing the agent's wheel into an empty environment"):
        check_agent(agent_wheel(DIST))
    for wheel in sorted(DIST.glob("*.whl")):
        say(f"{wheel.relative_to(config.ROOT)}")
    return 0


def make_wheel(python, source, target):
    run(
        [python, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "-w", target, source]
    )  # fmt: skip


def agent_wheel(target):
    """Make the agent's wheel in the folder `target` and return its path.

    From a copy: setuptools would leave what it builds beside the sources, and put it
    into the next wheel.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / agent.FOLDER.name
        left_out = shutil.ignore_patterns("*.egg-info", "__pycache__", "build", "tests")
        shutil.copytree(agent.FOLDER, copy, ignore=left_out)
        make_wheel(agent.python(), copy, target)
    return next(target.glob("member_hw_agent-*.whl"))


def check_agent(wheel):
    """Install the agent as a till does, without its extras, and have it speak."""
    with tempfile.TemporaryDirectory() as folder:
        python = venv.create(Path(folder))
        venv.pip(python, "-c", venv.AGENT_PINS, wheel)
        run([python.parent / "member-hw-agent", "--help"])


def check(wheel):
    """A wheel without its manifest would install and do nothing."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    if not any(name.endswith("/__manifest__.py") for name in names):
        raise Failure(f"{wheel.name} holds no add-on")


if __name__ == "__main__":
    main(dist)
