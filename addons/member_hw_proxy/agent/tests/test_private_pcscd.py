"""The simulated readers stay apart from the machine and from each other."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulators import private_pcscd
from tests.simulators.private_pcscd import PcscdError, PrivatePcscd
from tests.simulators.virtual_card import VirtualCard

PATIENCE_S = 20.0


def is_running(pid):
    return Path(f"/proc/{pid}").exists()


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(private_pcscd, "PCSCD", Path("/nowhere/pcscd"))
    with pytest.raises(PcscdError) as refused:
        PrivatePcscd()
    assert "tools/bootstrap.sh" in str(refused.value)


def test_two_run_side_by_side_and_nobody_else_reaches_their_readers():
    with PrivatePcscd() as first, PrivatePcscd() as second:
        assert first.port() == second.port()
        with VirtualCard(first) as card, VirtualCard(second) as other:
            card.insert()
            other.insert()
        with pytest.raises(OSError), socket.socket() as outside:
            outside.connect(("127.0.0.1", first.port()))


def test_nothing_is_left_behind():
    pcscd = PrivatePcscd()
    pid = int((pcscd.folder / "run" / "pcscd.pid").read_text().strip("\n\0"))
    assert is_running(pid)
    pcscd.close()
    pcscd.close()
    assert not is_running(pid)
    assert not os.path.exists(pcscd.folder)


def test_nothing_is_left_behind_by_a_run_that_is_killed():
    script = (
        "import time; from tests.simulators.private_pcscd import PrivatePcscd;"
        " print(PrivatePcscd().folder, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(private_pcscd.__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        folder = Path(run.stdout.readline().strip())
        assert (folder / "run" / "pcscd.comm").is_socket()
        run.kill()
    until = time.monotonic() + PATIENCE_S
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not folder.exists()
