import { after, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { MemberHw } from "@member_hw_proxy/core/hw_service";
import { READER, setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";

const GRANT = { status: "ok", url: "http://localhost:8073", token: "t" };

function makeHw(orm) {
    const hw = new MemberHw(orm);
    after(() => hw.release());
    return hw;
}

/** The service of a tab that was used last, connected to a reader. */
async function setupHw() {
    const agent = setupAgent({ devices: [READER] });
    const hw = makeHw();
    hw.use({ connect: async () => GRANT });
    hw.takeFocus();
    await animationFrame();
    return { agent, hw };
}

const tap = (agent, masked = "•••• 0013") =>
    agent.emit("card", "reader", { reading: "sealed", type: "ntag", masked });

test("nothing happens before somebody wants the agent", async () => {
    const agent = setupAgent();
    const hw = makeHw();
    await advanceTime(60_000);
    expect(agent.sockets).toHaveLength(0);
    expect(hw.state.status).toBe("idle");
});

test("a page of the backend asks Odoo for what it will do, and hands over reports", async () => {
    setupAgent({ devices: [READER] });
    const hw = makeHw({
        call: async (model, method, args) => {
            expect.step([model, method, ...args]);
            return GRANT;
        },
    });
    hw.useAgent(7, ["events", "card.read"]);
    await hw.ready();
    expect(hw.device("reader").name).toBe("ACR122U");
    await advanceTime(2000);
    expect.verifySteps([
        ["member.hw.agent", "connect", 7, ["events", "card.read"]],
        ["member.hw.agent", "report", 7, "sealed-ready"],
    ]);
});

test("who waits for an agent that is refused hears why at once", async () => {
    setupAgent();
    const hw = makeHw();
    hw.use({ connect: async () => ({ status: "revoked", message: "Pair it again." }) });
    const error = await hw.ready().catch((error) => error);
    expect([error.code, error.detail]).toEqual(["revoked", "Pair it again."]);
});

test("a card goes to who listened last, and to nobody else", async () => {
    const { agent, hw } = await setupHw();
    hw.listen({ card: () => expect.step("screen"), scan: () => expect.step("screen scans") });
    const end = hw.listen({ card: ({ masked }) => expect.step(`dialog ${masked}`) });
    tap(agent, "•••• 1");
    agent.emit("scan", "wedge", { code: "8800" });
    end();
    tap(agent, "•••• 2");
    expect.verifySteps(["dialog •••• 1", "screen scans", "screen"]);
});

test("a card that bounces on the reader is one card, later it is a card again", async () => {
    const { agent, hw } = await setupHw();
    hw.listen({ card: ({ masked }) => expect.step(masked) });
    tap(agent, "A");
    tap(agent, "A");
    tap(agent, "B");
    await advanceTime(2000);
    tap(agent, "B");
    expect.verifySteps(["A", "B", "B"]);
});

test("while the card is looked up it bounces longer, once answered it counts again", async () => {
    const { agent, hw } = await setupHw();
    const { promise, resolve } = Promise.withResolvers();
    hw.listen({
        card: ({ masked }) => {
            expect.step(masked);
            return promise;
        },
    });
    tap(agent, "A");
    await advanceTime(1000);
    tap(agent, "A");
    expect.verifySteps(["A"]);
    resolve();
    await animationFrame();
    await advanceTime(300);
    tap(agent, "A");
    expect.verifySteps([]);
    await advanceTime(800);
    tap(agent, "A");
    expect.verifySteps(["A"]);
});

test("of several tabs the one used last gets the card, if it can be seen", async () => {
    const { agent, hw } = await setupHw();
    hw.listen({ card: () => expect.step("card") });
    browser.localStorage.setItem("member_hw_last_tab", "another");
    tap(agent, "A");
    hw.takeFocus();
    tap(agent, "B");
    patchWithCleanup(document, { visibilityState: "hidden" });
    tap(agent, "C");
    expect.verifySteps(["card"]);
});
