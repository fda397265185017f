"""The socket: who may open it, and how long it lasts."""

import asyncio
import json
import socket as sockets
import time

import aiohttp
import odoo_half
import pytest
from server_bench import ALL, ORIGIN, OTHER_ORIGIN, play

from member_hw_agent.server.limits import Limits

# === WHO MAY OPEN IT === #


def test_a_token_opens_it_and_the_page_learns_the_devices(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("events",), lasts=600) as ws:
            ready = ws.ready
            assert ready["agent"] == odoo.agent_id
            assert [one["id"] for one in ready["devices"]] == [
                "reader",
                "printer",
                "display",
            ]
            assert {one["state"] for one in ready["devices"]} == {"connected"}
            assert abs(ready["until"] - time.time() - 600) < 60
            report = odoo.unseal("report", ready["report"])
            assert report["devices"] == ready["devices"]
            assert report["agent"] == odoo.agent_id

    play(tmp_path, scene)


REFUSED = {
    "expired": {"iat": -120, "exp": -60},
    "ended": {"til": -1},
    "from the future": {"iat": 3600, "exp": 3660, "til": 7200},
    "another agent": {"aud": "another"},
    "another origin": {"org": OTHER_ORIGIN},
    "no scope": {"scp": []},
    "unknown scope": {"scp": ["root"]},
    "no device": {"dev": []},
    "too long": {"til": 13 * 3600},
    "too long to write": {"til": 3600, "scp": ["card.write"]},
    "before the start": {"iat": -20},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_token_that_is_not_for_here_and_now_is_refused(tmp_path, case):
    async def scene(bench):
        odoo = await bench.pair()
        now = int(time.time())
        fields = {
            name: value + now if name in ("iat", "exp", "til") else value
            for name, value in REFUSED[case].items()
        }
        payload = odoo.token_payload(("events",)) | fields
        async with bench.socket() as ws:
            token = odoo_half.sign_token(odoo.secret, payload)
            await ws.send({"type": "auth", "token": token})
            code, reason = await ws.closed()
            assert code == 4401
            assert reason
        assert not bench.context.sessions

    play(tmp_path, scene)


def test_a_token_is_good_once(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        token = odoo.token(("events",))
        async with bench.socket() as ws:
            await ws.authenticate(token)
            for _ in range(2):
                async with bench.socket() as other:
                    await other.send({"type": "auth", "token": token})
                    assert await other.closed() == (4401, "replayed")
            assert (await ws.call("printer", "nothing"))["code"] == "unsupported"

    play(tmp_path, scene)


def test_a_token_of_another_database_is_refused(tmp_path):
    async def scene(bench):
        await bench.pair()
        other = await bench.pair(OTHER_ORIGIN)
        forged = odoo_half.OdooHalf(ORIGIN)
        forged.agent_id, forged.secret = other.agent_id, other.secret
        async with bench.socket() as ws:
            await ws.send({"type": "auth", "token": forged.token(("events",))})
            assert await ws.closed() == (4401, "bad_signature")

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "auth"},
        {"type": "auth", "token": None},
        {"type": "auth", "token": "a.b"},
        {"type": "call", "id": 1, "device": "printer", "action": "test"},
        {"type": "pong"},
    ],
    ids=str,
)
def test_without_a_token_nothing_happens(tmp_path, message):
    async def scene(bench):
        await bench.pair()
        async with bench.socket() as ws:
            await ws.send(message)
            assert (await ws.closed())[0] == 4401

    play(tmp_path, scene)


def test_who_shows_no_token_in_time_is_closed(tmp_path):
    async def scene(bench):
        await bench.pair()
        async with bench.socket() as ws:
            assert await ws.closed() == (4401, "timeout")

    play(tmp_path, scene, limits=Limits(auth_s=0.1))


def test_a_foreign_page_does_not_get_as_far_as_a_socket(tmp_path):
    async def scene(bench):
        await bench.pair()
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with bench.socket("https://evil.example"):
                pass
        assert caught.value.status == 403

    play(tmp_path, scene)


def test_a_stock_pairing_has_no_tokens(tmp_path):
    async def scene(bench):
        bench.pairings.add_stock(ORIGIN)
        forged = odoo_half.OdooHalf(ORIGIN)
        forged.agent_id, forged.secret = bench.pairings.agent_id, b""
        async with bench.socket() as ws:
            await ws.send({"type": "auth", "token": forged.token(("events",))})
            assert await ws.closed() == (4401, "bad_signature")

    play(tmp_path, scene)


def test_a_plain_request_is_told_to_upgrade(tmp_path):
    async def scene(bench):
        await bench.pair()
        code, answer, _headers = await bench.request("GET", "/v1/socket")
        assert (code, answer["code"]) == (426, "upgrade")

    play(tmp_path, scene)


def test_one_database_leaves_room_for_the_others(tmp_path):
    async def scene(bench):
        odoo, other = await bench.pair(), await bench.pair(OTHER_ORIGIN)
        async with bench.session(odoo), bench.session(odoo):
            async with bench.socket() as ws:
                await ws.send({"type": "auth", "token": odoo.token(("events",))})
                assert await ws.closed() == (4429, "busy")
            async with bench.session(other) as ws:
                assert ws.ready["type"] == "ready"

    play(tmp_path, scene, limits=Limits(sessions=2))


# === HOW LONG === #


def test_a_fresh_token_prolongs_it(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("events",)) as ws:
            assert (await ws.call("display", "clear"))["code"] == "scope"
            assert (await ws.closed())[0] == 4403
        async with bench.session(odoo, ("events",), lasts=60) as ws:
            await ws.send(
                {"type": "auth", "token": odoo.token(("display",), lasts=600)}
            )
            ready = await ws.receive_type("ready")
            assert ready["until"] > ws.ready["until"]
            assert (await ws.call("display", "clear"))["type"] == "result"

    play(tmp_path, scene)


def test_a_fresh_token_of_someone_else_ends_it(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await ws.send({"type": "auth", "token": odoo.token(("events",), sub=9)})
            assert await ws.closed() == (4401, "wrong_user")

    play(tmp_path, scene)


def test_a_replayed_token_ends_it(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        token = odoo.token(("events",))
        async with bench.socket() as ws:
            await ws.authenticate(token)
            await ws.send({"type": "auth", "token": token})
            assert await ws.closed() == (4401, "replayed")

    play(tmp_path, scene)


def test_it_ends_with_its_permission(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        now = time.time()
        bench.context.now = lambda: now  # however long it takes to show the token
        async with bench.session(odoo, lasts=2, now=now) as ws:
            del bench.context.now
            assert await ws.closed() == (4401, "expired")

    play(tmp_path, scene)


def test_it_ends_when_the_pairing_is_removed(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ALL) as ws:
            (pairing,) = bench.pairings.all()
            bench.pairings.remove(pairing.id)
            await ws.send(
                {"type": "call", "id": 1, "device": "printer", "action": "test"}
            )
            assert await ws.closed() == (4401, "not_paired")

    play(tmp_path, scene)


def test_it_ends_when_the_pairing_is_removed_though_nobody_speaks(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            (pairing,) = bench.pairings.all()
            bench.pairings.remove(pairing.id)
            assert await ws.closed() == (4401, "not_paired")

    play(tmp_path, scene, limits=Limits(ping_s=0.1))


def test_it_ends_plainly_when_the_agent_stops(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            stopping = asyncio.ensure_future(bench.running.stop())
            assert await ws.closed() == (1001, "stopping")
            await stopping

    play(tmp_path, scene)


def test_who_answers_pings_stays_and_who_does_not_goes(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            for _ in range(5):
                await ws.receive_type("ping")
                await ws.send({"type": "pong"})
            assert await ws.closed() == (4408, "too_slow")

    play(tmp_path, scene, limits=Limits(ping_s=0.1))


def test_a_page_that_reads_nothing_is_let_go_and_holds_up_nobody(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        slow = await _slow_socket(bench, odoo)
        async with bench.session(odoo) as ws:
            for _ in range(400):
                bench.agent.bus.emit("reader", "scan", "x" * 50_000)
                bench.agent.bus.emit("reader", "scan", "last")
                while (await ws.event("scan"))["data"]["code"] != "last":
                    pass
                if len(bench.context.sessions) == 1:
                    break
            await bench.until(lambda: len(bench.context.sessions) == 1)
            assert (await ws.call("printer", "nothing"))["code"] == "unsupported"
        slow.close()

    play(tmp_path, scene, limits=Limits(send_s=0.2))


async def _slow_socket(bench, odoo):
    """Open a socket by hand, show a token, and never read again."""
    loop = asyncio.get_running_loop()
    slow = sockets.socket()
    slow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    slow.setblocking(False)
    await loop.sock_connect(slow, ("127.0.0.1", bench.port))
    await loop.sock_sendall(
        slow,
        b"GET /v1/socket HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n"
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        % (bench.port, ORIGIN.encode()),
    )
    token = json.dumps({"type": "auth", "token": odoo.token(("events",))}).encode()
    frame = b"\x81\xfe" + len(token).to_bytes(2, "big") + b"\0\0\0\0" + token
    await loop.sock_sendall(slow, frame)
    await bench.until(lambda: bench.context.sessions)
    return slow
