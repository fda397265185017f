import { after, beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";
import { MemberReads } from "@member_card/backend/member_reads/member_reads";
import { ThisComputer } from "@member_hw_proxy/backend/this_computer/this_computer";
import { MemberHw } from "@member_hw_proxy/core/hw_service";
import { READER, setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";

const GRANT = { status: "ok", url: "http://localhost:8073", token: "t" };
const KEY = "member_hw_agent:test";
const READS = ["events", "card.read"];

beforeEach(() => allowTranslations());

/** A page of the backend on computer 7; what it asks Odoo are steps. */
async function setupPage({ answer = {}, chosen = 7, mayRead = true } = {}) {
    patchWithCleanup(session, { db: "test", member_hw: { reads_cards: mayRead } });
    browser.localStorage.removeItem(KEY);
    if (chosen) {
        browser.localStorage.setItem(KEY, chosen);
    }
    const agent = setupAgent({ devices: [READER] });
    const orm = {
        call: async (model, method, args) => {
            expect.step([method, ...args]);
            return method === "connect" ? GRANT : method === "card" ? answer : {};
        },
    };
    const hw = new MemberHw(orm);
    const reads = new MemberReads();
    const shown = [];
    let tell;
    const page = new ThisComputer(
        {},
        {
            action: { doAction: async (...args) => shown.push(args) },
            bus_service: { start() {}, subscribe: (type, heard) => (tell = { [type]: heard }) },
            member_hw: hw,
            member_reads: reads,
            notification: { add: (...args) => shown.push(args) },
            orm,
        },
    );
    after(() => page.forget());
    await advanceTime(1);
    await animationFrame();
    hw.takeFocus();
    return { agent, hw, page, reads, shown, tell };
}

async function tap(agent) {
    agent.emit("card", "reader", { reading: "sealed", type: "ntag", masked: "•••• 0013" });
    await animationFrame();
}

test("a browser in which no computer was chosen asks nobody", async () => {
    const { agent } = await setupPage({ chosen: false });
    expect(agent.sockets).toHaveLength(0);
    expect.verifySteps([]);
});

test("who may not read cards asks nobody", async () => {
    const { agent } = await setupPage({ mayRead: false });
    expect(agent.sockets).toHaveLength(0);
    expect.verifySteps([]);
});

test("a card opens its member", async () => {
    const { agent, hw, shown } = await setupPage({ answer: { status: "ok", partner_id: 12 } });
    expect(hw.state.status).toBe("connected");
    await tap(agent);
    expect(shown).toEqual([
        ["member_card.member_action", { viewType: "form", props: { resId: 12 } }],
    ]);
    expect.verifySteps([
        ["connect", 7, READS],
        ["card", 7, "sealed"],
    ]);
});

test("of two cards the one that was put on last is opened", async () => {
    const answers = [Promise.withResolvers(), Promise.withResolvers()];
    const { agent, hw, shown } = await setupPage();
    hw.orm.call = (model, method, args) => answers[args[1] === "one" ? 0 : 1].promise;
    agent.emit("card", "reader", { reading: "one", type: "ntag", masked: "1" });
    agent.emit("card", "reader", { reading: "two", type: "ntag", masked: "2" });
    answers[1].resolve({ status: "ok", partner_id: 2 });
    await animationFrame();
    answers[0].resolve({ status: "ok", partner_id: 1 });
    await animationFrame();
    expect(shown).toEqual([
        ["member_card.member_action", { viewType: "form", props: { resId: 2 } }],
    ]);
    expect.verifySteps([["connect", 7, READS]]);
});

test("what changed in Odoo is asked for at once", async () => {
    const { agent, tell } = await setupPage();
    await tell.member_hw_changed({});
    expect(agent.all("auth")).toHaveLength(2);
    expect.verifySteps([
        ["connect", 7, READS],
        ["connect", 7, READS],
    ]);
});

test("a refusal is read, and a card that is not issued can be", async () => {
    const answer = { status: "not_issued", message: "Issue it first.", card_id: 5 };
    const { agent, shown } = await setupPage({ answer });
    await tap(agent);
    const [[message, { buttons }]] = shown;
    expect(message).toBe("Issue it first.");
    expect.verifySteps([
        ["connect", 7, READS],
        ["card", 7, "sealed"],
    ]);
    await buttons[0].onClick();
    expect.verifySteps([["action_issue", 5]]);
});

test("an open dialog is not interrupted", async () => {
    const { agent, shown } = await setupPage();
    document.body.classList.add("modal-open");
    after(() => document.body.classList.remove("modal-open"));
    await tap(agent);
    expect(shown).toHaveLength(1);
    expect(shown[0][0]).toInclude("Close this window first");
    expect.verifySteps([["connect", 7, READS]]);
});

test("a screen that listens gets the card instead", async () => {
    const { agent, hw, shown } = await setupPage();
    const end = hw.listen({ card: () => expect.step("mine") });
    await tap(agent);
    expect(shown).toHaveLength(0);
    expect.verifySteps([["connect", 7, READS], "mine"]);
    end();
});

test("a dialog that asks for a member gets whose card it is", async () => {
    const found = { status: "ok", partner_id: 12, name: "Ann", number: "8800" };
    const { agent, reads, shown } = await setupPage({ answer: found });
    document.body.classList.add("modal-open");
    after(() => document.body.classList.remove("modal-open"));
    const end = reads.take((answer) => expect.step(answer));
    await tap(agent);
    expect(shown).toHaveLength(0);
    expect.verifySteps([["connect", 7, READS], ["card", 7, "sealed"], found]);
    end();
});

test("a dialog that was closed meanwhile gets nothing, and nothing opens behind it", async () => {
    const answer = Promise.withResolvers();
    const { agent, hw, reads, shown } = await setupPage();
    hw.orm.call = () => answer.promise;
    const end = reads.take((found) => expect.step(found));
    await tap(agent);
    end();
    answer.resolve({ status: "ok", partner_id: 12 });
    await animationFrame();
    expect(shown).toHaveLength(0);
    expect.verifySteps([["connect", 7, READS]]);
});

test("what was borrowed comes back to the reader", async () => {
    const { hw, page } = await setupPage();
    const giveBack = page.borrow(9, ["events", "setup"]);
    await animationFrame();
    expect.verifySteps([
        ["connect", 7, READS],
        ["connect", 9, ["events", "setup"]],
    ]);
    giveBack();
    await advanceTime(1);
    await animationFrame();
    expect.verifySteps([["connect", 7, READS]]);
    expect(hw.state.status).toBe("connected");
});

test("a computer is chosen and forgotten in this browser", async () => {
    const { hw, page } = await setupPage({ chosen: false });
    page.choose(3);
    await animationFrame();
    expect(browser.localStorage.getItem(KEY)).toBe("3");
    expect.verifySteps([["connect", 3, READS]]);
    page.forget();
    await advanceTime(1);
    expect(browser.localStorage.getItem(KEY)).toBe(null);
    expect(hw.state.status).toBe("idle");
    expect.verifySteps([]);
});
