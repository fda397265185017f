"""`make lint`: every hook of .pre-commit-config.yaml on every file of the tree.

`FILES="path …"` checks only those. Compose files are checked by docker-compose.
`make format` writes what ruff and prettier would, on FILES or on everything.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools import cache, config, venv
from tools.console import Failure, main, say, step
from tools.process import run

PACKAGE, LOCK = config.ROOT / "package.json", config.ROOT / "package-lock.json"
NODE_MODULES = config.ROOT / "node_modules"
PRETTIER_SUFFIXES = (".js", ".mjs", ".xml", ".scss", ".css", ".json", ".yaml", ".yml")


def lint():
    failed = call(["pre-commit", "run", "--files", *files()])
    return failed | check_compose_files()


def write_format():
    """Rewrite files as ruff and prettier want them."""
    python = [name for name in files() if name.endswith(".py")]
    other = [name for name in files() if name.endswith(PRETTIER_SUFFIXES)]
    failed = 0
    if python:
        failed |= call(["ruff", "check", "--fix", "-q", *python])
        failed |= call(["ruff", "format", "-q", *python])
    if other:
        failed |= call(["node_modules/.bin/prettier", "--write", *other])
    return failed


def call(command):
    """Run a linter with the pinned environments first in its PATH."""
    link_node_modules()
    path = f"{venv.lint_environment() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {
        **os.environ,
        "PATH": path,
        "PRE_COMMIT_HOME": str(cache.root() / "pre-commit"),
    }
    return subprocess.run(command, cwd=config.ROOT, env=env, check=False).returncode


def files():
    """Return FILES (folders are walked), else every file git knows or would add."""
    chosen = shlex.split(os.environ.get("FILES", ""))
    return [name for name in tree() if not chosen or under(name, chosen)]


def under(name, chosen):
    return any(Path(name).is_relative_to(folder.rstrip("/")) for folder in chosen)


def tree():
    """Return the files of the work tree: new ones are checked before they are added."""
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=config.ROOT,
    )
    return [name for name in listed.split("\0") if (config.ROOT / name).is_file()]


def link_node_modules():
    """Have `node_modules` point to the cache, where clones share it."""
    key = config.digest(PACKAGE, LOCK, shutil.which("node") or "")

    def build(path):
        with step("installing the linters of npm"):
            shutil.copy(PACKAGE, path)
            shutil.copy(LOCK, path)
            run(
                ["npm", "ci", "--no-audit", "--no-fund"],
                cwd=path,
                hint="the npm registry could not be read: is there a network?",
            )

    target = cache.once(f"node-{key}", build) / "node_modules"
    if NODE_MODULES.is_symlink():
        if NODE_MODULES.resolve() == target:
            return
        NODE_MODULES.unlink()
    elif NODE_MODULES.exists():
        raise Failure(f"{NODE_MODULES} is a real folder; remove it and run this again")
    NODE_MODULES.symlink_to(target)


def check_compose_files():
    """Check the compose files; return 1 if one is wrong."""
    failed = 0
    for path in sorted((config.ROOT / "docker").glob("compose*.yaml")):
        result = subprocess.run(
            ["docker-compose", "-f", path, "config", "-q"],
            cwd=path.parent,
            env={**os.environ, "ODOO_PORT": "8069"},
            check=False,
        )
        say(f"{path.name}: {'wrong' if result.returncode else 'a valid compose file'}")
        failed |= bool(result.returncode)
    return int(failed)


if __name__ == "__main__":
    main(write_format if "--write" in sys.argv else lint)
