"""What is remembered of cards that were begun."""

import json

import pytest

from member_hw_agent.journal import KEEP_S, MAX_ENTRIES, Journal, Memory
from member_hw_agent.state import State, StateError
from member_hw_agent.values import WriteOrder

UID = "04A1B2C3D4E5F6"
KEYS = {"pwd": b"\xa1\xa2\xa3\xa4"}


def order(key, uid=UID, content=b"content"):
    return WriteOrder(key, "write", uid, content, KEYS)


def test_what_was_begun_is_unfinished_until_it_is_done(state):
    journal = Journal(state)
    assert journal.unfinished(UID) is None
    journal.begin(order("a"))
    assert journal.unfinished(UID) == "a"
    assert journal.result("a") is None
    journal.finish(order("a"), "written")
    assert journal.unfinished(UID) is None
    assert journal.result("a") == "written"


def test_it_outlives_the_process(state):
    Journal(state).begin(order("a"))
    again = Journal(State(state.directory))
    assert again.unfinished(UID) == "a"
    assert again.unfinished("04FFFFFFFFFFFF") is None


def test_only_the_last_request_for_a_card_counts(state):
    journal = Journal(state)
    journal.begin(order("b"))
    journal.begin(order("a"))
    assert journal.unfinished(UID) == "a"
    journal.finish(order("a"), "written")
    assert journal.unfinished(UID) is None


def test_a_card_without_uid_is_not_known_again(state):
    journal = Journal(state)
    journal.begin(order("a", uid=None))
    assert journal.unfinished(None) is None
    assert journal.result("a") is None


def test_neither_uid_nor_content_nor_keys_are_kept(state):
    Journal(state).begin(order("a"))
    (path,) = state.directory.glob("*.json")
    kept = path.read_text().lower()
    for secret in (UID, b"content".hex(), KEYS["pwd"].hex()):
        assert secret.lower() not in kept
    assert path.stat().st_mode & 0o077 == 0


def test_old_entries_go():
    now = [0.0]
    memory = Memory()
    journal = Journal(memory, clock=lambda: now[0])
    for number in range(MAX_ENTRIES + 5):
        journal.begin(order(f"k{number}", uid=f"04{number:06X}"))
    assert len(memory.read("journal")) == MAX_ENTRIES
    assert journal.unfinished("04000000") is None
    assert journal.unfinished(f"04{MAX_ENTRIES:06X}") == f"k{MAX_ENTRIES}"
    now[0] = KEEP_S + 1
    journal.begin(order("new"))
    assert list(memory.read("journal")) == ["new"]


def test_a_damaged_journal_is_told_and_not_guessed(state):
    Journal(state).begin(order("a"))
    state.path("journal").write_text(json.dumps({})[:-1])
    with pytest.raises(StateError):
        Journal(state).unfinished(UID)
