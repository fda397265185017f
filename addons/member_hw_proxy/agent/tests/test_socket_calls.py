"""The socket: what it has devices do, and which orders to write are carried out."""

import hashlib
import json
import threading
import time

import odoo_half
import pytest
from server_bench import ALL, OTHER_ORIGIN, PATIENCE_S, UID, play

from member_hw_agent import drivers
from member_hw_agent.drivers.simulator.display import SimulatedDisplay
from member_hw_agent.values import Action

# === WHAT IT DOES === #


def test_a_call_is_done_and_answered(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("display", "setup")) as ws:
            answer = await ws.call("display", "show", {"lines": ["合计 12.00"]})
            assert answer == {"type": "result", "id": 1, "value": {"shown": True}}
            world = await ws.call("display", "simulate")
            assert world["value"]["lines"] == ["合计 12.00"]

    play(tmp_path, scene)


def test_what_a_device_refuses_is_an_error_with_code_and_sentence(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ALL) as ws:
            await bench.simulate("printer", fail_next="cover_open")
            answer = await ws.call("printer", "open_drawer")
            assert (answer["type"], answer["code"]) == ("error", "cover_open")
            assert answer["message"]
            for device, action, params, code in (
                ("nobody", "test", {}, "no_device"),
                ("printer", "fly", {}, "unsupported"),
                ("display", "show", {"lines": "x"}, "bad_request"),
                ("display", "show", {"other": 1}, "bad_request"),
            ):
                assert (await ws.call(device, action, params))["code"] == code

    play(tmp_path, scene)


@pytest.mark.parametrize("scope", ALL)
def test_each_action_needs_its_scope(tmp_path, scope):
    actions = {
        "print": ("printer", "open_drawer", {}),
        "display": ("display", "clear", {}),
        "card.read": ("reader", "inspect", {}),
        "setup": ("printer", "test", {}),
        "card.write": ("reader", "write", {"order": "x"}),
    }

    async def scene(bench):
        odoo = await bench.pair()
        for needed, (device, action, params) in actions.items():
            async with bench.session(odoo, (scope,)) as ws:
                answer = await ws.call(device, action, params)
                is_refused = answer.get("code") == "scope"
                assert is_refused == (needed != scope)
                if is_refused:
                    assert (await ws.closed())[0] == 4403

    play(tmp_path, scene)


def test_a_print_job_sent_again_after_a_break_prints_once(tmp_path):
    async def scene(bench):
        odoo, other = await bench.pair(), await bench.pair(OTHER_ORIGIN)
        params = {"lines": [{"text": "hello"}]}
        for _ in range(2):
            async with bench.session(odoo, ("print",)) as ws:
                for _ in range(2):
                    answer = await ws.call("printer", "print_text", params, key="job")
                    assert answer["value"]["printed"] is True
        assert (await bench.simulate("printer"))["jobs"] == 1
        async with bench.session(other, ("print",)) as ws:
            await ws.call("printer", "print_text", params, key="job")
        assert (await bench.simulate("printer"))["jobs"] == 2

    play(tmp_path, scene)


def test_a_print_job_that_failed_prints_when_it_is_sent_again(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        params = {"lines": [{"text": "hello"}]}
        async with bench.session(odoo, ("print",)) as ws:
            await bench.simulate("printer", paper="out")
            answer = await ws.call("printer", "print_text", params, key="job")
            assert answer["code"] == "paper_out"
            await bench.simulate("printer", paper="ok")
            answer = await ws.call("printer", "print_text", params, key="job")
            assert answer["type"] == "result"
        assert (await bench.simulate("printer"))["jobs"] == 1

    play(tmp_path, scene)


def test_inspecting_a_card_gives_a_sealed_reading(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("card.read",)) as ws:
            assert (await ws.call("reader", "inspect"))["value"] == {"present": False}
            await bench.simulate("reader", tap={"uid": UID})
            first = await ws.call("reader", "inspect")
            assert UID not in json.dumps(first)
            second = await ws.call("reader", "inspect")
            readings = [
                odoo.unseal("reading", one["value"]["reading"])
                for one in (first, second)
            ]
            assert {one["uid"] for one in readings} == {UID}
            assert readings[0]["jti"] != readings[1]["jti"]

    play(tmp_path, scene)


def test_a_device_that_hangs_holds_up_nobody(tmp_path):
    hangs, release = threading.Event(), threading.Event()

    class Stubborn(SimulatedDisplay):
        def actions(self):
            return {**super().actions(), "hang": Action(self.hang, "display", 60)}

        def hang(self, _params):
            hangs.set()
            return release.wait(PATIENCE_S)

    async def scene(bench):
        odoo = await bench.pair()
        (pairing,) = bench.pairings.all()
        async with bench.session(odoo, ("display", "print")) as ws:
            hang = {"type": "call", "id": 50, "device": "display", "action": "hang"}
            await ws.send(hang)
            await bench.until(hangs.is_set)
            assert (await ws.call("printer", "open_drawer"))["type"] == "result"
            assert await bench.rpc(pairing, "handshake") is True
            assert (await bench.request("GET", "/health", None))[0] == 200
            release.set()
            assert await ws.receive() == {"type": "result", "id": 50, "value": True}

    def load(name):
        return Stubborn if name == "simulator.display" else drivers.load(name)

    play(tmp_path, scene, load=load)


def test_a_driver_that_answers_nonsense_costs_one_call(tmp_path, caplog):
    class Odd(SimulatedDisplay):
        def actions(self):
            return {**super().actions(), "odd": Action(lambda _: object(), "display")}

    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("display",)) as ws:
            answer = await ws.call("display", "odd")
            assert (answer["type"], answer["code"]) == ("error", "internal")
            assert (await ws.call("display", "clear"))["type"] == "result"

    def load(name):
        return Odd if name == "simulator.display" else drivers.load(name)

    play(tmp_path, scene, load=load)
    assert "TypeError" in caplog.text
    assert "Traceback" not in caplog.text


# === ORDERS === #


def test_an_order_is_carried_out_and_its_receipt_is_for_odoo(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        content = b"member application"
        async with bench.session(odoo, ("card.write",)) as ws:
            await bench.simulate("reader", tap={"uid": UID})
            order = odoo.order(uid=UID, card="line-1", content=content.hex())
            answer = await ws.call("reader", "write", {"order": order})
            assert answer["value"]["result"] == "written"
            receipt = odoo.unseal("receipt", answer["value"]["receipt"])
            assert receipt["card"] == "line-1"
            assert receipt["uid"] == UID
            assert receipt["content_sha256"] == hashlib.sha256(content).hexdigest()
            again = odoo.order(uid=UID, card="line-1", content=content.hex())
            answer = await ws.call("reader", "write", {"order": again})
            assert answer["value"]["result"] == "same"

    play(tmp_path, scene)


def test_an_order_is_good_once(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("card.write",)) as ws:
            await bench.simulate("reader", tap={"uid": UID})
            order = odoo.order(uid=UID, content="01")
            assert (await ws.call("reader", "write", {"order": order}))["value"]
            answer = await ws.call("reader", "write", {"order": order})
            assert answer["code"] == "replayed"

    play(tmp_path, scene)


ORDERS = {
    "another agent's": ({"agent": "another"}, "bad_seal"),
    "another pairing's": ({"secret": b"x" * 32}, "bad_seal"),
    "a reading": ({"purpose": "reading"}, "bad_seal"),
    "expired": ({"exp": -1}, "expired"),
    "too old": ({"iat": -3600, "exp": 60}, "expired"),
    "from the future": ({"iat": 3600, "exp": 3660}, "clock"),
    "for formatting": ({"op": "format"}, "bad_request"),
    "for nothing": ({"op": "explode"}, "malformed"),
    "for the keys": ({"op": "inspect_keys"}, "malformed"),
    "lower-case uid": ({"uid": UID.lower()}, "malformed"),
    "half a byte": ({"content": "0"}, "malformed"),
    "no content": ({"content": None}, "malformed"),
    "too much": ({"content": "00" * 4097}, "malformed"),
    "no keys": ({"keys": None}, "malformed"),
    "keys as text": ({"keys": {"key_a": "FFGG"}}, "malformed"),
    "no card": ({"card": ""}, "malformed"),
    "for another card": ({"uid": "11223344"}, "wrong_card"),
}


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_that_is_not_good_writes_nothing(tmp_path, case):
    change, code = ORDERS[case]

    async def scene(bench):
        odoo = await bench.pair()
        now = int(time.time())
        body = {
            "op": "write",
            "card": "line-1",
            "uid": UID,
            "content": "0102",
            "keys": {},
            "iat": now,
            "exp": now + 60,
            "jti": "once",
        }
        for name in set(body) & set(change):
            is_time = name in ("iat", "exp")
            body[name] = now + change[name] if is_time else change[name]
        order = odoo_half.seal(
            change.get("secret", odoo.secret),
            change.get("purpose", "order"),
            change.get("agent", odoo.agent_id),
            body,
        )
        async with bench.session(odoo, ("card.write", "card.read")) as ws:
            await bench.simulate("reader", tap={"uid": UID})
            answer = await ws.call("reader", "write", {"order": order})
            assert (answer["type"], answer["code"]) == ("error", code)
            assert (await ws.call("reader", "inspect"))["value"]["is_blank"] is True

    play(tmp_path, scene)


@pytest.mark.parametrize("order", [None, 1, "", "AAAA", [], {"op": "write"}], ids=str)
def test_an_order_that_is_none_is_refused(tmp_path, order):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("card.write",)) as ws:
            answer = await ws.call("reader", "write", {"order": order})
            assert (answer["type"], answer["code"]) == ("error", "malformed")

    play(tmp_path, scene)
