"""What a command on this computer may ask of the agent that runs."""

import time

import pytest

from conftest import PATIENCE_S
from member_hw_agent import desk
from member_hw_agent.agent import Agent
from member_hw_agent.config import Config
from member_hw_agent.values import CardSeen, DeviceInfo, Written

DEVICES = (
    DeviceInfo("reader", "simulator.reader", "Reader"),
    DeviceInfo("receipt", "simulator.printer", "Printer"),
)


@pytest.fixture
def agent(state):
    agent = Agent.of(Config(None, "Till", discover=(), devices=DEVICES), state)
    agent.supervisor.start()
    yield agent
    agent.supervisor.stop()


@pytest.fixture
def served(agent):
    one = desk.Desk(agent)
    one.start()
    yield agent
    one.stop()


def test_a_question_is_answered_and_nothing_stays(served, state):
    answer = desk.ask(state, {"op": "test", "device": "receipt"}, PATIENCE_S)
    assert answer == {
        "device": "receipt",
        "value": {"printed": True, "warning": ""},
    }
    health = desk.ask(state, {"op": "health"}, PATIENCE_S)
    assert [one["id"] for one in health["devices"]] == ["reader", "receipt"]
    assert not [name for name in state.names() if name.startswith(("ask", "answer"))]


def test_nobody_answers(state):
    assert desk.ask(state, {"op": "health"}, 0) is None
    assert state.names() == []


def test_a_question_from_long_ago_is_dropped(agent, state):
    """A slip that was asked for before the agent was started is not printed now."""
    one = desk.Desk(agent)
    question = {"op": "test", "device": "receipt"}
    state.write("ask-1", {**question, "at": time.time() - desk.STALE_S - 1})
    one.start()
    assert desk.ask(state, {"op": "health"}, PATIENCE_S)
    one.stop()
    assert [name for name in state.names() if name.startswith(("ask", "answer"))] == []


def test_a_damaged_question_stops_nothing(served, state):
    state.path("ask-1").write_text("{")
    state.path("ask-2").write_text('"text"')
    state.path("ask-3").write_text('{"at": "never"}')
    assert desk.ask(state, {"op": "health"}, PATIENCE_S)


def test_cards_are_shown_masked():
    seen = CardSeen("04A1B2C3D4E5F6", None, "contactless", "ntag")
    written = Written("key", "write", "04A1B2C3D4E5F6", "0" * 64, "written")
    value = {"reading": seen, "cards": [seen], "receipt": written, "present": True}
    assert desk.shown(value) == {
        "reading": "…E5F6",
        "cards": ["…E5F6"],
        "receipt": "written",
        "present": True,
    }
