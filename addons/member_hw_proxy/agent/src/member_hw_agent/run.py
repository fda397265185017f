"""The agent as a process: devices, server and desk, from start to stop."""

import asyncio
import contextlib
import logging
import signal

from . import __version__, server
from .agent import Agent
from .desk import Desk
from .pairing import Pairings

_logger = logging.getLogger(__name__)


class PortTaken(Exception):
    """Another program listens on the port; the sentence says what to change."""


def run(agent: Agent, pairings: Pairings, until=None, with_devices=True):
    """Run until the process is told to end.

    :param until: a coroutine function; when it returns, so does this, with its value.
    :param with_devices: False opens none: enough for pairing.
    :raise PortTaken:
    """
    return asyncio.run(_run(agent, pairings, until or _never, with_devices))


def wait(until):
    """Return what a coroutine function returns; None if told to end before."""
    return asyncio.run(_wait(until))


async def _wait(until):
    return await _first(_told_to_end().wait(), until())


async def _run(agent, pairings, until, with_devices):
    stop = _told_to_end()
    try:
        running = await server.start(agent, pairings)
    except OSError as error:
        raise PortTaken(
            f"Port {agent.config.port} cannot be used: {error.strerror}. If another"
            ' program has it, write another "port" under [agent] in the configuration,'
            " and pair again."
        ) from error
    desk = Desk(agent)
    if with_devices:
        agent.supervisor.start()
        desk.start()
    _logger.info(
        "member-hw-agent %s serves %s on port %s",
        __version__,
        agent.config.name,
        running.port,
    )
    try:
        return await _first(stop.wait(), until())
    finally:
        _logger.info("Stopping")
        await running.stop()
        if with_devices:
            await asyncio.to_thread(desk.stop)
            await asyncio.to_thread(agent.supervisor.stop)


def _told_to_end():
    """Return an event that is set when the process is told to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such call: there Ctrl-C ends asyncio.run by itself.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def _first(stop, until):
    """Wait for either; return what the second one returned, None for the first."""
    tasks = [asyncio.ensure_future(stop), asyncio.ensure_future(until)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return tasks[1].result() if tasks[1] in done else None


async def _never():
    await asyncio.Event().wait()
