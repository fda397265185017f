"""The stock routes, asked as Odoo's own point of sale asks them."""

import asyncio
import base64

import pytest
from server_bench import ORIGIN, OTHER_ORIGIN, UID, RpcError, play

from member_hw_agent.server.limits import Limits

RECEIPT = base64.b64encode(b"a picture").decode()


def receipt(**more):
    return {"data": {"action": "print_receipt", "receipt": RECEIPT, **more}}


async def stock(bench, origin=ORIGIN):
    return bench.pairings.add_stock(origin)


async def jobs(bench):
    return (await bench.simulate("printer"))["jobs"]


def test_hello_is_a_ping(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        code, answer, headers = await bench.request(
            "GET", f"/{pairing.capability}/hw_proxy/hello"
        )
        assert (code, answer) == (200, "ping")
        assert headers["Access-Control-Allow-Origin"] == ORIGIN

    play(tmp_path, scene)


def test_the_handshake_is_true(tmp_path):
    async def scene(bench):
        assert await bench.rpc(await stock(bench), "handshake") is True

    play(tmp_path, scene)


def test_the_status_names_printer_scanner_and_scale(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        found = await bench.rpc(pairing, "status_json")
        assert found["printer"] == {"status": "connected", "messages": []}
        assert found["scanner"] == {"status": "connected", "messages": []}
        assert found["scale"]["status"] == "disconnected"
        await bench.simulate("printer", paper="out")
        await bench.until(
            lambda: bench.agent.stock_device("printer").code == "paper_out"
        )
        found = await bench.rpc(pairing, "status_json")
        assert found["printer"]["status"] == "error"
        assert "paper" in found["printer"]["messages"][0]

    play(tmp_path, scene)


def test_an_agent_without_devices_says_so(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        found = await bench.rpc(pairing, "status_json")
        assert {one["status"] for one in found.values()} == {"disconnected"}
        answer = await bench.rpc(pairing, "default_printer_action", receipt())
        assert answer["result"] is False
        assert answer["code"] == "no_device"

    play(tmp_path, scene, devices=())


def test_a_receipt_prints_and_the_drawer_opens(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        assert await bench.rpc(pairing, "default_printer_action", receipt()) is True
        cashbox = {"data": {"action": "cashbox"}}
        assert await bench.rpc(pairing, "default_printer_action", cashbox) is True
        world = await bench.simulate("printer")
        assert (world["jobs"], world["drawer"]) == (1, 1)

    play(tmp_path, scene)


def test_a_printer_without_paper_is_told_and_the_retry_prints_once(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        await bench.simulate("printer", paper="out")
        job = receipt(key="order-1")
        answer = await bench.rpc(pairing, "default_printer_action", job)
        assert answer["result"] is False
        assert answer["code"] == "paper_out"
        assert answer["message"]
        await bench.simulate("printer", paper="ok")
        assert await bench.rpc(pairing, "default_printer_action", job) is True
        assert await bench.rpc(pairing, "default_printer_action", job) is True
        assert await jobs(bench) == 1

    play(tmp_path, scene)


def test_a_job_sent_twice_at_once_prints_once(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        job = receipt(key="job-1")
        answers = await asyncio.gather(
            *(bench.rpc(pairing, "default_printer_action", job) for _ in range(6))
        )
        assert answers == [True] * 6
        assert await jobs(bench) == 1
        # without a key, as Odoo's own till sends it, each is a job
        await bench.rpc(pairing, "default_printer_action", receipt())
        await bench.rpc(pairing, "default_printer_action", receipt())
        assert await jobs(bench) == 3

    play(tmp_path, scene)


def test_the_same_key_of_another_till_is_another_job(tmp_path):
    async def scene(bench):
        first, second = await stock(bench), await stock(bench, OTHER_ORIGIN)
        job = receipt(key="job-1")
        await bench.rpc(first, "default_printer_action", job)
        await bench.rpc(second, "default_printer_action", job, OTHER_ORIGIN)
        assert await jobs(bench) == 2

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"data": None},
        {"data": []},
        {"data": {}},
        {"data": {"action": "format_disk"}},
        {"data": {"action": ["print_receipt"]}},
        {"data": {"action": "print_receipt", "receipt": RECEIPT, "key": 1}},
        {"data": {"action": "print_receipt", "receipt": RECEIPT, "key": "x" * 129}},
    ],
    ids=str,
)
def test_a_printer_action_that_is_none_is_an_rpc_error(tmp_path, params):
    async def scene(bench):
        with pytest.raises(RpcError) as caught:
            await bench.rpc(await stock(bench), "default_printer_action", params)
        assert caught.value.code == "bad_request"
        assert caught.value.error["message"]
        assert await jobs(bench) == 0

    play(tmp_path, scene)


@pytest.mark.parametrize("picture", [None, 5, "", "no picture", {"a": 1}])
def test_a_receipt_that_is_no_picture_is_not_printed(tmp_path, picture):
    async def scene(bench):
        answer = await bench.rpc(
            await stock(bench),
            "default_printer_action",
            {"data": {"action": "print_receipt", "receipt": picture}},
        )
        assert answer["result"] is False
        assert answer["code"] == "bad_request"

    play(tmp_path, scene)


def test_a_scan_comes_to_the_till_that_waits(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        waiting = asyncio.ensure_future(bench.rpc(pairing, "scanner"))
        await bench.until(lambda: bench.agent.bus._subscriptions)
        await bench.simulate("reader", scan="4006381333931")
        assert await waiting == "4006381333931"

    play(tmp_path, scene)


def test_a_scan_between_two_requests_is_not_lost_and_comes_once(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        assert await bench.rpc(pairing, "scanner") is None
        await bench.simulate("reader", scan="first")
        await bench.simulate("reader", scan="second")
        assert await bench.rpc(pairing, "scanner") == "first"
        assert await bench.rpc(pairing, "scanner") == "second"
        assert await bench.rpc(pairing, "scanner") is None

    play(tmp_path, scene, limits=Limits(scan_wait_s=0.3))


def test_a_tab_that_was_closed_takes_no_scan_away(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        gone = asyncio.ensure_future(bench.rpc(pairing, "scanner"))
        await bench.until(lambda: bench.agent.bus._subscriptions)
        gone.cancel()
        await bench.until(lambda: not bench.agent.bus._subscriptions)
        await bench.simulate("reader", scan="4006381333931")
        assert await bench.rpc(pairing, "scanner") == "4006381333931"

    play(tmp_path, scene)


def test_a_till_without_the_add_on_gets_the_chip_number_of_a_tap(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        assert await bench.rpc(pairing, "scanner") is None
        await bench.simulate("reader", tap={"uid": UID})
        assert await bench.rpc(pairing, "scanner") == UID

    play(tmp_path, scene, limits=Limits(scan_wait_s=0.3))


def test_a_till_with_the_add_on_gets_no_chip_number(tmp_path):
    async def scene(bench):
        await bench.pair()
        (pairing,) = bench.pairings.all()
        assert await bench.rpc(pairing, "scanner") is None
        await bench.simulate("reader", tap={"uid": UID})
        await bench.simulate("reader", scan="4006381333931")
        assert await bench.rpc(pairing, "scanner") == "4006381333931"

    play(tmp_path, scene, limits=Limits(scan_wait_s=0.3))


def test_only_the_scanner_that_the_settings_name_is_heard(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        assert await bench.rpc(pairing, "scanner") is None
        await bench.simulate("reader", scan="4006381333931")
        assert await bench.rpc(pairing, "scanner") is None

    play(
        tmp_path,
        scene,
        limits=Limits(scan_wait_s=0.2),
        stock={"scanner": "another"},
    )


def test_an_agent_that_stops_answers_the_till_that_waits(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        waiting = asyncio.ensure_future(bench.rpc(pairing, "scanner"))
        await bench.until(lambda: bench.agent.bus._subscriptions)
        bench.context.stopping.set()
        assert await waiting is None

    play(tmp_path, scene)


def test_waiting_pages_have_an_end(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        pages = [asyncio.ensure_future(bench.rpc(pairing, "scanner")) for _ in range(9)]
        await asyncio.wait(pages, return_when=asyncio.FIRST_COMPLETED)
        bench.context.stopping.set()
        answers = await asyncio.gather(*pages, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, RpcError)]
        assert [one.code for one in refused] == ["rate"]
        assert answers.count(None) == 8

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("name", "code"),
    [("scale_read", "no_device"), ("customer_facing_display", "not_found")],
)
def test_what_the_agent_has_not_is_an_rpc_error(tmp_path, name, code):
    async def scene(bench):
        with pytest.raises(RpcError) as caught:
            await bench.rpc(await stock(bench), name)
        assert caught.value.code == code
        assert caught.value.error["data"]["name"] == f"member_hw.{code}"

    play(tmp_path, scene)


def test_a_wrong_or_removed_capability_is_told_in_words(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        await stock(bench, OTHER_ORIGIN)
        with pytest.raises(RpcError) as caught:
            await bench.rpc(pairing, "handshake", origin=OTHER_ORIGIN)
        assert (caught.value.status, caught.value.code) == (403, "not_paired")
        bench.pairings.remove(pairing.id)
        with pytest.raises(RpcError) as caught:
            await bench.rpc(pairing, "handshake")
        assert (caught.value.status, caught.value.code) == (403, "wrong_origin")

    play(tmp_path, scene)


def test_the_id_of_a_call_comes_back_whatever_it_is(tmp_path):
    async def scene(bench):
        pairing = await stock(bench)
        for sent, answered in ((0, 0), ("a", "a"), (None, None), ([1], None)):
            _code, answer, _headers = await bench.request(
                "POST",
                f"/{pairing.capability}/hw_proxy/handshake",
                json={"id": sent, "params": {}},
            )
            assert answer == {"jsonrpc": "2.0", "id": answered, "result": True}

    play(tmp_path, scene)


def test_the_capability_reaches_no_log(tmp_path, caplog):
    caplog.set_level("DEBUG")

    async def scene(bench):
        pairing = await stock(bench)
        await bench.rpc(pairing, "handshake")
        with pytest.raises(RpcError):
            await bench.rpc(pairing, "scale_read")
        return pairing.capability

    assert play(tmp_path, scene) not in caplog.text
