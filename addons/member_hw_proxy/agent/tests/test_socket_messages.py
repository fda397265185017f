"""The socket: what is no message ends it, and no secret reaches the log."""

import odoo_half
import pytest
from server_bench import ALL, UID, play

from member_hw_agent.server.guard import MAX_BODY
from member_hw_agent.server.limits import Limits


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"type":1}',
        '{"type":"shout"}',
        '{"type":"call"}',
        '{"type":"call","id":true}',
        '{"type":"call","id":-1}',
        '{"type":"call","id":1,"id":2}',
        '{"type":' + "[" * 50_000,
        '{"type":"pong","a":Infinity}',
    ],
    ids=range(13),
)
def test_a_malformed_message_ends_it(tmp_path, message):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ALL) as ws:
            await ws.send(message)
            assert (await ws.closed())[0] == 4400

    play(tmp_path, scene)


def test_bytes_are_no_message(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await ws.ws.send_bytes(b'{"type":"pong"}')
            assert await ws.closed() == (4400, "malformed")

    play(tmp_path, scene)


def test_a_message_that_is_too_large_ends_it(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await ws.send('{"type":"pong","a":"' + "x" * MAX_BODY + '"}')
            assert (await ws.closed())[0] == 1009
        assert (await bench.request("GET", "/health", None))[0] == 200

    play(tmp_path, scene)


def test_a_flood_of_messages_ends_it_and_no_other(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as quiet:
            async with bench.session(odoo) as ws:
                for _ in range(10):
                    await ws.send({"type": "pong"})
                assert await ws.closed() == (4429, "rate")
            assert (await quiet.call("printer", "fly"))["code"] == "unsupported"

    play(tmp_path, scene, limits=Limits(rate_per_s=0.001, burst=8))


def test_no_secret_reaches_the_log(tmp_path, caplog):
    caplog.set_level("DEBUG")

    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ALL) as ws:
            await bench.simulate("reader", tap={"uid": UID})
            await ws.event("card")
            order = odoo.order(uid=UID, content="C0FFEE", keys={"pwd": "DEADBEEF"})
            await ws.call("reader", "write", {"order": order})
            await ws.call("display", "show", {"lines": ["a private line"]})
        return odoo

    odoo = play(tmp_path, scene)
    for secret in (
        UID,
        odoo.capability,
        odoo.secret.hex(),
        odoo_half.b64u(odoo.secret),
        "DEADBEEF",
        "C0FFEE",
        "private line",
    ):
        assert secret.lower() not in caplog.text.lower()


def test_a_state_that_is_damaged_meanwhile_ends_it_plainly(tmp_path, caplog):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            bench.agent.state.path("pairings").write_text("{")
            await ws.send({"type": "pong"})
            assert await ws.closed() == (1011, "internal")

    play(tmp_path, scene)
    assert "Traceback" not in caplog.text
