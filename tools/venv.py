"""The Python environments: Odoo with the tests, the hardware agent, the linters."""

import sys

from tools import cache, config
from tools.console import Failure, step
from tools.process import run

ODOO_PINS = config.ROOT / "requirements-odoo.txt"
ADDON_PINS = config.ROOT / "requirements.txt"
TEST_PINS = config.ROOT / "requirements-dev.txt"
LINT_PINS = config.ROOT / "requirements-lint.txt"
AGENT_PINS = config.ROOT / "requirements-agent.txt"

PIP_HINT = (
    "PyPI could not be read, or a pinned version is gone from it: is there a network?"
)

ODOO_SCRIPT = """\
#!/bin/sh
# Odoo 19 in the project's own environment.
exec "{python}" -c 'import odoo.cli; odoo.cli.main()' "$@"
"""

METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: {version}\n"


def odoo_environment(odoo):
    """Return the environment that runs `odoo` and the tests; `bin/odoo` runs it."""
    key = config.digest(
        sys.version,
        *map(str, odoo.paths),
        ODOO_PINS,
        ADDON_PINS,
        TEST_PINS,
        ODOO_SCRIPT,
    )

    def build(path):
        with step("making the Python environment of Odoo and the tests"):
            python = create(path)
            packages = site_packages(path)
            (packages / "odoo-19.pth").write_text("".join(f"{p}\n" for p in odoo.paths))
            if not any(list(p.glob("odoo-*info")) for p in odoo.paths):
                declare_odoo(packages, odoo.version)
            pip(python, "-r", ODOO_PINS, "-r", TEST_PINS)
            pip(python, "--no-deps", "-r", ADDON_PINS)
            script = path / "bin" / "odoo"
            script.write_text(ODOO_SCRIPT.format(python=python))
            script.chmod(0o755)

    return cache.once(f"venv-{key}", build)


def agent_environment():
    """Return the environment of the agent and its tests, without the agent itself.

    It is shared by all clones: tools/agent.py runs the agent from the tree.
    """

    def build(path):
        with step("making the Python environment of the hardware agent"):
            pip(create(path), "--no-deps", "-r", AGENT_PINS)

    return cache.once(f"agent-{config.digest(sys.version, AGENT_PINS)}", build)


def lint_environment():
    """Return the environment of the linters."""

    def build(path):
        with step("making the Python environment of the linters"):
            pip(create(path), "-r", LINT_PINS)

    return cache.once(f"lint-{config.digest(sys.version, LINT_PINS)}", build)


def create(path):
    run([sys.executable, "-m", "venv", path], hint="install python3-venv")
    return path / "bin" / "python"


def pip(python, *arguments):
    run(
        [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            *arguments,
        ],
        hint=PIP_HINT,
    )


def site_packages(path):
    found = list(path.glob("lib/python3*/site-packages"))
    if not found:
        raise Failure(f"{path} is no virtual environment")
    return found[0]


def declare_odoo(packages, version):
    """Tell pip that Odoo is there: OCA's wheels depend on it by name."""
    info = packages / f"odoo-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(METADATA.format(version=version))
    (info / "RECORD").touch()
