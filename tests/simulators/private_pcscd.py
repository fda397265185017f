"""A pcscd of one's own, with virtual readers, that nobody else sees.

It runs in its own user, mount and network namespaces: no root is needed, a pcscd of the
machine and its real readers are left alone, and the ports on which the virtual readers
(vsmartcard's vpcd) wait for cards are reachable from `inside` only. Clients come in
through a socket: give them `environment`. When the process that made it ends, however
it ends, the namespaces and all in them end too.

Run as a program it is the first process inside: see `serve`.
"""

import contextlib
import fcntl
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PCSCD = Path("/usr/sbin/pcscd")
VPCD = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
USB_DRIVERS = "/usr/lib/pcsc/drivers"
FIRST_PORT = 35963
SLOTS = 2
"""Slots of each reader, as vpcd is built; each is a reader of its own to clients."""
PATIENCE_S = 20.0
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


class PcscdError(Exception):
    """The virtual readers cannot be had; the sentence says what is missing."""


class PrivatePcscd:
    """The service, running from the start: `with PrivatePcscd() as pcscd`.

    :param readers: how many readers are plugged in; each has two slots.
    """

    def __init__(self, readers=1):
        for file, package in ((PCSCD, "pcscd"), (VPCD, "vsmartcard-vpcd")):
            if not file.exists():
                raise PcscdError(
                    f"{file} is missing: tools/bootstrap.sh installs it"
                    f" (apt-get install {package})."
                )
        # Not below pytest's folder: a socket's path has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        self.socket = self.folder / "run" / "pcscd.comm"
        self.environment = {"PCSCLITE_CSOCK_NAME": str(self.socket)}
        self._process = subprocess.Popen(
            [
                *("unshare", "--user", "--map-root-user", "--mount", "--net", "--"),
                *(sys.executable, __file__, str(self.folder)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            self._expect("inside")
            self.start(readers)
        except BaseException:
            self.close()
            raise

    def start(self, readers=1):
        """Start the service, with so many readers plugged in."""
        self._tell("start", readers)

    def stop(self):
        """Stop it as an administrator would."""
        self._tell("stop", int(signal.SIGTERM))

    def kill(self):
        """End it as a crash would."""
        self._tell("stop", int(signal.SIGKILL))

    def restart(self, readers=1):
        """Stop and start it; with other readers: some were plugged in or pulled out."""
        self.stop()
        self.start(readers)

    def port(self, slot=0, reader=0) -> int:
        """Return where a card for this slot connects to, `inside`."""
        return FIRST_PORT + SLOTS * reader + slot

    def reader_name(self, slot=0, reader=0) -> str:
        """Return how clients see a slot."""
        return f"Virtual Reader {chr(ord('A') + reader)} 00 {slot:02}"

    def inside(self, command) -> list[str]:
        """Return a command that runs where the virtual readers are."""
        pid = str(self._process.pid)
        return [
            *("nsenter", "--user", "--net", "--preserve-credentials", "--target", pid),
            *("--", *command),
        ]

    def log(self) -> str:
        """Return what the service said, for the message of a failed test."""
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        """End all of it; may be called twice."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def _tell(self, *words):
        print(*words, file=self._process.stdin, flush=True)
        self._expect("done")

    def _expect(self, word):
        answer = self._process.stdout.readline().strip()
        if answer == word:
            return
        if not answer:
            answer = self._process.stderr.read().strip()
        raise PcscdError(
            f"pcscd cannot be run apart from the machine's: {answer or 'it ended'}."
            " User namespaces must be allowed (see unshare(1))."
        )


# === INSIDE === #


def serve(folder: Path):
    """Obey the lines of standard input until it ends, then end everything."""
    run = folder / "run"
    run.mkdir()
    shutil.copy(VPCD.resolve(), folder / "driver.so")
    mount("-t", "tmpfs", "tmpfs", "/run")
    Path("/run/pcscd").mkdir()
    mount("--bind", str(run), "/run/pcscd")
    mount("-t", "tmpfs", "tmpfs", USB_DRIVERS)  # no real reader is taken
    bring_up_loopback()
    daemon = None
    say("inside")
    try:
        for line in sys.stdin:
            verb, number = line.split()
            number = int(number)
            if verb == "start":
                write_readers(folder, number)
                daemon = start(folder)
                wait_for_readers(daemon, number)
            elif verb == "stop":
                daemon.send_signal(number)
                daemon.wait(PATIENCE_S)
            say("done")
    finally:
        if daemon and daemon.poll() is None:
            daemon.kill()
            daemon.wait()
        shutil.rmtree(folder, ignore_errors=True)


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14x", answer)[1] | IFF_UP
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


def write_readers(folder, count):
    """Name the readers; each has a copy of the driver, which keeps the state of one."""
    texts = []
    for index in range(count):
        letter = chr(ord("A") + index)
        driver = folder / f"driver-{letter}.so"
        if not driver.exists():
            shutil.copy(folder / "driver.so", driver)
        port = FIRST_PORT + SLOTS * index
        texts.append(
            f'FRIENDLYNAME "Virtual Reader {letter}"\n'
            f"DEVICENAME /dev/null:{port:#x}\n"
            f"LIBPATH {driver}\n"
            f"CHANNELID {port:#x}\n"
        )
    configuration = folder / "readers"
    configuration.mkdir(exist_ok=True)
    (configuration / "readers.conf").write_text("\n".join(texts))


def start(folder):
    for stale in (folder / "run").iterdir():
        stale.unlink()
    with (folder / "log").open("ab") as log:
        daemon = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "KILL", "--"),
                *(PCSCD, "--foreground", "--config", folder / "readers"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    wait_until(daemon, (folder / "run" / "pcscd.comm").is_socket)
    return daemon


def wait_for_readers(daemon, count):
    ports = range(FIRST_PORT, FIRST_PORT + SLOTS * count)
    wait_until(daemon, lambda: listening() >= set(ports))


def listening() -> set[int]:
    """Return the ports that are listened to here."""
    lines = Path("/proc/self/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {int(row[1].partition(":")[2], 16) for row in rows if row[3] == "0A"}


def wait_until(daemon, is_true):
    until = time.monotonic() + PATIENCE_S
    while not is_true():
        if daemon.poll() is not None or time.monotonic() > until:
            sys.exit("pcscd did not start; is /usr/sbin/pcscd whole?")
        time.sleep(0.01)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
