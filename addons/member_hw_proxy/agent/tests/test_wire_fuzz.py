"""Whatever comes in: a plain refusal, never a traceback, and what is sealed comes back.

The wire's parsers are fed directly, the server over its port.
"""

import asyncio
import json
import threading
import time

import aiohttp
import odoo_half
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server_bench import ORIGIN, bench

from member_hw_agent.server.limits import Limits
from member_hw_agent.wire import b64u, orders, pairing_proofs, sealed, strict_json
from member_hw_agent.wire import tokens as wire_tokens
from member_hw_agent.wire.error import WireError

SECRET = bytes(range(32))
AGENT = "agent"
FAST = settings(max_examples=150)
OVER_THE_WIRE = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
sound = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


def body_like(good):
    """Return bodies with some fields of `good` taken away or made something else."""
    return st.fixed_dictionaries(
        {},
        optional={name: st.just(value) | plain for name, value in good.items()},
    )


TOKEN = {
    "v": 1,
    "aud": AGENT,
    "sub": 2,
    "sid": "s",
    "dev": ["*"],
    "scp": ["events"],
    "org": ORIGIN,
    "iat": int(time.time()),
    "exp": int(time.time()) + 60,
    "til": int(time.time()) + 600,
    "jti": "once",
}
ORDER = {
    "op": "write",
    "card": "line",
    "uid": "04A1B2C3",
    "content": "00",
    "keys": {"pwd": "01020304"},
    "iat": int(time.time()),
    "exp": int(time.time()) + 60,
    "jti": "once",
}


def dumped(value):
    """Return JSON as a careless sender writes it: NaN, huge numbers, surrogates."""
    return json.dumps(value).encode()


# === THE PARSERS === #


@FAST
@given(st.binary(max_size=200))
def test_base64url_comes_back(data):
    assert b64u.decode(b64u.encode(data)) == data


@FAST
@given(st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_base64url_has_one_text_for_each_sequence(text):
    try:
        data = b64u.decode(text)
    except WireError:
        return
    assert b64u.encode(data) == text


@FAST
@given(sound)
def test_sound_json_comes_back(value):
    assert strict_json.loads(strict_json.dumps(value)) == value


@FAST
@given(st.binary(max_size=100) | plain.map(dumped))
def test_json_is_read_or_refused(data):
    try:
        value = strict_json.loads(data)
    except WireError:
        return
    assert strict_json.loads(strict_json.dumps(value)) == value


@FAST
@given(sound, st.binary(min_size=32, max_size=32))
def test_what_is_sealed_comes_back_and_only_whole(value, secret):
    body = {"iat": 1, "jti": "a", "value": value}
    text = sealed.seal(secret, "reading", AGENT, body)
    assert sealed.open_sealed(secret, "reading", AGENT, text) == body
    for other in (text[:-1], text + "A", text.swapcase()):
        with pytest.raises(WireError):
            sealed.open_sealed(secret, "reading", AGENT, other)


@FAST
@given(plain | st.text() | st.binary(max_size=80).map(b64u.encode))
def test_what_is_not_sealed_is_refused(text):
    with pytest.raises(WireError):
        sealed.open_sealed(SECRET, "reading", AGENT, text)


@FAST
@given(plain | st.text() | st.from_regex(r"[\w-]+\.[\w-]{43}", fullmatch=True))
def test_what_is_no_token_is_refused(text):
    with pytest.raises(WireError):
        wire_tokens.parse(text, SECRET)


@FAST
@given(body_like(TOKEN) | plain)
def test_a_token_with_a_right_signature_is_checked_all_the_same(body):
    token = _signed(dumped(body))
    try:
        found = wire_tokens.parse(token, SECRET)
        wire_tokens.check(found, agent_id=AGENT, origin=ORIGIN, now=time.time())
    except WireError:
        return
    assert found.origin == ORIGIN
    assert found.scopes
    assert found.devices


@FAST
@given(body_like(ORDER) | plain)
def test_an_order_with_a_right_seal_is_checked_all_the_same(body):
    text = _sealed(dumped(body))
    try:
        found = orders.open_order(SECRET, AGENT, text, time.time())
    except WireError:
        return
    assert found.order.op in orders.OPERATIONS
    assert isinstance(found.order.content, bytes)
    assert all(isinstance(key, bytes) for key in found.order.keys.values())


@FAST
@given(plain | st.text(max_size=12))
def test_a_code_is_read_or_refused(typed):
    try:
        code = pairing_proofs.normalise_code(typed)
    except WireError:
        return
    assert pairing_proofs.normalise_code(code) == code
    assert len(code) == pairing_proofs.CODE_LENGTH


def _signed(payload):
    signed = odoo_half.b64u(payload)
    key = odoo_half.subkey(SECRET, "token")
    return signed + "." + odoo_half.b64u(odoo_half.mac(key, signed.encode()))


def _sealed(plain_text):
    key = odoo_half.subkey(SECRET, "order")
    bound = f"member-hw/1 order {AGENT}".encode()
    nonce = b"\0" * 12
    return odoo_half.b64u(
        nonce + odoo_half.AESGCM(key).encrypt(nonce, plain_text, bound)
    )


# === THE SERVER === #


class Live:
    """A server in a thread of its own, for tests that are not coroutines."""

    def __init__(self, folder):
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.bench = None

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_error):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def _run(self):
        self._loop.run_until_complete(self._serve())

    async def _serve(self):
        limits = Limits(rate_per_s=1e9, burst=10**9, pairing_rate_per_s=1e9, read_s=0.2)
        # a connection that idles is soon closed, maybe just when it is used again
        connector = aiohttp.TCPConnector(force_close=True)
        async with bench(
            self._folder, limits=limits, connector=connector
        ) as self.bench:
            self.odoo = await self.bench.pair()
            self._ready.set()
            await self._over.wait()


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with Live(tmp_path_factory.mktemp("live")) as live:
        yield live


ROUTES = ("handshake", "status_json", "default_printer_action", "scale_read")
BODIES = (
    st.binary(max_size=200)
    | plain.map(dumped)
    | body_like({"id": 1, "params": {}, "jsonrpc": "2.0"}).map(dumped)
    | body_like(
        {"params": {"data": {"action": "print_receipt", "receipt": "AAAA", "key": "k"}}}
    ).map(dumped)
)


@OVER_THE_WIRE
@given(route=st.sampled_from(ROUTES), body=BODIES)
def test_a_stock_route_answers_or_refuses(live, route, body):
    path = f"/{live.odoo.capability}/hw_proxy/{route}"
    status, answer = post(live, path, body)
    assert status < 500
    assert ("result" in answer) != ("error" in answer)
    if "error" in answer:
        assert answer["code"]
        assert answer["error"]["message"]


@OVER_THE_WIRE
@given(
    body=st.binary(max_size=200)
    | plain.map(dumped)
    | body_like(odoo_half.OdooHalf(ORIGIN).pair_request("AAAA-AAAA")).map(dumped)
)
def test_pairing_answers_or_refuses(live, body):
    status, answer = post(live, "/v1/pair", body)
    assert 400 <= status < 500
    assert answer["code"]
    assert answer["message"]


@OVER_THE_WIRE
@given(
    data=st.binary(max_size=300)
    | st.binary(max_size=100).map(lambda data: b"GET / HTTP/1.1\r\n" + data)
)
def test_bytes_get_a_refusal_or_silence(live, data):
    answer = live.do(live.bench.raw(data))
    assert answer == b"" or answer.split()[1] in (b"400", b"421", b"503")
    assert b"Traceback" not in answer
    status, _answer, _headers = live.do(live.bench.request("GET", "/health", None))
    assert status == 200


MESSAGE = {
    "type": "call",
    "id": 1,
    "device": "display",
    "action": "show",
    "params": {"lines": ["a"]},
    "key": "k",
    "token": "a.b",
    "after": 0,
}


@OVER_THE_WIRE
@given(
    messages=st.lists(
        st.text(max_size=30)
        | plain.map(json.dumps)
        | body_like(MESSAGE).map(json.dumps)
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["call", "auth", "pong", "ping"])},
            optional={
                name: st.just(value) | plain
                for name, value in MESSAGE.items()
                if name != "type"
            },
        ).map(json.dumps),
        max_size=6,
    ),
    has_token=st.booleans(),
)
def test_a_socket_answers_or_ends(live, messages, has_token):
    assert live.do(talk(live, messages, has_token)) in (None, 4400, 4401, 4403)


async def talk(live, messages, has_token):
    """Send the messages; return the close code, or None if it stayed open."""
    async with live.bench.socket() as ws:
        if has_token:
            await ws.authenticate(live.odoo.token(("events", "display")))
        for message in messages:
            try:
                await ws.send(message)
            except aiohttp.ClientConnectionResetError:
                break
        if has_token:
            # one that is always answered, if all before left it open
            await ws.send({"type": "call", "id": 99, "device": "x", "action": "y"})
        while True:
            message = await asyncio.wait_for(ws.ws.receive(), 20)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return ws.ws.close_code
            body = json.loads(message.data)
            if body["type"] == "error":
                assert body["code"] not in ("internal", "")
                assert body["message"]
            if body.get("id") == 99:
                return None


def post(live, path, body):
    status, answer, _headers = live.do(
        live.bench.request(
            "POST", path, data=body, headers={"Content-Type": "application/json"}
        )
    )
    return status, answer
