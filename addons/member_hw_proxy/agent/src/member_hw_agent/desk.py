"""How a command on this computer asks the agent that runs: by files.

Who may write in the state folder may ask; no port and no password is needed.
"""

import logging
import secrets
import threading
import time

from .agent import Agent
from .errors import DeviceError
from .health import health
from .masking import masked
from .state import State, StateError
from .values import CardSeen, Written

_logger = logging.getLogger(__name__)

LOOK_S = 0.2
ASK = "ask-"
ANSWER = "answer-"
STALE_S = 120


class Desk:
    """The agent's side: a thread that answers until it is stopped."""

    def __init__(self, agent: Agent):
        self._agent = agent
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping.set()
        self._thread.join(5)

    def _serve(self):
        while not self._stopping.wait(LOOK_S):
            try:
                self._answer_all()
            except (OSError, StateError) as error:
                _logger.warning("A command could not be answered: %s", error)

    def _answer_all(self):
        for name in self._agent.state.names():
            if not name.startswith(ASK):
                continue
            question = self._take(name)
            if is_fresh(question):
                number = name.removeprefix(ASK)
                threading.Thread(
                    target=self._answer, args=(number, question), daemon=True
                ).start()

    def _take(self, name):
        """Return a question, once; None for one that cannot be read."""
        try:
            return self._agent.state.read(name)
        except StateError as error:
            _logger.warning("A command could not be answered: %s", error)
            return None
        finally:
            self._agent.state.delete(name)

    def _answer(self, number, question):
        try:
            state = self._agent.state
            state.write(ANSWER + number, answer(self._agent, question))
        except (OSError, StateError) as error:
            _logger.warning("A command could not be answered: %s", error)


def is_fresh(question) -> bool:
    """Tell a question that somebody waits for from what lies in the folder."""
    if not isinstance(question, dict) or question.get("op") not in ("health", "test"):
        return False
    at = question.get("at")
    return isinstance(at, int | float) and abs(time.time() - at) < STALE_S


def ask(state: State, question: dict, timeout_s: float) -> dict | None:
    """Ask the agent that runs; None if it does not answer in time."""
    number = secrets.token_hex(8)
    state.write(ASK + number, {**question, "at": time.time()})
    until = time.monotonic() + timeout_s
    pause = threading.Event()
    try:
        while time.monotonic() < until:
            if (found := state.read(ANSWER + number)) is not None:
                return found
            pause.wait(LOOK_S)
        return None
    finally:
        state.delete(ASK + number)
        state.delete(ANSWER + number)


def answer(agent: Agent, question: dict) -> dict:
    """Answer a question: `{"op": "health"}` or `{"op": "test", "device": id}`."""
    if question["op"] == "health":
        return health(agent)
    return test(agent, str(question.get("device")))


def test(agent: Agent, device_id: str) -> dict:
    """Have a device show that it works: its `test`, or what lies on the reader.

    :return: `{"device", "value"}` or `{"device", "code", "message"}`.
    """
    supervisor = agent.supervisor
    names = [name for name in ("test", "inspect") if supervisor.action(device_id, name)]
    future = supervisor.call(device_id, names[0] if names else "test")
    try:
        return {"device": device_id, "value": shown(future.result())}
    except DeviceError as error:
        return {"device": device_id, "code": error.code, "message": str(error)}


def shown(value):
    """Return what an action answered as a screen may show it."""
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    if isinstance(value, CardSeen):
        return masked(value.number or value.uid)
    if isinstance(value, Written):
        return value.result
    return value
