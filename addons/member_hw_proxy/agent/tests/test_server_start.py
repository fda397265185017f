"""Where the server listens, and that it stops."""

import asyncio
import socket

import pytest
from server_bench import bench

from member_hw_agent import server
from member_hw_agent.server import app


def test_it_listens_on_loopback_alone(tmp_path):
    async def scene():
        async with bench(tmp_path) as found:
            addresses = {
                one.getsockname()[0]
                for listening in found.running._servers
                for one in listening.sockets
            }
            assert "127.0.0.1" in addresses
            assert addresses <= {"127.0.0.1", "::1"}

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_port_that_somebody_has_is_refused_on_either_address(tmp_path, family, host):
    async def scene():
        async with bench(tmp_path) as found:
            with socket.socket(family) as other:
                try:
                    other.bind((host, 0))
                except OSError:
                    pytest.skip("no IPv6 here")
                other.listen()
                port = other.getsockname()[1]
                with pytest.raises(OSError, match="in use"):
                    await server.start(found.agent, found.pairings, port)

    asyncio.run(scene())


def test_any_free_port_is_free_on_both_addresses(monkeypatch):
    """Another program takes the second address just when the first is ours."""
    bound, others = app._bound, []

    def late(address, port):
        if address == app.LOOPBACK_6 and not others:
            other = socket.create_server(("::1", port), family=socket.AF_INET6)
            others.append(other)
        return bound(address, port)

    monkeypatch.setattr(app, "_bound", late)
    found = app._bind(0)
    ports = {one.getsockname()[1] for one in found}
    for one in (*found, *others):
        one.close()
    if not others:
        pytest.skip("no IPv6 here")
    assert len(found) == 2
    assert len(ports) == 1


def test_after_the_end_nobody_listens_and_it_can_start_again(tmp_path):
    async def scene():
        async with bench(tmp_path) as found:
            await found.running.stop()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", found.port)
            found.running = await server.start(found.agent, found.pairings, found.port)
            status, _page, _headers = await found.request("GET", "/health", None)
            assert status == 200

    asyncio.run(scene())
