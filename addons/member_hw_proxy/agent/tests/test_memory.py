"""Ten busy minutes of a till, as fast as a till can be: the agent grows no bigger.

The agent is a process of its own, as installed; the pages, the printer and the cable of
the display are played here. MINUTES in the environment makes it shorter for a look.
"""

import asyncio
import base64
import contextlib
import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import odoo_half
import pytest
from PIL import Image

from member_hw_agent.pairing import Pairings
from member_hw_agent.state import State
from tests.simulators.fake_printer import FakePrinter
from tests.simulators.pty_pair import PtyPair
from tools.ports import free_port

MINUTES = float(os.environ.get("MINUTES") or 10)
TILLS = 4
"""Pages that are open at the same time."""
SALES_BETWEEN_RELOADS = 40
PACE_S = 0.25
"""A sale, with its tap, receipt and drawer, from one till: 960 a minute from all."""
SAMPLES = 40
GROWTH_KIB = 2 * 1024
"""Half a kilobyte for each sale that lies between the samples that are compared."""
ORIGIN = "https://pos.example.com"
PATIENCE_S = 30

CONFIG = """
[agent]
name = "Busy till"
port = {port}
[discover]
drivers = []
[[device]]
id = "reader"
driver = "simulator.reader"
[[device]]
id = "receipt"
driver = "printer.escpos"
profile = "generic-80mm"
transport = "network"
host = "127.0.0.1"
port = {printer}
[[device]]
id = "pole"
driver = "display.pole"
profile = "generic-2x20"
port = "{pole}"
"""


@pytest.fixture
def printer():
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def pole(tmp_path):
    pole = PtyPair(tmp_path)
    yield pole
    pole.close()


@pytest.fixture
def agent(tmp_path, printer, pole):
    """Run an agent; gives its process, port and state."""
    port = free_port()
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(port=port, printer=printer.port, pole=pole.path))
    state = State(tmp_path / "state")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "member_hw_agent.cli", "run",
             "--config", str(config), "--state", str(state.directory)],
            stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    yield Running(process, port, state)
    process.terminate()
    process.wait(PATIENCE_S)
    faults = re.findall(r".*(?:ERROR|Traceback).*", (tmp_path / "log").read_text())
    assert faults == []


class Running:
    def __init__(self, process, port, state):
        self.process, self.port, self.state = process, port, state
        self.url = f"http://localhost:{port}"

    def held(self):
        """Return (memory in KiB, threads, open files) of the process."""
        proc = Path(f"/proc/{self.process.pid}")
        status = (proc / "status").read_text()
        found = [
            re.search(rf"{name}:\s+(\d+)", status) for name in ("VmRSS", "Threads")
        ]
        return *(int(one[1]) for one in found), len(list((proc / "fd").iterdir()))


@pytest.mark.long
def test_ten_busy_minutes(agent, printer, pole):
    """QUALITY: memory over ten busy minutes."""
    sales, samples = asyncio.run(busy(agent, printer, pole))
    print(f"{sales} sales in {MINUTES} min; KiB {[one[0] for one in samples]}")  # noqa: T201
    memory, threads, files = zip(*samples, strict=True)
    assert growth(memory) <= GROWTH_KIB, samples
    assert sum(steps(threads)) <= 2, samples
    assert sum(steps(files)) <= 6, samples
    assert sales > MINUTES * 60


def test_a_leak_and_a_step():
    """A leak grows all the time. The allocator takes some megabytes for good, once."""
    leak = [60_000 + 110 * number for number in range(SAMPLES)]
    assert growth(leak) > GROWTH_KIB
    for at in range(SAMPLES):
        step = [60_000 + 4 * number + 2300 * (number > at) for number in range(SAMPLES)]
        assert growth(step) <= GROWTH_KIB


def growth(samples):
    """Return by how much the last quarter is above the second, were both steps alike.

    Each the smaller one: a leak is in both.
    """
    return 2 * min(steps(samples))


def steps(samples):
    """Return how the medians of the quarters grow, after the first, which warms up."""
    quarter = len(samples) // 4
    second, third, last = (
        statistics.median_low(samples[number * quarter : (number + 1) * quarter])
        for number in (1, 2, 3)
    )
    return third - second, last - third


async def busy(agent, printer, pole):
    """Sell for MINUTES; return how many sales there were, and what was held."""
    async with aiohttp.ClientSession() as http:
        await answering(http, agent)
        odoo = await pair(http, agent)
        end = time.monotonic() + MINUTES * 60
        tills = [
            asyncio.ensure_future(sell(http, agent, odoo, number, end))
            for number in range(TILLS)
        ]
        drain = asyncio.ensure_future(forget(printer, pole))
        samples = []
        try:
            while time.monotonic() < end:
                await asyncio.wait(
                    tills, timeout=MINUTES * 60 / SAMPLES, return_when="FIRST_EXCEPTION"
                )
                samples.append(agent.held())
                if any(till.done() and till.exception() for till in tills):
                    break
            return sum(await asyncio.gather(*tills)), samples
        finally:
            drain.cancel()


async def answering(http, agent):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert agent.process.poll() is None, "the agent ended"
        with contextlib.suppress(aiohttp.ClientError):
            async with http.get(f"{agent.url}/health") as answer:
                assert answer.status == 200
                return
        await asyncio.sleep(0.05)
    raise AssertionError("the agent does not answer")


async def pair(http, agent):
    odoo = odoo_half.OdooHalf(ORIGIN)
    code = Pairings(agent.state, "Busy till").begin()
    request = odoo.pair_request(code)
    async with http.post(
        f"{agent.url}/v1/pair", json=request, headers={"Origin": ORIGIN}
    ) as answer:
        assert answer.status == 200, await answer.text()
        odoo.pair_finish(code, await answer.json())
    return odoo


async def sell(http, agent, odoo, number, end):
    """One till: sale after sale, with a reload of the page now and then."""
    sales = 0
    after = None
    image = receipt()
    while time.monotonic() < end:
        async with http.ws_connect(
            f"{agent.url}/v1/socket", headers={"Origin": ORIGIN}, max_msg_size=2**22
        ) as ws:
            page = Page(ws)
            token = odoo.token(["events", "print", "display", "card.read", "setup"])
            ready = await page.ask({"type": "auth", "token": token, "after": after})
            after = ready["event"]
            for _sale in range(SALES_BETWEEN_RELOADS):
                if time.monotonic() >= end:
                    break
                sales += 1
                uid = f"{number:02X}{sales:012X}"
                await page.call("reader", "simulate", {"tap": {"uid": uid}})
                await page.call("reader", "inspect")
                await page.call("pole", "show", {"lines": [f"会员 {sales}", "88.40"]})
                key = f"{number}-{sales}"
                await page.call("receipt", "print_image", {"image": image}, key)
                await page.call("receipt", "open_drawer", {}, f"{key}-drawer")
                await page.call("reader", "simulate", {"remove": True})
                await asyncio.sleep(PACE_S)
    return sales


class Page:
    """A page's end of the socket: it reads all, and keeps what it asked for."""

    def __init__(self, ws):
        self.ws = ws
        self.calls = 0

    async def call(self, device, action, params=None, key=None):
        self.calls += 1
        call = {"type": "call", "id": self.calls, "device": device, "action": action,
                "params": params or {}}  # fmt: skip
        answer = await self.ask({**call, "key": key} if key else call, self.calls)
        assert answer["type"] == "result", answer
        return answer["value"]

    async def ask(self, message, call_id=None):
        await self.ws.send_str(json.dumps(message))
        while True:
            answer = json.loads(await asyncio.wait_for(self.ws.receive_str(), 60))
            if answer["type"] == "ping":
                await self.ws.send_str('{"type": "pong"}')
            elif answer["type"] != "event" and answer.get("id") == call_id:
                return answer


def receipt():
    """Return a receipt as a till sends it: a JPEG in base 64."""
    picture = Image.new("L", (512, 900), 255)
    picture.paste(0, (40, 40, 470, 60))
    picture.paste(0, (40, 200, 300, 620))
    data = io.BytesIO()
    picture.save(data, "JPEG")
    return base64.b64encode(data.getvalue()).decode()


async def forget(printer, pole):
    """Read the display's cable, and keep no paper: this process grows no bigger too."""
    os.set_blocking(pole._fd, False)
    while True:
        with contextlib.suppress(BlockingIOError):
            while os.read(pole._fd, 65536):
                pass
        printer.data = b""
        printer.commands.clear()
        await asyncio.sleep(0.1)
