"""`/v1/socket`: events to a page of Odoo, and its calls to the devices."""

import asyncio
import contextlib
import logging
import re
import sys
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from .. import __version__
from ..errors import DeviceError
from ..events import TooSlow
from ..wire import strict_json
from ..wire.error import WireError
from .access import Access
from .closing import MALFORMED, NOT_AUTHORISED, RATE, Closed, too_slow
from .context import CONTEXT, Context
from .guard import MAX_BODY, where
from .limits import Bucket
from .sealing import device_dict

if sys.version_info >= (3, 11):
    from asyncio import timeout
else:
    from async_timeout import timeout  # which aiohttp brings along

_logger = logging.getLogger(__name__)

MISSED_PINGS = 2
CLOSE_S = 2.0
NAME = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Serve one socket until either side ends it."""
    ws = web.WebSocketResponse(
        max_msg_size=MAX_BODY, compress=False, timeout=CLOSE_S, autoping=True
    )
    if not ws.can_prepare(request):
        raise web.HTTPUpgradeRequired
    await ws.prepare(request)
    session = Session(request.app[CONTEXT], request.headers["Origin"], ws)
    try:
        await session.serve()
    finally:
        await session.finish(request.transport)
    return ws


class Session:
    """What one page may do over one socket."""

    def __init__(self, context: Context, origin: str, ws: web.WebSocketResponse):
        self._context = context
        self._limits = context.limits
        self._origin = origin
        self._ws = ws
        self.access = Access(context, origin)
        self._subscription = None
        self._calls = set()
        self._rate = Bucket(self._limits.rate_per_s, self._limits.burst)
        self._unanswered = 0
        self._ended = asyncio.get_running_loop().create_future()
        self._closed = Closed(WSCloseCode.OK, "", "")

    async def serve(self):
        """Authenticate, then talk, until `_closed` says why it ended."""
        try:
            await self._authenticate_first()
            await self._talk()
        except Closed as closed:
            self._closed = closed
        except Exception as error:  # noqa: BLE001  # the page is told, in its protocol
            _logger.error("A socket failed: %s", where(error))  # noqa: TRY400
            self._closed = Closed(
                WSCloseCode.INTERNAL_ERROR,
                "internal",
                "The agent failed; its log says where.",
            )

    async def finish(self, transport):
        """Say why, wait a moment for the page, and let go of everything."""
        self._context.sessions.discard(self)
        if self._subscription:
            self._subscription.close()
        for call in self._calls:
            call.cancel()
        closed = self._closed
        if closed.close_code >= MALFORMED:
            _logger.info("A socket of %s was closed: %s", self._origin, closed.code)
        with contextlib.suppress(Closed, ConnectionError, asyncio.TimeoutError):
            async with timeout(CLOSE_S):
                if closed.code and not self._ws.closed:
                    await self._send_error(None, closed.code, str(closed))
                await self._ws.close(
                    code=closed.close_code, message=closed.code.encode()
                )
                return
        # what the page does not read would keep the connection open
        if transport and transport.get_write_buffer_size():
            transport.abort()

    # === WHO IT IS === #

    async def _authenticate_first(self):
        try:
            async with timeout(self._limits.auth_s):
                message = await self._receive()
        except asyncio.TimeoutError:
            raise Closed(NOT_AUTHORISED, "timeout", "No token came in time.") from None
        if message["type"] != "auth":
            raise Closed(NOT_AUTHORISED, "auth", "The first message must be a token.")
        self.access.grant(message.get("token"))
        siblings = [
            one
            for one in self._context.sessions
            if one.access.pairing_id == self.access.pairing_id
        ]
        if len(siblings) >= self._limits.sessions:
            raise Closed(RATE, "busy", "Too many tabs use the agent. Close some.")
        self._context.sessions.add(self)
        last = self._context.agent.bus.last_id
        after = message.get("after")
        if not _is_count(after):
            after = last
        self._subscription = self._context.agent.bus.subscribe(after)
        await self._send_ready(last)

    # === TALKING === #

    async def _talk(self):
        tasks = [
            asyncio.ensure_future(work)
            for work in (
                self._ended,
                self._listen(),
                self._tell_events(),
                self._ping(),
                self._wait_for_the_end(),
            )
        ]
        try:
            done, _others = await asyncio.wait(
                tasks, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self):
        while True:
            message = await self._receive()
            if not self._rate.take():
                raise Closed(RATE, "rate", "Too many messages.")
            self.access.check()
            kind = message["type"]
            if kind == "pong":
                self._unanswered = 0
            elif kind == "call":
                self._start_call(message)
            elif kind == "auth":
                self.access.grant(message.get("token"))
                await self._send_ready(self._context.agent.bus.last_id)
            else:
                raise Closed(MALFORMED, "malformed", "There is no such message.")

    async def _tell_events(self):
        try:
            while True:
                event = await self._subscription.get()
                self.access.check()
                if self.access.may_hear(event):
                    await self._send(
                        {
                            "type": "event",
                            "id": event.id,
                            "device": event.device,
                            "kind": event.kind,
                            "data": self.access.sealer.event_data(event),
                            "at": event.at,
                        }
                    )
        except TooSlow:
            raise too_slow() from None

    async def _ping(self):
        while True:
            await asyncio.sleep(self._limits.ping_s)
            self.access.check()
            if self._unanswered >= MISSED_PINGS:
                raise too_slow()
            self._unanswered += 1
            await self._send({"type": "ping"})

    async def _wait_for_the_end(self):
        stopping = asyncio.ensure_future(self._context.stopping.wait())
        try:
            while not stopping.done():
                left = self.access.until - self._context.now()
                await asyncio.wait(
                    {stopping}, timeout=min(max(left, 0), self._limits.ping_s)
                )
                self.access.check()
        finally:
            stopping.cancel()
        raise Closed(WSCloseCode.GOING_AWAY, "stopping", "The agent is stopping.")

    # === CALLS === #

    def _start_call(self, message):
        call_id = message.get("id")
        if not _is_count(call_id) and not _is_name(call_id):
            raise Closed(MALFORMED, "malformed", "A call has no id.")
        task = asyncio.ensure_future(self._answer(call_id, message))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _answer(self, call_id, message):
        try:
            await self._send_text(await self._answer_text(call_id, message))
        except Closed as closed:
            self._end(closed)

    async def _answer_text(self, call_id, message):
        """Do what a call asks for; return the message that says what came of it.

        :raise Closed: it is not allowed; the page was told so.
        """
        try:
            value = await self._do(message)
            return _text({"type": "result", "id": call_id, "value": value})
        except (DeviceError, WireError) as error:
            code, sentence = error.code, str(error)
        except Closed as closed:
            await self._send_error(call_id, closed.code, str(closed))
            raise
        except Exception as error:  # noqa: BLE001  # a bug in one action ends no socket
            _logger.error("Answering a call failed: %s", where(error))  # noqa: TRY400
            code, sentence = "internal", "The agent failed; its log says where."
        return _text(_error(call_id, code, sentence))

    def _end(self, closed):
        if not self._ended.done():
            self._ended.set_exception(closed)

    async def _do(self, message) -> Any:
        """Do what a call asks for.

        :raise DeviceError: see Supervisor.call.
        :raise WireError: an order is not good.
        :raise Closed: it is not allowed.
        """
        device, name = message.get("device"), message.get("action")
        params, key = message.get("params", {}), message.get("key")
        if (
            not _is_name(device)
            or not _is_name(name)
            or not isinstance(params, dict)
            or not (key is None or _is_name(key))
        ):
            raise DeviceError("bad_request", "The call is not written as it must be.")
        if len(self._calls) > self._limits.calls:
            raise DeviceError("busy", "Too many calls are under way. Try again.")
        if not self.access.allows_device(device):
            raise DeviceError("no_device", "There is no such device for this till.")
        supervisor = self._context.agent.supervisor
        action = supervisor.action(device, name)
        if action:
            self.access.check_action(action)
            params = self.access.sealer.params(name, action.schema, params)
        future = supervisor.call(
            device, name, params, key=key and f"{self.access.pairing_id} {key}"
        )
        sealer = self.access.sealer
        return sealer.result(device, await asyncio.wrap_future(future))

    # === BYTES === #

    async def _receive(self) -> dict[str, Any]:
        """Return the next message, an object with a `type`.

        :raise Closed: the page went away, or sent something else.
        """
        message = await self._ws.receive()
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
            raise Closed(WSCloseCode.OK, "", "")
        if message.type is WSMsgType.ERROR:
            raise Closed(self._ws.close_code or MALFORMED, "", "")
        if message.type is not WSMsgType.TEXT:
            raise Closed(MALFORMED, "malformed", "Messages are text.")
        try:
            body = strict_json.load_object(message.data)
        except WireError as error:
            raise Closed(MALFORMED, error.code, error.message) from error
        if not isinstance(body.get("type"), str):
            raise Closed(MALFORMED, "malformed", "A message has no type.")
        return body

    async def _send_ready(self, last):
        supervisor = self._context.agent.supervisor
        await self._send(
            {
                "type": "ready",
                "agent": self._context.pairings.agent_id,
                "name": self._context.agent.config.name,
                "version": __version__,
                "until": self.access.until,
                "event": last,
                "devices": [
                    device_dict(one)
                    for one in supervisor.devices()
                    if self.access.allows_device(one.id)
                ],
                "report": self.access.sealer.report(),
            }
        )

    async def _send_error(self, call_id, code, message):
        await self._send(_error(call_id, code, message))

    async def _send(self, message):
        await self._send_text(_text(message))

    async def _send_text(self, text):
        """Send, or find the page too slow or gone.

        :raise Closed:
        """
        try:
            async with timeout(self._limits.send_s):
                await self._ws.send_str(text)
        except asyncio.TimeoutError:
            raise too_slow() from None
        except ConnectionError:
            raise Closed(WSCloseCode.OK, "", "") from None


def _text(message):
    return strict_json.dumps(message).decode()


def _error(call_id, code, message):
    return {"type": "error", "id": call_id, "code": code, "message": message}


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_name(value):
    return isinstance(value, str) and NAME.fullmatch(value) is not None
