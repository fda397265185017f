"""The health page tells what is wrong, in words and without secrets."""

from conftest import PATIENCE_S
from member_hw_agent.agent import Agent
from member_hw_agent.config import Config
from member_hw_agent.health import health
from member_hw_agent.server.health_page import page
from member_hw_agent.values import DeviceInfo


def test_a_device_that_hangs_and_one_that_cannot_be_found(state):
    """Names of threads given up, and why a driver finds nothing."""
    info = DeviceInfo("receipt", "simulator.printer", "Receipts <1>")
    config = Config(None, "Till", discover=("no.driver",), devices=(info,))
    agent = Agent.of(config, state)
    agent.supervisor.start()
    try:
        assert agent.supervisor.has_discovered.wait(PATIENCE_S)
        found = health(agent)
    finally:
        agent.supervisor.stop()
    assert found["name"] == "Till"
    [trouble] = found["troubles"]
    assert trouble.startswith("There is no driver no.driver.")
    found["devices"][0]["stuck"] = ["receipt #1"]
    text = page(found)
    assert "Receipts &lt;1&gt;" in text
    assert "Hangs: receipt #1." in text
    assert "There is no driver no.driver." in text
