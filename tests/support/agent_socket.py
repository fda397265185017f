"""The agent's WebSocket as a page uses it, or as a hostile one would."""

import itertools
import json
import struct

import websocket

from tests.support.agent import LIMIT


class Closed(AssertionError):
    """The agent closed the connection; `code` says why."""

    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}".rstrip())
        self.code = code


class Refused(AssertionError):
    """The agent answered a call with an error."""

    def __init__(self, answer):
        super().__init__(f"{answer['code']}: {answer['message']}")
        self.code = answer["code"]


class AgentSocket:
    """One connection; a context manager."""

    def __init__(self, agent, origin):
        self.ids = itertools.count(1)
        self.events = []
        self.ws = websocket.create_connection(
            f"ws://127.0.0.1:{agent.port}/v1/socket", origin=origin, timeout=LIMIT
        )

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.ws.close(timeout=1)
        self.ws.shutdown()  # `close` leaves one open that the agent has closed

    def send(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        self.ws.send(text)

    def authenticate(self, token, after=None):
        """Present a token and return the agent's answer.

        :raise Closed: the token is refused.
        """
        self.send({"type": "auth", "token": token, "after": after})
        return self.receive("ready")

    def call(self, device, action, params=None, key=None):
        """Ask a device for something and return its answer.

        :raise Refused: the device, or the agent, says no.
        """
        call = {"type": "call", "id": next(self.ids), "device": device,
                "action": action, "params": params or {}}  # fmt: skip
        self.send({**call, "key": key} if key else call)
        while True:
            answer = self.receive("result", "error")
            if answer.get("id") != call["id"]:
                continue
            if answer["type"] == "error":
                raise Refused(answer)
            return answer["value"]

    def event(self, kind):
        """Wait for an event of a kind and return it; the others are forgotten."""
        while True:
            event = self.events.pop(0) if self.events else self.receive("event")
            if event["kind"] == kind:
                return event

    def receive(self, *types):
        """Wait for a message of one of these types; events are kept meanwhile."""
        while True:
            message = self.next_message()
            if message["type"] in types:
                return message
            if message["type"] == "event":
                self.events.append(message)

    def next_message(self):
        opcode, data = self.ws.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else 1005
            raise Closed(code, data[2:].decode(errors="replace"))
        if opcode != websocket.ABNF.OPCODE_TEXT:
            return {"type": f"opcode {opcode}"}
        message = json.loads(data)
        if message["type"] == "ping":
            self.send({"type": "pong"})
        return message

    def close_code(self):
        """Wait until the agent closes the connection and return its code."""
        try:
            while True:
                self.next_message()
        except Closed as closed:
            return closed.code
