"""`/v1/pair`: the browser brings what Odoo's server wants to agree upon."""

import asyncio
import logging

from aiohttp import web

from ..pairing import PairingError
from .context import CONTEXT
from .guard import read_json
from .refusal import Refusal, json_response

_logger = logging.getLogger(__name__)
STATUS = {"too_many": 409}


async def pair(request: web.Request) -> web.Response:
    """Redeem the code that waits, at most one attempt a second from all pages."""
    context = request.app[CONTEXT]
    body = await read_json(request)
    if not context.pairing_attempts.take():
        raise Refusal(429, "rate", "Wait a second, then try again.")
    origin = request.headers["Origin"]
    try:
        answer = await asyncio.to_thread(context.pairings.redeem, body, origin)
    except PairingError as error:
        _logger.warning("Pairing refused for %s: %s", origin, error.code)
        raise Refusal(STATUS.get(error.code, 403), error.code, str(error)) from error
    context.requests.forget_all_but(one.origin for one in context.pairings.all())
    _logger.info("Paired with %s", origin)
    return json_response(answer)
