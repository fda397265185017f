"""What the agent remembers between runs: pairings, journals of unfinished writes.

Small JSON files in one folder that only its owner may read (0700, files 0600; on
Windows the folder is in the user's profile and the profile's rights hold). A file is
replaced as a whole, and is on the disk when `write` returns.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import tempfile
from pathlib import Path

import platformdirs

SERVICE_FOLDER = Path("/var/lib/member-hw-agent")
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


class StateError(Exception):
    """The state folder cannot be used; the sentence says which file and why."""


def default_directory() -> Path:
    """Return the service's folder, or the user's own where there is no service.

    So a command that an administrator types finds the agent that systemd runs.
    """
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    # os.path: who may not look into it gets no error, but a folder of their own
    if os.name != "nt" and os.path.isdir(SERVICE_FOLDER):
        return SERVICE_FOLDER
    return Path(platformdirs.user_state_dir("member-hw-agent", appauthor=False))


class State:
    """One folder of small JSON files."""

    def __init__(self, directory: Path | str):
        """Make the folder if it is not there.

        :raise StateError: it cannot be made or written to.
        """
        self.directory = Path(directory)
        try:
            make_folder(self.directory)
        except OSError as error:
            raise StateError(
                f"The state folder {self.directory} cannot be made: {error.strerror}."
                " Give another one with --state."
            ) from error
        if not os.access(self.directory, os.W_OK | os.X_OK):
            raise StateError(
                f"The state folder {self.directory} may not be written to."
                " Run as its owner, or give another one with --state."
            )

    def path(self, name: str) -> Path:
        """Return where `name` is kept: lower-case letters, digits, `_`, `.`, `-`."""
        if not NAME.fullmatch(name):
            raise ValueError(f"not a name of a state file: {name!r}")
        return self.directory / f"{name}.json"

    def read(self, name: str, default=None):
        """Return what was written, or `default` if nothing was.

        :raise StateError: the file is there and cannot be read; nothing is guessed.
        """
        path = self.path(name)
        try:
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            return default
        except OSError as error:
            raise StateError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise StateError(
                f"{path} is damaged. Move it away; what it held (such as the pairing"
                " with Odoo) must then be set up again."
            ) from error

    def write(self, name: str, value) -> None:
        """Replace `name` with what JSON can carry: the old or the new, never half."""
        path = self.path(name)
        try:
            self._replace(path, json.dumps(value, sort_keys=True).encode())
        except OSError as error:
            raise StateError(f"{path} cannot be written: {error.strerror}.") from error

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return the names of all that is kept, sorted."""
        return sorted(path.stem for path in self.directory.glob("*.json"))

    def of_device(self, stable_id: str) -> "State":
        """Return a folder of its own for one device, such as for a journal."""
        return State(State(self.directory / "devices").directory / file_name(stable_id))

    def agent_id(self) -> str:
        """Return who this agent is: 32 hexadecimal digits, made once."""
        kept = self.read("agent")
        if kept is None:
            kept = {"id": secrets.token_hex(16)}
            self.write("agent", kept)
        return kept["id"]

    def _replace(self, path, content):
        descriptor, temporary = tempfile.mkstemp(  # made with mode 0600
            prefix=f".{path.stem}.", dir=self.directory
        )
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            give_to_owner(temporary, self.directory)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        flush_folder(self.directory)


def make_folder(directory):
    if directory.is_dir():
        return
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_to_owner(directory, directory.parent)


def give_to_owner(path, directory):
    """What root writes beside a service that runs as another user, it can read."""
    if os.name == "nt" or os.geteuid() != 0:
        return
    owner = directory.stat()
    os.chown(path, owner.st_uid, owner.st_gid)


def flush_folder(directory):
    """Make the renaming survive a power cut; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_name(stable_id: str) -> str:
    """Return a folder's name for any id of a device, readable and without clashes."""
    readable = re.sub(r"[^a-z0-9]+", "-", stable_id.lower()).strip("-")[:40]
    digest = hashlib.sha256(stable_id.encode()).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest
