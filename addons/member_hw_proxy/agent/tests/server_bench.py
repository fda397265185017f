"""A running server to be attacked: real sockets, real devices of the simulator."""

import asyncio
import contextlib
import json
import time

import aiohttp
import odoo_half

from member_hw_agent import drivers, server
from member_hw_agent.agent import Agent
from member_hw_agent.config import Config
from member_hw_agent.pairing import Pairings
from member_hw_agent.server.limits import USUAL
from member_hw_agent.state import State
from member_hw_agent.supervisor import Supervisor
from member_hw_agent.timing import Timing
from member_hw_agent.values import DeviceInfo

ORIGIN = "https://pos.example.com"
OTHER_ORIGIN = "http://localhost:8069"
PATIENCE_S = 20.0
ALL = ("events", "print", "display", "card.read", "card.write", "setup")
"""Every scope that there is."""
UID = "04A1B2C3D4E5F6"
DEVICES = (
    DeviceInfo("reader", "simulator.reader", "Simulated reader"),
    DeviceInfo("printer", "simulator.printer", "Simulated printer"),
    DeviceInfo("display", "simulator.display", "Simulated display"),
)
QUICK = Timing(poll_s=0.05, grace_s=PATIENCE_S, backoff_s=0.01, backoff_max_s=0.05)


class Bench:
    """One server, and what a browser does with it."""

    def __init__(self, agent, pairings, running, http):
        self.agent = agent
        self.pairings = pairings
        self.running = running
        self.context = running.context
        self.port = running.port
        self.url = f"http://localhost:{self.port}"
        self.http = http

    # === HTTP === #

    async def request(self, verb, path, origin=ORIGIN, headers=None, **options):
        """Return (status, JSON or text, headers)."""
        sent = {"Origin": origin} if origin else {}
        async with self.http.request(
            verb, self.url + path, headers={**sent, **(headers or {})}, **options
        ) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return (
                response.status,
                json.loads(text) if is_json else text,
                response.headers,
            )

    async def rpc(self, pairing, name, params=None, origin=ORIGIN):
        """Call a stock route as Odoo's `rpc` does; return its result or raise."""
        status, answer, _headers = await self.request(
            "POST",
            f"/{pairing.capability}/hw_proxy/{name}",
            origin,
            json={"id": 7, "jsonrpc": "2.0", "method": "call", "params": params or {}},
        )
        if "error" in answer:
            raise RpcError(status, answer)
        assert answer["jsonrpc"] == "2.0"
        assert answer["id"] == 7
        return answer["result"]

    async def raw(self, data):
        """Send bytes; return what comes until the agent closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
                return await asyncio.wait_for(reader.read(), PATIENCE_S)
            return b""
        finally:
            writer.close()

    # === PAIRING === #

    async def pair(self, origin=ORIGIN, name="test"):
        """Pair as the wizard does; return Odoo's half."""
        odoo = odoo_half.OdooHalf(origin, name)
        code = self.pairings.begin()
        self.context.pairing_attempts = Always()
        status, answer, _headers = await self.request(
            "POST", "/v1/pair", origin, json=odoo.pair_request(code)
        )
        assert status == 200, answer
        odoo.pair_finish(code, answer)
        return odoo

    # === SOCKET === #

    @contextlib.asynccontextmanager
    async def socket(self, origin=ORIGIN):
        async with self.http.ws_connect(
            self.url + "/v1/socket", headers={"Origin": origin}
        ) as ws:
            yield Socket(ws)

    @contextlib.asynccontextmanager
    async def session(self, odoo, scopes=("events",), after=None, **token):
        """Open a socket and authenticate."""
        async with self.socket(odoo.origin) as ws:
            ws.ready = await ws.authenticate(odoo.token(scopes, **token), after)
            yield ws

    # === DEVICES === #

    async def simulate(self, device, **params):
        """Change the world of a simulated device."""
        future = self.agent.supervisor.call(device, "simulate", params)
        return await asyncio.wait_for(asyncio.wrap_future(future), PATIENCE_S)

    async def until(self, condition):
        """Wait for something that happens in a thread."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            await asyncio.sleep(0.01)


class Socket:
    """A page's end of a socket."""

    def __init__(self, ws):
        self.ws = ws
        self.ready = None
        self._calls = 0

    async def send(self, message):
        await self.ws.send_str(
            message if isinstance(message, str) else json.dumps(message)
        )

    async def receive(self):
        message = await asyncio.wait_for(self.ws.receive(), PATIENCE_S)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return json.loads(message.data)

    async def receive_type(self, kind):
        """Return the next message of a type; pings and others are passed over."""
        while True:
            message = await self.receive()
            if message["type"] == kind:
                return message

    async def event(self, kind):
        while True:
            message = await self.receive_type("event")
            if message["kind"] == kind:
                return message

    async def authenticate(self, token, after=None):
        await self.send({"type": "auth", "token": token, "after": after})
        return await self.receive_type("ready")

    async def call(self, device, action, params=None, **more):
        """Return the result message, or the error message."""
        self._calls += 1
        await self.send(
            {
                "type": "call",
                "id": self._calls,
                "device": device,
                "action": action,
                "params": params or {},
                **more,
            }
        )
        while True:
            message = await self.receive()
            if message.get("id") == self._calls and message["type"] != "event":
                return message

    async def closed(self):
        """Wait for the end; return (close code, last error's code)."""
        code = None
        while True:
            message = await asyncio.wait_for(self.ws.receive(), PATIENCE_S)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return self.ws.close_code, code
            body = json.loads(message.data)
            if body["type"] == "error":
                code = body["code"]


class RpcError(Exception):
    def __init__(self, status, answer):
        super().__init__(answer)
        self.status = status
        self.code = answer["code"]
        self.error = answer["error"]


class Always:
    """A limit that lets everything through."""

    def take(self, *_args):
        return True


@contextlib.asynccontextmanager
async def bench(
    folder,
    devices=DEVICES,
    limits=USUAL,
    load=drivers.load,
    connector=None,
    **config,
):
    """Run a server on a free port, with simulated devices.

    :param connector: how the browser keeps its connections; usually as aiohttp does.
    """
    state = State(folder)
    agent = Agent.of(Config(None, "Till 1", devices=devices, **config), state)
    supervisor = Supervisor(agent.bus, state, devices, load=load, timing=QUICK)
    object.__setattr__(agent, "supervisor", supervisor)
    pairings = Pairings(state, "Till 1")
    running = await server.start(agent, pairings, port=0, limits=limits)
    supervisor.start()
    async with aiohttp.ClientSession(connector=connector) as http:
        found = Bench(agent, pairings, running, http)
        try:
            await found.until(
                lambda: all(one.state == "connected" for one in supervisor.devices())
            )
            yield found
        finally:
            await found.running.stop()
            await asyncio.to_thread(supervisor.stop)


def play(folder, scene, **config):
    """Run `await scene(bench)` against a fresh server."""

    async def run():
        async with bench(folder, **config) as found:
            return await scene(found)

    return asyncio.run(asyncio.wait_for(run(), 120))
