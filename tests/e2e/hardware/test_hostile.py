"""A page or a program that means ill to the agent: it gets nothing and breaks nothing.

The agent listens on loopback only, and every page that is open on the till's computer
can send it requests. Its printer is a simulated one: a drawer that a stranger opened
would show in its jobs.
"""

import http.client
import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import websocket

from tests.support.agent import LIMIT, Agent
from tests.support.agent_socket import AgentSocket, Closed, Refused
from tests.support.hardware import capability, connect, mint, pair

DEVICES = """
[discover]
drivers = []
[[device]]
id = "printer"
driver = "simulator.printer"
[[device]]
id = "reader"
driver = "simulator.reader"
"""

ATTACK = """
async ([port, capability]) => {
    const agent = `http://localhost:${port}`;
    const json = { "Content-Type": "application/json" };
    const job = JSON.stringify({ params: { data: { action: "cashbox" } } });
    const stock = `${agent}/${capability}/hw_proxy/default_printer_action`;
    const attempts = {
        health: () => fetch(`${agent}/health`),
        healthOpaque: () => fetch(`${agent}/health`, { mode: "no-cors" }),
        drawer: () => fetch(stock, {
            method: "POST", headers: json, body: job,
        }),
        drawerSimple: () => fetch(stock, {
            method: "POST", mode: "no-cors", body: job,
        }),
        drawerBeacon: async () => {
            navigator.sendBeacon(stock, job);
            throw new Error("a beacon has no answer");
        },
        pair: () => fetch(`${agent}/v1/pair`, {
            method: "POST", headers: json, body: JSON.stringify({ proof: "" }),
        }),
        socket: () => new Promise((resolve, reject) => {
            const ws = new WebSocket(`ws://localhost:${port}/v1/socket`);
            ws.onopen = resolve;
            ws.onerror = reject;
        }),
    };
    const seen = {};
    for (const [name, attempt] of Object.entries(attempts)) {
        try {
            const answer = await attempt();
            seen[name] = answer.type === "opaque" ? "opaque" : answer.status || "open";
        } catch {
            seen[name] = "refused";
        }
    }
    return seen;
}
"""


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    agent = Agent(tmp_path_factory.mktemp("agent"), DEVICES, name="hostile").start()
    yield agent
    agent.stop()
    agent.check_log()


@pytest.fixture(scope="module")
def agent_id(agent, server, shop):
    return pair(agent, server, shop, tills=[0])


@pytest.fixture
def till(shop, server, agent_id):
    return shop.till(server)


@pytest.fixture(autouse=True)
def unharmed(agent, server, shop, agent_id):
    """After each attack the drawer is shut, and the till's own page is served."""
    yield
    with AgentSocket(agent, server.url) as mine:
        mine.authenticate(mint(shop, agent_id, scp=["events", "setup", "print"]))
        world = mine.call("printer", "simulate")
        assert (world["jobs"], world["drawer"]) == (0, 0)


@pytest.fixture
def foreign_site(tmp_path):
    """Give the address of somebody else's web server, on this computer."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Free games</title>")
    handler = partial(QuietHandler, directory=str(tmp_path))
    site = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()
    site.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """Say nothing: pytest would show it."""


# === PAGES === #


def test_page_of_another_site(page, agent, shop, till, foreign_site):
    """Even one that knows the secret path reads nothing and moves nothing."""
    page.goto(foreign_site)
    seen = page.evaluate(ATTACK, [agent.port, capability(shop)])
    assert seen == {
        "health": "refused",
        # answered, but the page cannot read it
        "healthOpaque": "opaque",
        "drawer": "refused",
        "drawerSimple": "opaque",
        "drawerBeacon": "refused",
        "pair": 400,
        "socket": "refused",
    }


@pytest.mark.parametrize("path", ["/health", "/v1/pair", "/v1/socket", "/x/hw_proxy/y"])
def test_name_that_points_to_this_computer(agent, till, path):
    """DNS rebinding: a page of evil.example whose name leads here."""
    for host in (f"evil.example:{agent.port}", "localhost", f"localhost:{agent.port}0"):
        status, answer = agent.request("GET", path, headers={"Host": host})
        assert status == 421, (path, host, answer)


def test_own_origin_without_the_secret_path(agent, server, till):
    """Odoo's origin is not enough for the stock routes."""
    status, _answer = agent.request(
        "POST",
        f"/{'A' * 22}/hw_proxy/default_printer_action",
        {"params": {"data": {"action": "cashbox"}}},
        {"Origin": server.url},
    )
    assert status in (403, 404)


def test_secret_path_without_an_origin(agent, shop, till):
    """A program that sends no origin is no page of ours."""
    path = f"/{capability(shop)}/hw_proxy/default_printer_action"
    status, _answer = agent.request(
        "POST", path, {"params": {"data": {"action": "cashbox"}}}
    )
    assert status == 403


# === TOKENS === #


def test_token_is_good_once(agent, server, till):
    token = connect(till)
    with AgentSocket(agent, server.url) as first:
        assert first.authenticate(token)["type"] == "ready"
        with AgentSocket(agent, server.url) as second:
            assert refusal(second, token) == 4401


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": -120, "exp": -60},
        {"iat": 600, "exp": 660},
        {"til": -1},
        {"til": 7 * 24 * 3600},
        {"aud": "0" * 32},
        {"org": "http://127.0.0.1:1"},
        {"v": 2},
        {"scp": ["events", "everything"]},
        {"scp": ["card.write"], "til": 3600},
    ],
    ids=str,
)
def test_token_that_is_not_right(agent, server, shop, agent_id, changes):
    """Expired, of tomorrow, for another agent, another page, too long, too much."""
    with AgentSocket(agent, server.url) as socket_:
        assert refusal(socket_, mint(shop, agent_id, **changes)) == 4401


def test_token_that_was_changed(agent, server, till):
    payload, seal = connect(till).split(".")
    for token in (
        f"{payload[:-4]}AAAA.{seal}",
        f"{payload}.{seal[:-4]}AAAA",
        payload,
        "",
        seal * 2000,
    ):
        with AgentSocket(agent, server.url) as socket_:
            assert refusal(socket_, token) in (4400, 4401)


def test_token_of_another_page(agent, server, till, foreign_site):
    """Stolen, it opens nothing from elsewhere: the handshake itself is refused."""
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        AgentSocket(agent, foreign_site)
    assert caught.value.status_code == 403


def test_till_may_not_write_cards_or_change_devices(agent, server, till):
    """What the token does not name is refused, whatever the page asks."""
    with AgentSocket(agent, server.url) as mine:
        mine.authenticate(connect(till))
        for action, params in (("write", {"order": "AAAA"}), ("simulate", {})):
            with pytest.raises((Closed, Refused)) as caught:
                mine.call("reader", action, params)
            assert caught.value.code in (4403, "scope")
            if isinstance(caught.value, Closed):
                break


def refusal(socket_, token):
    """Present a token that must be refused; return the close code."""
    with pytest.raises(Closed) as caught:
        socket_.authenticate(token)
    return caught.value.code


# === PAIRING === #


def test_codes_cannot_be_guessed(agent, server, till):
    """Five wrong ones and the code is dead; each attempt takes a second."""
    client = server.client()
    with agent.pairing_code(exit_code=1) as code:
        wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
        begun = client.call(
            "member.hw.agent", "pair_begin", wrong, server.url, agent.url
        )
        refused = [
            attempt(agent, server, begun["body"], {403, 409}) for _number in range(5)
        ]
        assert [answer["code"] for answer in refused][-1] == "spent"
        right = client.call(
            "member.hw.agent", "pair_begin", code, server.url, agent.url
        )
        attempt(agent, server, right["body"], {403, 409})


def attempt(agent, server, body, expected):
    """Try once, as often as the agent says that it was too early.

    No faster than the page may ask: what it asks next must still be answered.
    """

    def tried():
        answer = agent.request("POST", "/v1/pair", body, {"Origin": server.url})
        return answer if answer[0] != 429 else None

    status, answer = agent.wait_for(tried)
    assert status in expected, answer
    return answer


# === BYTES === #


def test_bodies_that_are_not_taken(agent, server, shop, till):
    path = f"/{capability(shop)}/hw_proxy/handshake"
    origin = {"Origin": server.url}
    plain = {**origin, "Content-Type": "text/plain"}
    packed = {
        **origin,
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    json_ = {**origin, "Content-Type": "application/json"}
    for body, headers, expected in (
        (b"{}", plain, 415),
        (b"\x1f\x8b", packed, 415),
        (b"{", json_, 400),
        (b"[" * 100_000, json_, 400),
        (b'{"a":1,"a":2}', json_, 400),
        (b"\xff\xfe", json_, 400),
    ):
        status, answer = agent.request("POST", path, body, headers)
        assert status == expected, (body[:20], answer)


def test_body_without_an_end(agent, server, shop, till):
    """A claim of gigabytes is refused before they come."""
    path = f"/{capability(shop)}/hw_proxy/handshake"
    with socket.create_connection(("127.0.0.1", agent.port), LIMIT) as raw:
        raw.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost:{agent.port}\r\n"
            f"Origin: {server.url}\r\nContent-Type: application/json\r\n"
            f"Content-Length: 9000000000\r\n\r\n{{".encode()
        )
        assert b" 413 " in raw.recv(4096)


def test_what_is_not_http(agent, till):
    for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"HELO x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", agent.port), LIMIT) as raw:
            raw.sendall(data)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(4096):
                pass


def test_connections_that_say_nothing(agent, till):
    """They are let go of after ten seconds; the till gets in again by itself."""
    idle = [
        socket.create_connection(("127.0.0.1", agent.port), LIMIT)
        for _number in range(64)
    ]
    try:
        for raw in idle:
            raw.sendall(b"GET /health HTTP/1.1\r\nHost: local")
        agent.wait_for(agent.answers)
    finally:
        for raw in idle:
            raw.close()


@pytest.mark.parametrize(
    "message",
    ["", "x", "[]", "{}", '{"type": "call"}', '{"type": "auth"}', "9" * 3_000_000],
    ids=lambda text: text[:16] or "empty",
)
def test_first_message_that_is_no_token(agent, server, till, message):
    with AgentSocket(agent, server.url) as socket_:
        try:
            socket_.send(message)
            assert socket_.close_code() in (1009, 4400, 4401)
        except OSError:
            assert len(message) > 2**21  # cut off before it had all come


def test_messages_that_make_no_sense(agent, server, till):
    for message in ('{"type": "no"}', '{"type": "call", "id": {}}', "\x00", "[[["):
        with AgentSocket(agent, server.url) as socket_:
            socket_.authenticate(connect(till))
            socket_.send(message)
            assert socket_.close_code() == 4400


def test_page_that_does_not_read(agent, server, till):
    """A page that asks and asks and never reads is cut off, or waits; others do not."""
    deaf = AgentSocket(agent, server.url)
    deaf.authenticate(connect(till))
    try:
        deaf.ws.settimeout(5)
        for _number in range(5000):
            deaf.send({"type": "call", "id": 1, "device": "x" * 50, "action": "y"})
    except (OSError, websocket.WebSocketException, http.client.HTTPException):
        pass  # cut off, which is one right answer
    finally:
        deaf.ws.sock.close()
    agent.wait_for(agent.answers)
