"""Run programs: quietly with their failures put into words, or as a child to watch."""

import os
import pwd
import signal
import subprocess
from pathlib import Path

from tools.console import Failure, Terminated

#: Lines of a failed program's output that are worth showing.
TAIL = 15

#: Seconds an interrupted child may take to clean up.
GRACE = 30


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


def watch(command, *, env, cwd=None, stdin=None):
    """Run a command in the foreground and return its exit code.

    When we are interrupted the child is too, and gets time to clean up: it has
    servers and browsers of its own.
    """
    command = [str(part) for part in command]
    child = subprocess.Popen(command, env={**os.environ, **env}, cwd=cwd, stdin=stdin)
    try:
        return child.wait()
    except KeyboardInterrupt as interrupt:
        if isinstance(interrupt, Terminated):
            # Ctrl-C reaches a child by itself, a SIGTERM for us alone does not.
            child.send_signal(signal.SIGINT)
        wait_or_kill(child)
        raise


def wait_or_kill(child):
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def primary_group(user):
    return pwd.getpwnam(user).pw_gid
