"""Run programs and turn their failures into words."""

import os
import subprocess
from pathlib import Path

from tools.console import Failure

#: Lines of a failed program's output that are worth showing.
TAIL = 15


def run(command, *, hint="", env=None, cwd=None, user=None, text=None):
    """Run a command quietly and return its output; raise Failure if it fails.

    `hint` says what the user can do about it. `user` runs it as another user
    (only root can); `text` is its standard input.
    """
    command = [str(part) for part in command]
    try:
        result = subprocess.run(
            command,
            env=None if env is None else {**os.environ, **env},
            cwd=cwd or (None if user is None else "/"),
            user=user,
            group=None if user is None else primary_group(user),
            extra_groups=None if user is None else [],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} was not found. {hint}".strip()) from error
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-TAIL:])
        name = " ".join([Path(command[0]).name, *command[1:3]])
        raise Failure(f"`{name} …` failed:\n{tail}\n{hint}".rstrip())
    return result.stdout


def primary_group(user):
    import pwd

    return pwd.getpwnam(user).pw_gid
