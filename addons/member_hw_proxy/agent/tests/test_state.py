"""What the agent remembers is whole, is its owner's only, and is never guessed."""

import json
import os
import stat

import pytest

from member_hw_agent.lock import Lock
from member_hw_agent.state import State, StateError, default_directory

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")


def test_what_is_written_is_read(state):
    assert state.read("pairings") is None
    assert state.read("pairings", []) == []
    state.write("pairings", [{"name": "会员"}])
    assert State(state.directory).read("pairings") == [{"name": "会员"}]
    assert state.names() == ["pairings"]
    state.delete("pairings")
    state.delete("pairings")
    assert state.read("pairings") is None


@POSIX
def test_only_the_owner_reads(tmp_path):
    previous = os.umask(0)
    try:
        state = State(tmp_path / "new" / "state")
        state.write("pairings", [])
        device = state.of_device("one")
        device.write("journal", {})
    finally:
        os.umask(previous)
    assert mode(state.directory) == 0o700
    assert mode(device.directory) == 0o700
    assert mode(state.path("pairings")) == 0o600
    assert mode(device.path("journal")) == 0o600


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_write_that_fails_leaves_the_old(state, monkeypatch):
    state.write("pairings", ["old"])

    def fail(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(StateError, match="No space left"):
        state.write("pairings", ["new"])
    assert state.read("pairings") == ["old"]
    assert [path.name for path in state.directory.iterdir()] == ["pairings.json"]


def test_what_cannot_be_carried_leaves_the_old(state):
    state.write("pairings", ["old"])
    with pytest.raises(TypeError):
        state.write("pairings", [object()])
    assert state.read("pairings") == ["old"]


def test_a_damaged_file_is_told_and_not_guessed(state):
    state.path("pairings").write_bytes(b'[{"secret": "half')
    with pytest.raises(StateError, match=r"pairings\.json is damaged"):
        state.read("pairings", [])


@pytest.mark.parametrize("name", ["", "../pairings", "a/b", ".hidden", "A", "a b"])
def test_names_lead_nowhere_else(state, name):
    with pytest.raises(ValueError, match="not a name"):
        state.path(name)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="--state"):
        State(tmp_path / "file" / "state")


def test_the_agent_keeps_its_name(state):
    first = state.agent_id()
    assert len(first) == 32
    assert State(state.directory).agent_id() == first


def test_devices_have_folders_of_their_own(state):
    names = ["Receipt", "receipt", "收据", "ACR122U 00 00", "../..", "a" * 300]
    folders = {state.of_device(name).directory for name in names}
    assert len(folders) == len(names)
    assert {folder.parent for folder in folders} == {state.directory / "devices"}


def test_the_service_has_its_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path}:/elsewhere")
    assert default_directory() == tmp_path
    monkeypatch.delenv("STATE_DIRECTORY")
    monkeypatch.setattr("member_hw_agent.state.SERVICE_FOLDER", tmp_path)
    assert default_directory() == tmp_path
    monkeypatch.setattr("member_hw_agent.state.SERVICE_FOLDER", tmp_path / "none")
    assert default_directory().name.startswith("member-hw-agent")


def test_a_folder_has_one_agent(tmp_path):
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert not first.is_taken()
    assert first.take()
    assert second.is_taken()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_pairing_of_another_version_stays_readable(state):
    """Files are plain JSON: what a later version adds is simply there."""
    state.path("agent").write_text(json.dumps({"id": "0" * 32, "more": 1}))
    assert state.agent_id() == "0" * 32
