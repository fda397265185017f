"""The socket: what it tells of cards and devices, and to whom."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from server_bench import ALL, OTHER_ORIGIN, UID, play


def test_a_tap_is_sealed_and_shown_masked(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await bench.simulate("reader", tap={"uid": UID})
            event = await ws.event("card")
            assert UID not in json.dumps(event)
            assert event["device"] == "reader"
            assert event["data"]["masked"] == "…E5F6"
            reading = odoo.unseal("reading", event["data"]["reading"])
            assert reading["uid"] == UID
            assert reading["number"] is None
            assert reading["medium"] == "contactless"
            assert reading["device"] == "reader"
            assert reading["iat"] == int(event["at"])
            await bench.simulate("reader", remove=True)
            assert (await ws.event("card_removed"))["data"] is None
            await bench.simulate("reader", scan="4006381333931")
            assert (await ws.event("scan"))["data"] == {"code": "4006381333931"}

    play(tmp_path, scene)


def test_two_pairings_see_their_own_seals(tmp_path):
    async def scene(bench):
        live, test = await bench.pair(), await bench.pair(OTHER_ORIGIN)
        async with bench.session(live) as first, bench.session(test) as second:
            await bench.simulate("reader", tap={"uid": UID})
            mine = (await first.event("card"))["data"]["reading"]
            yours = (await second.event("card"))["data"]["reading"]
            assert live.unseal("reading", mine)["uid"] == UID
            assert test.unseal("reading", yours)["uid"] == UID
            for odoo, text in ((live, yours), (test, mine)):
                with pytest.raises(InvalidTag):
                    odoo.unseal("reading", text)

    play(tmp_path, scene)


def test_two_databases_of_one_address_see_their_own_seals(tmp_path):
    async def scene(bench):
        live, test = await bench.pair(name="live"), await bench.pair(name="test")
        async with bench.session(live) as first, bench.session(test) as second:
            await bench.simulate("reader", tap={"uid": UID})
            for odoo, ws in ((live, first), (test, second)):
                reading = (await ws.event("card"))["data"]["reading"]
                assert odoo.unseal("reading", reading)["uid"] == UID

    play(tmp_path, scene)


def test_one_tap_has_one_name_in_all_tabs_and_two_taps_have_two(tmp_path):
    """So Odoo takes a tap once, however many pages saw it."""

    async def scene(bench):
        odoo = await bench.pair()

        async def name(ws):
            reading = (await ws.event("card"))["data"]["reading"]
            return odoo.unseal("reading", reading)["jti"]

        async with bench.session(odoo) as first, bench.session(odoo) as second:
            await bench.simulate("reader", tap={"uid": UID})
            once = await name(first)
            assert await name(second) == once
            await bench.simulate("reader", tap={"uid": UID})
            assert await name(first) != once

    play(tmp_path, scene)


def test_a_device_that_fails_is_told_with_a_report_for_odoo(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await bench.simulate("printer", paper="out")
            event = await ws.event("status")
            data = event["data"]
            assert (event["device"], data["state"]) == ("printer", "error")
            assert data["code"] == "paper_out"
            report = odoo.unseal("report", data["report"])
            found = {one["id"]: one for one in report["devices"]}["printer"]
            assert (found["state"], found["code"]) == ("error", "paper_out")

    play(tmp_path, scene)


def test_who_comes_back_hears_what_he_missed_and_no_more(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo) as ws:
            await bench.simulate("reader", scan="first")
            seen = (await ws.event("scan"))["id"]
        await bench.simulate("reader", scan="second")
        async with bench.session(odoo, after=seen) as ws:
            event = await ws.event("scan")
            assert event["data"]["code"] == "second"
            assert event["id"] == seen + 1
        async with bench.session(odoo) as ws:
            assert ws.ready["event"] == seen + 1
            await bench.simulate("reader", scan="third")
            assert (await ws.event("scan"))["data"]["code"] == "third"

    play(tmp_path, scene)


def test_a_token_without_events_hears_none(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("display",)) as ws:
            await bench.simulate("reader", scan="first")
            await ws.send(
                {"type": "call", "id": 1, "device": "display", "action": "clear"}
            )
            assert (await ws.receive())["type"] == "result"

    play(tmp_path, scene)


def test_a_token_for_one_device_hears_and_moves_that_one_only(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ALL, devices=["display"]) as ws:
            assert [one["id"] for one in ws.ready["devices"]] == ["display"]
            await bench.simulate("reader", scan="first")
            answer = await ws.call("printer", "open_drawer")
            assert (answer["type"], answer["code"]) == ("error", "no_device")
            await ws.send(
                {"type": "call", "id": 7, "device": "display", "action": "clear"}
            )
            assert (await ws.receive())["id"] == 7
        assert (await bench.simulate("printer"))["drawer"] == 0

    play(tmp_path, scene)


def test_a_fresh_token_may_take_the_events_away_and_give_them_back(tmp_path):
    async def scene(bench):
        odoo = await bench.pair()
        async with bench.session(odoo, ("events",)) as ws:
            for scopes in (("display",), ("events", "display")):
                await ws.send({"type": "auth", "token": odoo.token(scopes)})
                await ws.receive_type("ready")
                await bench.simulate("reader", scan=scopes[0])
                await ws.send(
                    {"type": "call", "id": 1, "device": "display", "action": "clear"}
                )
                if scopes == ("display",):
                    assert (await ws.receive())["type"] == "result"
            assert (await ws.event("scan"))["data"]["code"] == "events"

    play(tmp_path, scene)
