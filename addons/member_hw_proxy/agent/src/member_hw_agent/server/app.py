"""The server as a whole: its routes, its addresses, its beginning and its end."""

import asyncio
import errno
import logging
import socket as sockets

from aiohttp import web

from ..agent import Agent
from ..pairing import Pairings
from .connections import RUNNER, Connection
from .context import CONTEXT, Context
from .guard import HEALTH, MAX_BODY, PAIR, guard
from .health_page import health_page
from .limits import USUAL, Limits
from .pair import pair
from .socket import socket
from .stock import StockRoutes

_logger = logging.getLogger(__name__)

BACKLOG = 64
LOOPBACK = (sockets.AF_INET, "127.0.0.1")
LOOPBACK_6 = (sockets.AF_INET6, "::1")
NO_IPV6 = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class Running:
    """A server that listens; `stop` it once."""

    def __init__(self, context: Context, runner: web.AppRunner, servers):
        self.context = context
        self._runner = runner
        self._servers = servers

    @property
    def port(self) -> int:
        return self.context.port

    async def stop(self):
        """Listen no more, close sockets with 1001, answer who waits for a scan."""
        for server in self._servers:
            server.close()
        await self._runner.cleanup()


async def start(
    agent: Agent, pairings: Pairings, port: int | None = None, limits: Limits = USUAL
) -> Running:
    """Serve in the running loop; the devices are the caller's to start.

    :param port: instead of the configured one; 0: any that is free.
    :raise OSError: the port is taken.
    :raise StateError: the pairings cannot be read.
    """
    pairings.all()
    context = Context(agent, pairings, limits)
    listening = _bind(agent.config.port if port is None else port)
    context.port = listening[0].getsockname()[1]
    runner = web.AppRunner(application(context), **RUNNER)
    await runner.setup()
    loop = asyncio.get_running_loop()
    open_connections = set()

    def connection():
        return Connection(runner.server, open_connections, limits, loop=loop)

    servers = [
        await loop.create_server(connection, sock=sock, backlog=BACKLOG)
        for sock in listening
    ]
    return Running(context, runner, servers)


def application(context: Context) -> web.Application:
    app = web.Application(middlewares=[guard], client_max_size=MAX_BODY)
    app[CONTEXT] = context
    app.add_routes(
        [
            web.get(HEALTH, health_page),
            web.post(PAIR, pair),
            web.get("/v1/socket", socket),
            *StockRoutes(context).routes(),
        ]
    )
    app.on_shutdown.append(_stop)
    return app


async def _stop(app):
    app[CONTEXT].stopping.set()


def _bind(port):
    """Return sockets on both loopback addresses, the second where there is IPv6.

    A port that somebody else has on one of them is refused: browsers may try either.
    Without a port, one is taken that is free on both.
    """
    while True:
        first = _bound(LOOPBACK, port)
        try:
            return [first, _bound(LOOPBACK_6, first.getsockname()[1])]
        except OSError as error:
            if error.errno in NO_IPV6:
                return [first]
            first.close()
            if port or error.errno != errno.EADDRINUSE:
                raise


def _bound(address, port):
    family, host = address
    bound = sockets.socket(family, sockets.SOCK_STREAM)
    try:
        if hasattr(sockets, "SO_EXCLUSIVEADDRUSE"):
            # on Windows another program could otherwise take the port as well
            bound.setsockopt(sockets.SOL_SOCKET, sockets.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        if family == sockets.AF_INET6:
            bound.setsockopt(sockets.IPPROTO_IPV6, sockets.IPV6_V6ONLY, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
