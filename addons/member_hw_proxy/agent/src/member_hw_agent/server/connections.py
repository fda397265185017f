"""One TCP connection: how many there may be, how long they may idle, what is not HTTP.

aiohttp closes a connection that carries no whole request head for its keep-alive time,
from its first moment on; that is what ends slow senders of headers.
"""

import logging

from aiohttp import web

from .guard import add_headers
from .refusal import Refusal, refusal_response

_logger = logging.getLogger(__name__)

RUNNER = {"handler_cancellation": True, "shutdown_timeout": 3.0}
CONNECTION = {
    "access_log": None,
    "auto_decompress": False,
    "lingering_time": 2.0,
}
"""Paths are secret, so there is no access log."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
)
_FULL_BODY = b'{"code":"busy","message":"Too many connections. Close other tabs."}'


class Connection(web.RequestHandler):
    """aiohttp's connection, with a limit and without echoes of what came in.

    :param open_connections: the set of all connections that are open.
    :param limits: how many there may be, and how long they may idle.
    """

    def __init__(self, manager, open_connections, limits, **options):
        super().__init__(
            manager, keepalive_timeout=limits.read_s, **CONNECTION, **options
        )
        self._open_connections = open_connections
        self._most = limits.connections

    def connection_made(self, transport):
        if len(self._open_connections) >= self._most:
            transport.write(_FULL % (len(_FULL_BODY), _FULL_BODY))
            transport.close()
            self.force_close()
            return
        self._open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, exc):
        if self in self._open_connections:
            self._open_connections.discard(self)
            super().connection_lost(exc)

    def data_received(self, data):
        if self in self._open_connections:
            super().data_received(data)

    def handle_error(self, request, status=500, exc=None, message=None):
        """Answer what is not HTTP; the library would quote and log it."""
        _logger.warning("Refused what is not HTTP: %s", type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("A response was under way")
        response = refusal_response(
            Refusal(400, "malformed", "The request is not valid HTTP.")
            if 400 <= status < 500
            else Refusal(500, "internal", "The agent failed; its log says where.")
        )
        add_headers(response)
        response.force_close()
        return response

    def log_exception(self, *args, **kwargs):
        """Say that something failed, without what came in."""
        error = kwargs.get("exc_info")
        _logger.error("A connection failed: %s", type(error).__name__)
