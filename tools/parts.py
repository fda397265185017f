"""The parts that the test suite is run in: they share nothing and run side by side.

A part is the tests of one add-on, inside Odoo, those of an agent beside Odoo, or one
folder of tests/ without the folders in it. Each is a pytest process with databases,
ports and log files of its own.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from tools import cache, config

#: How long each part took the last time on this machine: the longest starts first.
SECONDS = "test-seconds.json"

ADDON, AGENT, SPANNING = "addon", "agent", "spanning"


@dataclass(frozen=True)
class Part:
    """One pytest process: what it is called, and what it collects."""

    name: str
    targets: tuple[str, ...]
    kind: str
    """ADDON, AGENT or SPANNING: what runs it."""

    @property
    def slug(self):
        return self.name.replace("/", "-")

    @property
    def size(self):
        """Return the bytes of its test files: a guess at how long it runs."""
        paths = [config.ROOT / target for target in self.targets]
        files = [file for path in paths for file in [path, *path.rglob("test_*.py")]]
        return sum(file.stat().st_size for file in files if file.is_file())


def all_parts():
    """Return every part, the one that takes longest first.

    A part that never ran here comes before the others, the bigger one first.
    """
    known = read_seconds()
    return sorted(
        [*addon_parts(), *agent_parts(), *spanning_parts()],
        key=lambda part: (known.get(part.name, float("inf")), part.size),
        reverse=True,
    )


def addon_parts():
    return [
        Part(f"addons/{path.parent.name}", (relative(path),), ADDON)
        for path in sorted(config.ADDONS.glob("*/tests"))
        if any(path.rglob("test_*.py"))
    ]


def agent_parts():
    return [
        Part(relative(path.parent), (relative(path),), AGENT)
        for path in sorted(config.ADDONS.glob("*/agent/tests"))
        if any(path.rglob("test_*.py"))
    ]


def spanning_parts():
    """Return a part for each folder of tests/ with test files in it."""
    files = {}
    for path in sorted((config.ROOT / "tests").rglob("test_*.py")):
        files.setdefault(relative(path.parent), []).append(relative(path))
    return [Part(folder, tuple(paths), SPANNING) for folder, paths in files.items()]


def relative(path):
    return str(path.relative_to(config.ROOT))


def read_seconds():
    try:
        return json.loads(seconds_file().read_text())
    except (OSError, ValueError):
        return {}


def remember_seconds(seconds):
    """Keep what was measured, `{name of the part: seconds}`."""
    with cache.lock(SECONDS):
        seconds_file().write_text(json.dumps({**read_seconds(), **seconds}, indent=1))


def seconds_file() -> Path:
    return cache.root() / SECONDS
