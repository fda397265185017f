"""What every request passes before it reaches a route: host, origin, rate, form.

The agent listens on loopback only, but every page in every browser of this computer
can send requests there. So the address must be written as ours (DNS rebinding), the
page must be one of a paired Odoo, and what it sends must be plain JSON of sane size.
"""

import asyncio
import contextlib
import logging

from aiohttp import web

from ..pairing import is_origin
from ..state import StateError
from ..wire import strict_json
from ..wire.error import WireError
from .context import CONTEXT
from .refusal import Refusal, refusal_response

_logger = logging.getLogger(__name__)

MAX_BODY = 2 * 1024 * 1024
HEALTH = "/health"
PAIR = "/v1/pair"
PREFLIGHT_AGE_S = 600

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "member-hw-agent",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def guard(request: web.Request, handler):
    """Answer a request, or say in plain words why not. Nothing else leaves here."""
    origin = None
    try:
        _check_host(request)
        origin = _allowed_origin(request)
        if request.method == "OPTIONS":
            response = _preflight()
        else:
            response = await handler(request)
    except Refusal as error:
        response = refusal_response(error, is_rpc=_is_rpc(request))
    except WireError as error:
        response = refusal_response(
            Refusal(400, error.code, error.message), is_rpc=_is_rpc(request)
        )
    except web.HTTPException as error:
        response = refusal_response(_of_framework(error), is_rpc=_is_rpc(request))
    except StateError:
        _logger.exception("The state folder cannot be used")
        response = refusal_response(
            Refusal(503, "state", "The agent cannot read its state: see its log."),
            is_rpc=_is_rpc(request),
        )
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001  # a bug in one route stops no other
        # without the traceback's values, which may be secret
        _logger.error("A %s request failed: %s", request.method, where(error))  # noqa: TRY400
        response = refusal_response(
            Refusal(500, "internal", "The agent failed; its log says where."),
            is_rpc=_is_rpc(request),
        )
    if not response.prepared:
        add_headers(response, origin)
    return response


async def read_json(request: web.Request) -> dict:
    """Return the JSON object that a request carries.

    :raise Refusal: 408, 413, 415.
    :raise WireError: malformed.
    """
    if request.content_type != "application/json" or (
        (request.charset or "utf-8").lower() not in ("utf-8", "utf8")
    ):
        raise Refusal(415, "content_type", "Only application/json is taken.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refusal(415, "content_type", "Compressed requests are not taken.")
    if (request.content_length or 0) > MAX_BODY:
        raise Refusal(413, "too_large", "This is too large: 2 MiB at most.")
    try:
        body = await asyncio.wait_for(
            request.read(), request.app[CONTEXT].limits.read_s
        )
    except asyncio.TimeoutError:
        raise Refusal(408, "timeout", "The request took too long to arrive.") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "too_large", "This is too large: 2 MiB at most.") from None
    except web.RequestPayloadError:
        raise Refusal(400, "malformed", "The request is not valid HTTP.") from None
    return strict_json.load_object(body)


def _check_host(request):
    port = request.app[CONTEXT].port
    names = ("localhost", "127.0.0.1", "[::1]")
    if request.headers.getall("Host", []) not in [[f"{name}:{port}"] for name in names]:
        raise Refusal(
            421,
            "wrong_host",
            f"Write the agent's address as http://localhost:{port}.",
        )


def _allowed_origin(request):
    """Return the origin that may read the answer; None on the health page.

    :raise Refusal: 403, 429.
    """
    context = request.app[CONTEXT]
    origins = request.headers.getall("Origin", [])
    origin = origins[0] if len(origins) == 1 else None
    is_paired = bool(origin and context.pairings.of_origin(origin))
    if not context.requests.take(origin if is_paired else None):
        raise Refusal(429, "rate", "Too many requests. Wait a moment and try again.")
    if is_paired:
        return origin
    if request.path == HEALTH and not origins:
        return None
    if request.path == PAIR and is_origin(origin):
        return origin
    raise Refusal(
        403,
        "wrong_origin",
        "This page is not of an Odoo that this agent is paired with.",
    )


def _preflight():
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Allow-Private-Network": "true",
            "Access-Control-Max-Age": str(PREFLIGHT_AGE_S),
        },
    )


def add_headers(response, origin=None):
    """Add what every answer has; `origin` is the page that may read it."""
    response.headers.update(_HEADERS)
    response.headers.add("Vary", "Origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin


def _is_rpc(request):
    return "/hw_proxy/" in request.path


def _of_framework(error):
    known = {
        404: ("not_found", "The agent has no such address."),
        405: ("method", "This address is not asked in that way."),
        413: ("too_large", "This is too large: 2 MiB at most."),
        426: ("upgrade", "This address speaks WebSocket only."),
    }
    status = error.status
    code, message = known.get(status, ("bad_request", "The request is not understood."))
    return Refusal(status if 400 <= status < 500 else 400, code, message)


def where(error):
    """Return the kind of a failure and its place, without any value."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    with contextlib.suppress(AttributeError):
        code = place.tb_frame.f_code
        return f"{type(error).__name__} in {code.co_filename}:{place.tb_lineno}"
    return type(error).__name__
