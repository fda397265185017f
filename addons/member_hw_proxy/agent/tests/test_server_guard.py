"""What a hostile page, or a program on this computer, can not do to the server."""

import json

import odoo_half
import pytest
from server_bench import ORIGIN, OTHER_ORIGIN, PATIENCE_S, play

from member_hw_agent.server.guard import MAX_BODY
from member_hw_agent.server.limits import Limits

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost",
        "localhost:1",
        "127.0.0.1.evil.example:{port}",
        "localhost.:{port}",
        "LOCALHOST:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
def test_another_name_for_this_computer_is_refused(tmp_path, host):
    """DNS rebinding: the page's own name leads here, its Host header tells."""

    async def scene(bench):
        await bench.pair()
        for path in ("/health", "/v1/pair", "/v1/socket", "/"):
            code, answer, headers = await bench.request(
                "GET", path, headers={"Host": host.format(port=bench.port)}
            )
            assert (code, answer["code"]) == (421, "wrong_host")
            assert "Access-Control-Allow-Origin" not in headers

    play(tmp_path, scene)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_the_names_of_loopback_are_taken(tmp_path, host):
    async def scene(bench):
        headers = {"Host": f"{host}:{bench.port}"}
        assert (await bench.request("GET", "/health", None, headers))[0] == 200

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://pos.example.com",
        "https://pos.example.com:444",
        "https://pos.example.com.evil.example",
        "https://POS.example.com",
        "https://evil.example",
        "https://pos.example.com, https://evil.example",
    ],
)
def test_a_page_of_another_origin_is_refused_and_reads_nothing(tmp_path, origin):
    async def scene(bench):
        odoo = await bench.pair()
        paths = (
            ("GET", "/v1/socket"),
            ("GET", f"/{odoo.capability}/hw_proxy/hello"),
            ("POST", f"/{odoo.capability}/hw_proxy/handshake"),
            ("GET", "/nothing"),
        )
        for verb, path in paths:
            code, answer, headers = await bench.request(verb, path, origin)
            assert (code, answer["code"]) == (403, "wrong_origin")
            assert "Access-Control-Allow-Origin" not in headers
        code, _answer, headers = await bench.request(
            "OPTIONS",
            paths[2][1],
            origin,
            {"Access-Control-Request-Method": "POST"},
        )
        assert code == 403
        assert "Access-Control-Allow-Origin" not in headers

    play(tmp_path, scene)


def test_two_origin_headers_are_none(tmp_path):
    async def scene(bench):
        await bench.pair()
        answer = await bench.raw(
            b"GET /nothing HTTP/1.1\r\nHost: localhost:%d\r\n"
            b"Origin: %s\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n"
            % (bench.port, ORIGIN.encode())
        )
        assert b" 403 " in answer.splitlines()[0] or b" 400 " in answer.splitlines()[0]

    play(tmp_path, scene)


def test_a_foreign_page_learns_nothing_from_the_health_page(tmp_path):
    async def scene(bench):
        await bench.pair()
        code, _answer, headers = await bench.request(
            "GET", "/health", "https://evil.example"
        )
        assert code == 403
        assert "Access-Control-Allow-Origin" not in headers
        code, page, headers = await bench.request("GET", "/health", None)
        assert code == 200
        assert "Access-Control-Allow-Origin" not in headers
        assert "Simulated printer" in page
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

    play(tmp_path, scene)


def test_the_health_page_tells_no_secret(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        await bench.simulate("reader", tap={"uid": "04A1B2C3D4E5F6"})
        _code, page, _headers = await bench.request("GET", "/health", None)
        _code, found, _headers = await bench.request(
            "GET", "/health", None, {"Accept": "application/json"}
        )
        for text in (page, json.dumps(found)):
            assert odoo.capability not in text
            assert odoo.secret.hex() not in text
            assert ORIGIN not in text
            assert "04A1B2C3D4E5F6" not in text

    play(tmp_path, scene)


def test_a_preflight_names_the_one_page_and_allows_the_private_network(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        for path in (f"/{odoo.capability}/hw_proxy/handshake", "/v1/pair"):
            code, _answer, headers = await bench.request(
                "OPTIONS",
                path,
                headers={
                    "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "content-type",
                    "Access-Control-Request-Private-Network": "true",
                },
            )
            assert code == 204
            assert headers["Access-Control-Allow-Origin"] == ORIGIN
            assert headers["Access-Control-Allow-Private-Network"] == "true"
            assert headers["Access-Control-Allow-Headers"] == "Content-Type"
            assert "Origin" in headers["Vary"]
            assert "Access-Control-Allow-Credentials" not in headers

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("headers", "body", "expected", "code"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415, "content_type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 415, None),
        ({"Content-Type": "application/json; charset=utf-16"}, b"{}", 415, None),
        ({**JSON, "Content-Encoding": "gzip"}, b"\x1f\x8b", 415, None),
        (JSON, b"x" * (MAX_BODY + 1), 413, "too_large"),
        (JSON, b"", 400, "malformed"),
        (JSON, b"{", 400, "malformed"),
        (JSON, b"\xff\xfe", 400, "malformed"),
        (JSON, b"[]", 400, "malformed"),
        (JSON, b"null", 400, "malformed"),
        (JSON, b'{"a":NaN}', 400, "malformed"),
        (JSON, b'{"a":1e999}', 400, "malformed"),
        (JSON, b'{"a":' + b"9" * 5000 + b"}", 400, "malformed"),
        (JSON, b'{"a":1,"a":2}', 400, "malformed"),
        (JSON, b'{"a":"\\ud800"}', 400, "malformed"),
        (JSON, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "malformed"),
        (JSON, b'{"a":' + b"[" * 20 + b"]" * 20 + b"}", 400, "malformed"),
        (JSON, b'{"a":[' + b"1," * 30_000 + b"1]}", 400, "malformed"),
    ],
    ids=range(18),
)
def test_a_body_that_is_not_plain_json_is_refused(
    tmp_path, headers, body, expected, code
):
    async def scene(bench):
        odoo = await bench.pair()
        for path in (f"/{odoo.capability}/hw_proxy/handshake", "/v1/pair"):
            found, answer, _headers = await bench.request(
                "POST", path, headers=headers, data=body
            )
            assert found == expected
            assert code in (None, answer["code"])
            assert answer["message"]

    play(tmp_path, scene)


def test_a_body_without_length_that_grows_too_large_is_refused(tmp_path):
    async def chunks():
        for _ in range(40):
            yield b"x" * 65536

    async def scene(bench):
        odoo = await bench.pair()
        found, answer, _headers = await bench.request(
            "POST",
            f"/{odoo.capability}/hw_proxy/handshake",
            headers=JSON,
            data=chunks(),
        )
        assert (found, answer["code"]) == (413, "too_large")

    play(tmp_path, scene)


def test_a_body_that_never_comes_is_given_up(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        answer = await bench.raw(
            b"POST /%s/hw_proxy/handshake HTTP/1.1\r\nHost: localhost:%d\r\n"
            b"Origin: %s\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
            b"\r\n{" % (odoo.capability.encode(), bench.port, ORIGIN.encode())
        )
        assert b" 408 " in answer.splitlines()[0]

    play(tmp_path, scene, limits=Limits(read_s=0.2))


@pytest.mark.parametrize(
    "start", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "]
)
def test_a_head_that_never_ends_is_given_up(tmp_path, start):
    async def scene(bench):
        assert await bench.raw(start) == b""
        assert (await bench.request("GET", "/health", None))[0] == 200

    play(tmp_path, scene, limits=Limits(read_s=0.2))


def test_a_second_head_that_never_ends_is_given_up(tmp_path):
    async def scene(bench):
        answer = await bench.raw(
            b"GET /health HTTP/1.1\r\nHost: localhost:%d\r\n\r\nGET / HT" % bench.port
        )
        assert answer.startswith(b"HTTP/1.1 200")

    play(tmp_path, scene, limits=Limits(read_s=0.2))


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: secret\x00\r\n\r\n",
    ],
    ids=range(8),
)
def test_what_is_not_http_gets_a_plain_refusal(tmp_path, data, caplog):
    async def scene(bench):
        answer = await bench.raw(data)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.split()[1] in (b"400", b"421")
        assert json.loads(body)["code"] in ("malformed", "wrong_host")

    play(tmp_path, scene, limits=Limits(read_s=1))
    assert "Traceback" not in caplog.text
    assert "secret" not in caplog.text


def test_a_flood_is_slowed_down_and_others_are_not(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        other = await bench.pair(OTHER_ORIGIN)
        path = f"/{odoo.capability}/hw_proxy/hello"
        codes = [(await bench.request("GET", path))[0] for _ in range(8)]
        assert codes == [200] * 5 + [429] * 3
        foreign = [
            (await bench.request("GET", "/", "https://evil.example"))[0]
            for _ in range(8)
        ]
        assert set(foreign) == {403, 429}
        path = f"/{other.capability}/hw_proxy/hello"
        assert (await bench.request("GET", path, OTHER_ORIGIN))[0] == 200

    play(tmp_path, scene, limits=Limits(rate_per_s=0.001, burst=5))


def test_more_connections_than_there_may_be_are_turned_away(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo):
            async with bench.session(odoo):
                answer = await bench.raw(b"GET /health HTTP/1.1\r\n\r\n")
                assert answer.startswith(b"HTTP/1.1 503")
                assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "busy"
        await bench.until(lambda: not bench.context.sessions)
        assert (await bench.request("GET", "/health", None))[0] == 200

    play(tmp_path, scene, limits=Limits(connections=2, read_s=PATIENCE_S))


def test_a_damaged_state_is_told_without_a_traceback(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        bench.agent.state.path("pairings").write_text("{")
        code, answer, _headers = await bench.request(
            "GET", f"/{odoo.capability}/hw_proxy/hello"
        )
        assert (code, answer["code"]) == (503, "state")

    play(tmp_path, scene)


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH", "GET", "TRACE"])
def test_another_verb_is_refused(tmp_path, verb):
    async def scene(bench):
        odoo = await bench.pair()
        code, answer, _headers = await bench.request(
            verb, f"/{odoo.capability}/hw_proxy/handshake"
        )
        assert (code, answer["code"]) == (405, "method")

    play(tmp_path, scene)


def test_pairing_cannot_be_tried_fast(tmp_path):
    async def scene(bench):
        code = bench.pairings.begin()
        wrong = ("1" if code[0] == "0" else "0") + code[1:]
        odoo = odoo_half.OdooHalf("https://evil.example")
        answers = [
            await bench.request(
                "POST", "/v1/pair", odoo.origin, json=odoo.pair_request(wrong)
            )
            for _ in range(6)
        ]
        assert [(code, one["code"]) for code, one, _headers in answers] == [
            (403, "wrong_code"),
            *[(429, "rate")] * 5,
        ]
        assert bench.pairings.outcome() == "waiting"

    play(tmp_path, scene, limits=Limits(pairing_rate_per_s=0.001))


def test_pairing_cannot_be_guessed(tmp_path):
    async def scene(bench):
        code = bench.pairings.begin()
        odoo = odoo_half.OdooHalf("https://evil.example")
        found = []
        for letter in "23456789":
            wrong = odoo.pair_request(letter * 8)
            _code, answer, _headers = await bench.request(
                "POST", "/v1/pair", odoo.origin, json=wrong
            )
            found.append(answer["code"])
        assert found == ["wrong_code"] * 4 + ["spent"] + ["no_code"] * 3
        _code, answer, _headers = await bench.request(
            "POST", "/v1/pair", odoo.origin, json=odoo.pair_request(code)
        )
        assert answer["code"] == "no_code"
        assert not bench.pairings.all()

    play(tmp_path, scene, limits=Limits(pairing_rate_per_s=1e9))
