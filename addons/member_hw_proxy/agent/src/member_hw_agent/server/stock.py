"""The routes that Odoo's own point of sale asks of a hardware proxy.

So a till without the add-on prints, opens the drawer and scans through the agent. The
contract is what Odoo 19 sends and understands: point_of_sale's hardware_proxy_service,
hw_printer, base_printer and barcode_reader_service, over web's `rpc` (JSON-RPC 2.0).
The capability in the path stands for the till; like all else, only pages of the paired
origin may use it.
"""

import asyncio
import contextlib
import re
from typing import Any

from aiohttp import web

from ..errors import DeviceError
from ..events import CARD, SCAN, TooSlow
from ..pairing import STOCK, Pairing
from ..values import CONNECTED, DISCONNECTED
from .context import CONTEXT, Context
from .guard import read_json
from .refusal import Refusal, json_response, rpc_error

MAX_WAITING = 8
"""Scanner requests of one till that wait at the same time."""
KEY = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
JOBS = {
    "print_receipt": "print_image",
    "cashbox": "open_drawer",
}
NO_SCALE = "The agent has no scale."


class StockRoutes:
    """The stock routes of one server, and how far each till has heard the scanners."""

    def __init__(self, context: Context):
        self._context = context
        self._heard = {}
        self._waiting = {}

    def routes(self):
        prefix = "/{capability:[A-Za-z0-9_-]{22}}/hw_proxy"
        posts = {
            "handshake": self.handshake,
            "status_json": self.status_json,
            "default_printer_action": self.default_printer_action,
            "scanner": self.scanner,
            "scale_read": self.scale_read,
            "customer_facing_display": self.customer_facing_display,
        }
        return [
            web.get(f"{prefix}/hello", self.hello),
            *(
                web.post(f"{prefix}/{name}", self._rpc(answer))
                for name, answer in posts.items()
            ),
        ]

    async def hello(self, request: web.Request) -> web.Response:
        self._pairing(request)
        return web.Response(text="ping")

    async def handshake(self, _pairing, _params) -> bool:
        return True

    async def status_json(self, _pairing, _params) -> dict[str, Any]:
        """Return how printer, scanner and scale are, as the icon in the till shows."""
        agent = self._context.agent
        return {
            "printer": _status(agent.stock_device("printer")),
            "scanner": _status(
                agent.stock_device("scanner") or agent.stock_device("reader")
            ),
            "scale": {"status": DISCONNECTED, "messages": [NO_SCALE]},
        }

    async def default_printer_action(self, pairing, params) -> Any:
        """Print a receipt or open the drawer.

        :return: true, or `{"result": false, "code", "message"}`.
        """
        data = params.get("data")
        action = data.get("action") if isinstance(data, dict) else None
        if not isinstance(action, str) or action not in JOBS:
            raise Refusal(400, "bad_request", "There is no such printer action.")
        printer = self._context.agent.stock_device("printer")
        if not printer:
            return _failed("no_device", "The agent has no printer.")
        job = {"image": data.get("receipt")} if action == "print_receipt" else {}
        future = self._context.agent.supervisor.call(
            printer.id, JOBS[action], job, key=_key(pairing, data.get("key"))
        )
        try:
            await asyncio.wrap_future(future)
        except DeviceError as error:
            return _failed(error.code, str(error))
        return True

    async def scanner(self, pairing, _params) -> str | None:
        """Return the next scan, or null when none came: the till asks again at once.

        What was scanned between two requests is not lost. A till without the add-on
        gets the chip's number of a card that is tapped, too.
        """
        waiting = self._waiting.get(pairing.id, 0)
        if waiting >= MAX_WAITING:
            raise Refusal(429, "rate", "Too many pages wait for the scanner.")
        self._waiting[pairing.id] = waiting + 1
        bus = self._context.agent.bus
        after = self._heard.setdefault(pairing.id, bus.last_id)
        subscription = bus.subscribe(after)
        stopping = asyncio.ensure_future(self._context.stopping.wait())
        heard = asyncio.ensure_future(self._next_scan(pairing, subscription))
        try:
            await asyncio.wait(
                {stopping, heard},
                timeout=self._context.limits.scan_wait_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            with contextlib.suppress(TooSlow):
                return heard.result() if heard.done() else None
            return None
        finally:
            stopping.cancel()
            heard.cancel()
            subscription.close()
            self._waiting[pairing.id] -= 1

    async def scale_read(self, _pairing, _params):
        raise Refusal(404, "no_device", NO_SCALE)

    async def customer_facing_display(self, _pairing, _params):
        raise Refusal(404, "not_found", "The agent shows no pages on a display.")

    async def _next_scan(self, pairing, subscription):
        while True:
            event = await subscription.get()
            self._heard[pairing.id] = max(self._heard[pairing.id], event.id)
            if text := self._scanned(pairing, event):
                return text

    def _scanned(self, pairing, event):
        stock = self._context.agent.config.stock
        if event.kind == SCAN and event.device == stock.get("scanner", event.device):
            return event.data
        is_tap = event.kind == CARD and pairing.kind == STOCK
        if is_tap and event.device == stock.get("reader", event.device):
            return event.data.number or event.data.uid
        return None

    def _rpc(self, answer):
        """Wrap a route in the JSON-RPC 2.0 envelope."""

        async def handle(request):
            pairing = self._pairing(request)
            body = await read_json(request)
            rpc_id = body.get("id")
            if not isinstance(rpc_id, int | str | None):
                rpc_id = None
            params = body.get("params") or {}
            if not isinstance(params, dict):
                raise Refusal(400, "bad_request", "The parameters must be an object.")
            try:
                result = await answer(pairing, params)
            except Refusal as error:
                refused = rpc_error(error.code, error.message, rpc_id)
                plain = {"code": error.code, "message": error.message}
                return json_response(refused | plain, error.status)
            return json_response({"jsonrpc": "2.0", "id": rpc_id, "result": result})

        return handle

    def _pairing(self, request) -> Pairing:
        pairing = request.app[CONTEXT].pairings.of_capability(
            request.match_info["capability"], request.headers.get("Origin")
        )
        if not pairing:
            raise Refusal(
                403,
                "not_paired",
                "This address of the agent is good no longer: pair it again in Odoo.",
            )
        return pairing


def _status(device):
    if device is None:
        return {"status": DISCONNECTED, "messages": []}
    works = device.state == CONNECTED
    return {
        "status": CONNECTED if works else device.state,
        "messages": [device.message] if device.message else [],
    }


def _key(pairing, key):
    """Return a job's key so that two databases never mean the same job."""
    if key is None:
        return None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Refusal(400, "bad_request", "The key of a job is up to 128 characters.")
    return f"{pairing.id} {key}"


def _failed(code, message):
    return {"result": False, "code": code, "message": message}
