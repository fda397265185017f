"""P10: how long the way is from a card to the browser, and from there to the paper.

One agent with a virtual card at a real pcscd and a fake printer, paired with a real
Odoo; a real browser holds the socket. What the reader takes by itself (pcscd notices a
card some hundred milliseconds late) is measured at the same taps by a bare PC/SC
program.
"""

import base64
import contextlib
import io
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw

from tests.simulators.fake_printer import FakePrinter
from tests.support.agent import Agent
from tests.support.browser import chromium, log_in
from tests.support.hardware import connect, give_chip, pair
from tests.support.settings import setting

UID = "04A1B2C3"
DEVICES = """
[discover]
drivers = ["card.pcsc"]
[[device]]
id = "receipt"
driver = "printer.escpos"
profile = "generic-80mm"
transport = "network"
host = "127.0.0.1"
port = {printer}
"""

CONNECT = """
([port, token]) => new Promise((resolve, reject) => {
    const now = () => performance.timeOrigin + performance.now();
    const ws = new WebSocket(`ws://localhost:${port}/v1/socket`);
    const waiting = new Map();
    let calls = 0, taps = [], takers = [];
    ws.onerror = reject;
    ws.onopen = () => ws.send(JSON.stringify({ type: "auth", token, after: null }));
    ws.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        const at = now();
        if (message.type === "ready") {
            resolve();
        } else if (message.type === "ping") {
            ws.send('{"type":"pong"}');
        } else if (message.kind === "card") {
            const tap = { at, reading: message.data.reading };
            takers.length ? takers.shift()(tap) : taps.push(tap);
        } else if (waiting.has(message.id)) {
            waiting.get(message.id)(message);
        }
    };
    window.benchTap = () =>
        taps.length ? taps.shift() : new Promise((take) => takers.push(take));
    window.benchMember = async (till) => {
        const { at, reading } = await window.benchTap();
        const answer = await fetch("/web/dataset/call_kw/pos.config/member_hw_card", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params: {
                model: "pos.config", method: "member_hw_card",
                args: [[till], reading], kwargs: {} } }),
        });
        const { result } = await answer.json();
        return [at, now(), result.status];
    };
    window.benchStart = async (till) => {
        window.benchDone = null;
        window.benchDone = await window.benchMember(till);
    };
    window.benchPrint = async (image) => {
        const id = ++calls;
        const start = performance.now();
        const answer = new Promise((take) => waiting.set(id, take));
        ws.send(JSON.stringify({
            type: "call", id, device: "receipt", action: "print_image",
            params: { image }, key: `bench-${id}` }));
        const { type, message } = await answer;
        return [performance.now() - start, type, message];
    };
})
"""


@contextlib.contextmanager
def counter(server, shop, pcscd):
    """Give (page, printer): a till's page with a socket to its agent."""
    with (
        tempfile.TemporaryDirectory() as folder,
        FakePrinter() as printer,
        chromium() as browser,
    ):
        devices = DEVICES.format(printer=printer.port)
        agent = Agent(
            Path(folder), devices, env=pcscd.environment, name="bench-agent"
        ).start()
        try:
            pair(agent, server, shop, tills=[0])
            agent.wait_for_reader()
            agent.wait_for_device("receipt")
            till = shop.till(server)
            page = browser.new_context().new_page()
            log_in(page, till.client, server.url)
            page.goto(f"{server.url}/robots.txt")
            page.evaluate(CONNECT, [agent.port, connect(till)])
            yield page, printer
        finally:
            agent.stop()


def measure_taps(page, till, reader, shop, bare, rounds):
    """Return milliseconds by name, each with one number for each tap.

    `browser`: from the card's arrival to the tap in the page; `member`: until Odoo has
    said whose it is; `reader`: until a bare program would have had the UID.
    """
    give_chip(shop, shop.members[0], UID)
    samples = {"browser": [], "member": [], "reader": []}
    for number in range(-2, rounds):
        page.evaluate("(till) => void window.benchStart(till)", till)
        start = time.time()
        with reader.card(UID):
            noticed = bare("wait")
            found = page.wait_for_function("window.benchDone").json_value()
            own = bare("read")
        bare("gone")
        assert found[2] == "ok", found
        if number >= 0:
            samples["browser"].append(found[0] - start * 1000)
            samples["member"].append(found[1] - start * 1000)
            samples["reader"].append((noticed - start) * 1000 + own)
    return samples


def measure_prints(page, printer, rounds):
    """Return milliseconds by name: a receipt through the agent, and its bytes alone."""
    image = receipt()
    samples = {"agent": [], "socket": []}
    data = None
    for number in range(-3, rounds):
        before = len(printer.commands)
        spent, kind, said = page.evaluate("(image) => window.benchPrint(image)", image)
        assert kind == "result", said
        if data is None:
            commands = printer.commands[before:]
            asks = ("ask", "ask_paper")
            data = b"".join(one.raw for one in commands if one.name not in asks)
        start = time.perf_counter()
        send(printer.port, data)
        alone = (time.perf_counter() - start) * 1000
        if number >= 0:
            samples["agent"].append(spent)
            samples["socket"].append(alone)
        printer.commands.clear()
    return samples


def send(port, data):
    """Send a job to a printer and wait until it says that it is through with it."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(data + b"\x1dr\x01")
        assert line.recv(1)


def receipt():
    """Return a receipt as a till sends it: a JPEG of 512 × 900 dots in base 64."""
    picture = Image.new("RGB", (512, 900), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(20, 880, 30):
        pen.text((20, row), f"Ticket {row:04}  Row 7 Seat 12        88.40", "black")
    data = io.BytesIO()
    picture.save(data, "JPEG")
    return base64.b64encode(data.getvalue()).decode()


@contextlib.contextmanager
def bare_program(pcscd):
    """Give `ask(command)` of a bare PC/SC program (tests/bench/bare_reader.py)."""
    program = subprocess.Popen(
        [setting("AGENT_PYTHON"), str(Path(__file__).with_name("bare_reader.py"))],
        env={**os.environ, **pcscd.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(command):
        print(command, file=program.stdin, flush=True)
        return float(program.stdout.readline())

    try:
        yield ask
    finally:
        program.stdin.close()
        program.wait()
