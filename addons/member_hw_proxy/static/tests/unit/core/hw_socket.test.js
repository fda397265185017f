import { after, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { ConnectionLostError } from "@web/core/network/rpc";
import { HwSocket } from "@member_hw_proxy/core/hw_socket";
import { PRINTER, setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";

const URL_ = "http://localhost:8073";

/** A socket whose Odoo gives it one token after the other, and keeps the reports. */
function setupSocket({ devices = [PRINTER], answers = [] } = {}) {
    const agent = setupAgent({ devices });
    const reports = [];
    let tokens = 0;
    const socket = new HwSocket({
        connect: async () => {
            const answer = answers.shift();
            if (answer instanceof Error) {
                throw answer;
            }
            tokens += 1;
            return answer || { status: "ok", url: URL_, token: `t${tokens}` };
        },
        report: async (sealed) => reports.push(sealed),
    });
    after(() => socket.stop());
    return { agent, socket, reports };
}

async function connect(options) {
    const made = setupSocket(options);
    made.socket.start();
    await animationFrame();
    return made;
}

/** Let time pass as clocks do, and not in one leap: what is waited for again comes again. */
async function pass(seconds) {
    for (let left = seconds; left > 0; left -= 5) {
        await advanceTime(5000);
    }
}

const tokens = (agent) => agent.all("auth").map(({ token }) => token);

describe("connecting", () => {
    test("asks for a token, presents it, and knows the devices", async () => {
        const { agent, socket, reports } = await connect();
        expect(agent.socket.url).toBe("ws://localhost:8073/v1/socket");
        expect(agent.all("auth")).toEqual([{ type: "auth", token: "t1", after: null }]);
        expect(socket.state.status).toBe("connected");
        expect(socket.state.devices.receipt.name).toBe("Receipt printer");
        await advanceTime(2000);
        expect(reports).toEqual(["sealed-ready"]);
    });

    test("while the agent is away, Odoo is asked once and the tab stays awake", async () => {
        const { agent, socket } = setupSocket();
        agent.isUp = false;
        socket.start();
        await pass(300);
        expect(socket.state.status).not.toBe("connected");
        expect(socket.state.code).toBe("agent_down");
        // soon, and then every half minute or twice as often
        expect(agent.sockets.length).toBeGreaterThan(9);
        expect(agent.sockets.length).toBeLessThan(35);
        expect(agent.received).toEqual([]);
        agent.isUp = true;
        await pass(30);
        expect(socket.state.status).toBe("connected");
        // the first token is too old by now and was never seen: another one is asked for
        expect(tokens(agent)).toEqual(["t2"]);
    });

    test("a report that Odoo is too busy for is sent once more", async () => {
        const { socket, reports } = setupSocket();
        const { provider } = socket;
        const { report } = provider;
        provider.report = async (sealed) => {
            await report(sealed);
            return { status: "busy", message: "" };
        };
        socket.start();
        await pass(20);
        expect(reports).toEqual(["sealed-ready", "sealed-ready"]);
    });

    test("asked anew, a connection that is still right goes on", async () => {
        const { agent, socket } = await connect();
        await socket.refresh();
        expect(agent.sockets).toHaveLength(1);
        expect(tokens(agent)).toEqual(["t1", "t2"]);
        expect(socket.state.status).toBe("connected");
    });

    test("a computer that was revoked meanwhile is let go of at once", async () => {
        const { agent, socket } = await connect({
            answers: [undefined, { status: "revoked", message: "Pair it again." }],
        });
        await socket.refresh();
        expect(agent.socket.isClosed).toBe(true);
        expect(socket.state.status).toBe("refused");
        expect(socket.state.message).toBe("Pair it again.");
        // and taken back when it was paired again
        await socket.refresh();
        await animationFrame();
        expect(socket.state.status).toBe("connected");
    });

    test("another computer is gone to at once", async () => {
        const { agent, socket } = await connect({
            answers: [undefined, { status: "ok", url: "http://localhost:9000", token: "x" }],
        });
        await socket.refresh();
        await animationFrame();
        expect(agent.sockets.map(({ url }) => url)).toEqual([
            "ws://localhost:8073/v1/socket",
            "ws://localhost:9000/v1/socket",
        ]);
        expect(agent.sockets[0].isClosed).toBe(true);
        expect(socket.state.status).toBe("connected");
    });

    test("who is not connected to anything asks nobody anew", async () => {
        const { agent, socket } = setupSocket();
        await socket.refresh();
        expect(agent.sockets).toHaveLength(0);
    });

    test("comes back after the agent restarted, with a new token and from the last event", async () => {
        const { agent, socket } = await connect();
        agent.emit("scan", "wedge", { code: "1" });
        agent.crash();
        expect(socket.state.status).toBe("disconnected");
        expect(socket.state.devices.receipt.state).toBe("disconnected");
        agent.isUp = true;
        await advanceTime(1000);
        expect(socket.state.status).toBe("connected");
        expect(tokens(agent)).toEqual(["t1", "t2"]);
        expect(agent.all("auth")[1].after).toBe(101);
    });

    test("what Odoo refuses is said in its words and asked again rarely, or when told to", async () => {
        const revoked = { status: "revoked", message: "Pair this computer again." };
        const { agent, socket } = await connect({ answers: [revoked, revoked] });
        expect(socket.state).toEqual({
            ...socket.state,
            status: "refused",
            code: "revoked",
            message: "Pair this computer again.",
        });
        await advanceTime(60_000);
        expect(agent.sockets).toHaveLength(0);
        socket.retry();
        await animationFrame();
        expect(socket.state.status).toBe("refused");
        socket.retry();
        await animationFrame();
        expect(socket.state.status).toBe("connected");
    });

    test("without the server it waits and says so", async () => {
        const { socket } = await connect({ answers: [new ConnectionLostError()] });
        expect(socket.state.code).toBe("server_offline");
        await advanceTime(1000);
        expect(socket.state.status).toBe("connected");
    });

    test("a token that the agent does not take is not shown again", async () => {
        const { agent, socket } = setupSocket();
        agent.refusal = [4401, "bad_signature"];
        socket.start();
        await animationFrame();
        expect(socket.state.code).toBe("not_authorised");
        agent.refusal = null;
        await advanceTime(1000);
        expect(tokens(agent)).toEqual(["t1", "t2"]);
    });

    test("a clock that is wrong is said, one expired token is not", async () => {
        const { agent, socket } = setupSocket();
        agent.refusal = [4401, "expired"];
        socket.start();
        await animationFrame();
        expect(socket.state.code).toBe("connection_lost");
        await advanceTime(500);
        expect(socket.state.code).toBe("clock");
        agent.refusal = null;
        await advanceTime(1000);
        expect(socket.state.status).toBe("connected");
        expect(socket.state.code).toBe("");
    });

    test("a till that is given another agent goes there", async () => {
        const other = { status: "ok", url: "http://localhost:9000", token: "other" };
        const { agent } = await connect({ answers: [undefined, other] });
        agent.crash();
        agent.isUp = true;
        await advanceTime(1000);
        await animationFrame();
        expect(agent.socket.url).toBe("ws://localhost:9000/v1/socket");
        expect(tokens(agent)).toEqual(["t1", "other"]);
    });

    test("once stopped it is silent", async () => {
        const { agent, socket } = await connect();
        socket.stop();
        await advanceTime(120_000);
        expect(agent.sockets).toHaveLength(1);
        expect(socket.state.status).toBe("idle");
    });
});

describe("staying", () => {
    test("answers pings, and takes silence for the end", async () => {
        const { agent, socket } = await connect();
        agent.socket.say({ type: "ping" });
        expect(agent.all("pong")).toHaveLength(1);
        await advanceTime(30_000);
        agent.socket.say({ type: "ping" });
        await advanceTime(30_000);
        expect(socket.state.status).toBe("connected");
        await advanceTime(10_000);
        expect(agent.sockets).toHaveLength(1);
        expect(socket.state.code).toBe("connection_lost");
        await advanceTime(3000);
        expect(agent.sockets).toHaveLength(2);
    });

    test("renews its permission before it ends, on the same connection", async () => {
        const { agent, socket } = setupSocket();
        agent.lasts = 600;
        socket.start();
        await animationFrame();
        for (let seconds = 0; seconds < 540; seconds += 30) {
            agent.socket.say({ type: "ping" });
            await advanceTime(30_000);
        }
        expect(agent.sockets).toHaveLength(1);
        expect(tokens(agent)).toEqual(["t1", "t2"]);
        expect(socket.state.status).toBe("connected");
    });

    test("of many reports Odoo gets the last", async () => {
        const { agent, reports } = await connect();
        for (const code of ["paper_out", "cover_open", ""]) {
            const data = { state: "connected", code, message: "", report: `sealed-${code}` };
            agent.emit("status", "receipt", data);
        }
        await advanceTime(2000);
        expect(reports).toEqual(["sealed-"]);
    });
});

describe("events", () => {
    test("each is told once, with the status kept", async () => {
        const { agent, socket } = await connect();
        socket.addEventListener("scan", ({ detail }) => expect.step(detail.code));
        agent.emit("scan", "wedge", { code: "one" }, 101);
        agent.emit("scan", "wedge", { code: "again" }, 101);
        agent.emit("scan", "wedge", { code: "two" }, 102);
        agent.emit("status", "receipt", { state: "connected", code: "paper_out", message: "" });
        expect(socket.state.devices.receipt.code).toBe("paper_out");
        expect(socket.state.devices.receipt.name).toBe("Receipt printer");
        expect.verifySteps(["one", "two"]);
    });

    test("an agent that counts from the beginning again is listened to", async () => {
        const { agent, socket } = await connect();
        socket.addEventListener("scan", ({ detail }) => expect.step(detail.code));
        agent.crash();
        agent.isUp = true;
        agent.event = 0;
        await advanceTime(1000);
        agent.emit("scan", "wedge", { code: "after" });
        expect.verifySteps(["after"]);
    });

    test("a device that is plugged in is asked for by name", async () => {
        const { agent, socket } = await connect();
        agent.devices = [PRINTER, { ...PRINTER, id: "new", name: "New reader", kind: "reader" }];
        agent.emit("status", "new", { state: "connected", code: "", message: "" });
        await animationFrame();
        expect(socket.state.devices.new.name).toBe("New reader");
    });
});

describe("calls", () => {
    test("answer with the device's value, and carry the job's key", async () => {
        const { agent, socket } = await connect();
        agent.answer = () => ({ value: { printed: 1 } });
        const value = await socket.call("receipt", "print_image", { image: "x" }, { key: "k" });
        expect(value).toEqual({ printed: 1 });
        expect(agent.all("call")).toEqual([
            {
                type: "call",
                id: 1,
                device: "receipt",
                action: "print_image",
                params: { image: "x" },
                key: "k",
            },
        ]);
    });

    test("fail with the device's code", async () => {
        const { agent, socket } = await connect();
        agent.answer = () => ({ code: "paper_out", message: "No paper." });
        const error = await socket.call("receipt", "test").catch((error) => error);
        expect([error.code, error.detail]).toEqual(["paper_out", "No paper."]);
    });

    test("fail when no answer comes, or the connection is cut, or there is none", async () => {
        const { agent, socket } = await connect();
        agent.answer = () => null;
        const codes = [];
        const keep = ({ code }) => codes.push(code);
        socket.call("receipt", "test", {}, { timeout: 1000 }).catch(keep);
        await advanceTime(1000);
        socket.call("receipt", "test").catch(keep);
        agent.crash();
        await animationFrame();
        socket.call("receipt", "test").catch(keep);
        await animationFrame();
        expect(codes).toEqual(["timeout", "connection_lost", "not_connected"]);
        socket.stop();
    });
});
