import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";

import { describeTrouble } from "@member_hw_proxy/backend/card_encoding/card_encoding_problems";
import { CardEncodingStation } from "@member_hw_proxy/backend/card_encoding/card_encoding_station";
import { HwError } from "@member_hw_proxy/core/hw_errors";

beforeEach(() => allowTranslations());

/** A queue as the server keeps it, in memory: what the answers say, not how it decides. */
class Queue {
    constructor(count) {
        this.state = "open";
        this.lines = Array.from({ length: count }, (_, index) => ({
            id: index + 1,
            position: index + 1,
            number: `880000000000000${index}`,
            state: "waiting",
            card_state: "blank",
            member: "",
        }));
        this.asked = [];
        this.failing = [];
    }

    count(...states) {
        return this.lines.filter((line) => states.includes(line.state)).length;
    }

    answer(line) {
        return {
            status: "ok",
            name: "Queue",
            state: this.state,
            medium: "contactless",
            total: this.lines.length,
            done: this.count("done"),
            failed: this.count("failed"),
            skipped: this.count("skipped"),
            open: this.count("waiting", "writing"),
            line: line ? { ...line } : false,
        };
    }

    /** The verbs; one that was named in `failing` first throws or answers what stands there. */
    verbs() {
        const verb =
            (name, act) =>
            async (...args) => {
                this.asked.push(name);
                const planned = this.failing.find((each) => each.name === name);
                if (planned) {
                    this.failing = this.failing.filter((each) => each !== planned);
                    if (planned.error) {
                        throw planned.error;
                    }
                    return planned.answer;
                }
                return act(...args);
            };
        const find = (id) => this.lines.find((line) => line.id === id);
        const move = (id, state) => Object.assign(find(id), { state });
        return {
            next: verb("next", () =>
                this.answer(
                    this.state === "open" &&
                        this.lines.find((line) => ["waiting", "writing"].includes(line.state)),
                ),
            ),
            begin: verb("begin", (id, reading) => ({
                ...this.answer(move(id, "writing")),
                order: `order ${id} ${reading}`,
            })),
            confirm: verb("confirm", (id) =>
                this.answer(Object.assign(move(id, "done"), { card_state: "encoded" })),
            ),
            fail: verb("fail", (id, code) =>
                this.answer(code === "verify_failed" ? move(id, "failed") : find(id)),
            ),
            retry: verb("retry", (id) => this.answer(move(id, "waiting"))),
            retryFailed: verb("retryFailed", () => this.answer()),
            skip: verb("skip", (id) => this.answer(move(id, "skipped"))),
            pause: verb("pause", () => this.moveTo("paused")),
            resume: verb("resume", () => this.moveTo("open")),
            stop: verb("stop", () => this.moveTo("stopped")),
            formatBegin: verb("formatBegin", () => ({ status: "ok", order: "erase" })),
            formatConfirm: verb("formatConfirm", () => ({ status: "ok", masked: "" })),
        };
    }

    moveTo(state) {
        this.state = state;
        return this.answer();
    }
}

class Writer {
    constructor() {
        this.card = null;
        this.errors = [];
        this.written = [];
    }

    async inspect() {
        return this.card ? { present: true, reading: this.card } : { present: false };
    }

    async write(order) {
        const error = this.errors.shift();
        if (error) {
            throw error;
        }
        this.written.push(order);
        return { receipt: `receipt of ${order}`, result: "written" };
    }

    async format(order) {
        this.written.push(order);
        return { receipt: "erased" };
    }
}

async function begin(count = 2) {
    const queue = new Queue(count);
    const writer = new Writer();
    const left = [];
    const station = new CardEncodingStation({
        server: queue.verbs(),
        writer,
        leave: () => left.push(true),
    });
    await station.load();
    return { queue, writer, station, state: station.state, left };
}

describe("one card after the other", () => {
    test("each card is asked for, written and confirmed", async () => {
        const { queue, station, state, writer } = await begin(2);
        expect(state.step).toBe("put");
        expect(state.line.position).toBe(1);
        await station.onCard("a");
        expect(state.step).toBe("take");
        expect(state.queue.done).toBe(1);
        await station.onCardRemoved();
        expect([state.step, state.line.position]).toEqual(["put", 2]);
        await station.onCard("b");
        await station.onCardRemoved();
        expect(state.step).toBe("finished");
        expect(writer.written).toEqual(["order 1 a", "order 2 b"]);
        expect(queue.count("done")).toBe(2);
    });

    test("a card that lies there already is written at once", async () => {
        const { station, state, writer } = await begin(1);
        writer.card = "a";
        await station.reload();
        expect(state.step).toBe("take");
    });

    test("a reader that does not tell when a card is taken away", async () => {
        const { state, station, writer } = await begin(2);
        await station.onCard("a");
        await station.onCard("b");
        expect([state.step, state.line.position]).toEqual(["take", 2]);
        expect(writer.written).toHaveLength(2);
    });

    test("a card that is taken away before the server answered", async () => {
        const { state, station } = await begin(2);
        const written = station.onCard("a");
        await station.onCardRemoved();
        await written;
        expect([state.step, state.line.position]).toEqual(["put", 2]);
    });

    test("what is left to do stays to be read", async () => {
        const { queue, state, station } = await begin(2);
        const notice = "Unfreeze Li Ming first.";
        queue.failing.push({
            name: "confirm",
            answer: { ...queue.answer(queue.lines[0]), notice },
        });
        await station.onCard("a");
        await station.onCardRemoved();
        expect([state.step, state.notice]).toEqual(["take", notice]);
        await station.next();
        expect([state.step, state.notice]).toEqual(["put", ""]);
    });

    test("two readings of one card in a row write once", async () => {
        const { station, writer } = await begin(2);
        await Promise.all([station.onCard("a"), station.onCard("a")]);
        expect(writer.written).toEqual(["order 1 a"]);
    });

    test("numbers that are at other writers are waited for", async () => {
        const { queue, state, station } = await begin(1);
        queue.failing.push({ name: "next", answer: queue.answer() });
        await station.next();
        expect(state.step).toBe("others");
        await station.next();
        expect(state.step).toBe("put");
    });
});

describe("trouble", () => {
    test("a card that was taken away too early goes on when it is back", async () => {
        const { state, station, writer } = await begin(2);
        writer.errors.push(new HwError("card_removed"));
        await station.onCard("a");
        expect([state.step, state.problem.code]).toEqual(["problem", "card_removed"]);
        await station.onCardRemoved();
        expect(state.step).toBe("problem");
        await station.onCard("a");
        expect(state.step).toBe("take");
        expect(state.line.position).toBe(1);
    });

    test("a card that cannot be written makes room for another", async () => {
        const { queue, state, station, writer } = await begin(2);
        writer.errors.push(new HwError("verify_failed"));
        await station.onCard("a");
        expect([state.step, state.line.state]).toEqual(["problem", "failed"]);
        await station.onCardRemoved();
        expect([state.step, state.line.position]).toEqual(["put", 1]);
        expect(queue.asked).toInclude("retry");
    });

    test("a card that is one already asks for another when it is taken away", async () => {
        const { queue, state, station } = await begin(2);
        const answer = { status: "chip_used", message: "It is a card.", can_erase: false };
        queue.failing.push({ name: "begin", answer });
        await station.onCard("a");
        expect(state.problem.message).toBe("It is a card.");
        expect(state.problem.secondary).toBe("skip");
        await station.onCardRemoved();
        expect([state.step, state.line.position]).toEqual(["put", 1]);
    });

    test("a card is erased and written", async () => {
        const { queue, state, station, writer } = await begin(1);
        const answer = { status: "has_number", message: "A number.", can_erase: true };
        queue.failing.push({ name: "begin", answer });
        writer.card = "a";
        await station.onCard("a");
        expect(state.problem.secondary).toBe("erase");
        await station.act("erase");
        expect(writer.written).toEqual(["erase", "order 1 a"]);
        expect(state.step).toBe("take");
    });

    test("a receipt that the server did not hear is sent again, without the card", async () => {
        const { queue, state, station, writer } = await begin(1);
        queue.failing.push({ name: "confirm", error: new ConnectionLostError("/") });
        await station.onCard("a");
        expect(state.problem.code).toBe("server_offline");
        await station.act(state.problem.primary);
        expect(state.step).toBe("take");
        expect(writer.written).toHaveLength(1);
    });

    test("by hand with nothing on the writer", async () => {
        const { state, station } = await begin(1);
        await station.again();
        expect(state.problem.code).toBe("no_card");
        await station.act(state.problem.secondary);
        expect(state.step).toBe("finished");
        expect(state.queue.skipped).toBe(1);
    });

    test("a fault of ours is not taken for a fault of the writer", async () => {
        const { queue, state, station } = await begin(1);
        queue.failing.push({ name: "begin", error: new Error("a bug") });
        await expect(station.onCard("a")).rejects.toThrow("a bug");
        expect(state.problem.code).toBe("server_error");
        expect(station.isBusy).toBe(false);
    });

    test("every trouble has words and two buttons that do something", async () => {
        const { station } = await begin(1);
        for (const trouble of [
            ...["card_removed", "no_card", "verify_failed", "blocked", "unsupported", "new"].map(
                (code) => ({ code }),
            ),
            ...["chip_used", "finish_first", "taken", "bad_receipt", "stale", "revoked"].map(
                (status) => ({ status, message: "Said by the server." }),
            ),
        ]) {
            const { message, primary, secondary } = describeTrouble(trouble);
            expect(message).not.toBe("");
            expect(typeof station[primary]).toBe("function");
            expect(typeof station[secondary]).toBe("function");
        }
    });
});

describe("things that happen at once", () => {
    test("a card that is taken away while its number is skipped", async () => {
        const { queue, state, station, writer } = await begin(2);
        writer.errors.push(new HwError("verify_failed"));
        await station.onCard("a");
        const skipped = station.skip();
        station.onCardRemoved();
        await skipped;
        expect([state.step, state.line.position]).toEqual(["put", 2]);
        expect(queue.count("skipped")).toBe(1);
    });

    test("a card that comes while its number is asked for", async () => {
        const { state, station, writer } = await begin(2);
        const skipped = station.skip();
        station.onCard("b");
        await skipped;
        expect([state.step, state.line.position]).toEqual(["take", 2]);
        expect(writer.written).toEqual(["order 2 b"]);
    });

    test("a card that is put on while we look whether one lies there", async () => {
        const { state, station, writer } = await begin(2);
        writer.card = "a";
        const opened = station.load();
        station.onCard("a");
        await opened;
        expect([state.step, state.line.position]).toEqual(["take", 1]);
        expect(writer.written).toEqual(["order 1 a"]);
    });

    test("the next card is there before the server answered", async () => {
        const { state, station, writer } = await begin(2);
        const written = station.onCard("a");
        station.onCardRemoved();
        station.onCard("b");
        await written;
        expect([state.step, state.line.position]).toEqual(["take", 2]);
        expect(writer.written).toEqual(["order 1 a", "order 2 b"]);
    });

    test("a writer that comes back in the midst is asked where it was", async () => {
        const { queue, station, writer } = await begin(1);
        writer.card = "a";
        writer.errors.push(new HwError("connection_lost"));
        const written = station.onCard("a");
        station.load();
        await written;
        expect(queue.count("done")).toBe(1);
    });
});

describe("pause, stop, leave", () => {
    test("pause and go on", async () => {
        const { state, station } = await begin(2);
        await station.pause();
        expect(state.step).toBe("paused");
        await station.onCard("a");
        expect(state.step).toBe("paused");
        await station.resume();
        expect(state.step).toBe("put");
    });

    test("a pause waits for the card on the writer", async () => {
        const { queue, state, station } = await begin(2);
        const writing = station.onCard("a");
        await station.pause();
        await writing;
        expect(queue.count("done")).toBe(1);
        expect(state.step).toBe("paused");
    });

    test("somebody else paused or stopped the queue", async () => {
        const { queue, state, station } = await begin(2);
        queue.failing.push({ name: "begin", answer: { status: "paused", message: "" } });
        await station.onCard("a");
        expect(state.step).toBe("paused");
        await station.resume();
        await station.stop();
        expect(state.step).toBe("stopped");
    });

    test("who can do nothing here leaves", async () => {
        const { left, queue, station, state } = await begin(1);
        queue.failing.push({ name: "begin", answer: { status: "revoked", message: "Gone." } });
        await station.onCard("a");
        await station.act(state.problem.secondary);
        expect(left).toHaveLength(1);
    });
});
