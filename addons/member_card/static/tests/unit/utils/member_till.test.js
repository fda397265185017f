import { describe, expect, test } from "@odoo/hoot";
import { Deferred } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { session } from "@web/session";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberTill } from "@member_card/app/utils/member_till";

definePosModels();

const MATCH = {
    partner_id: 987,
    name: "Zed",
    number: "M1",
    class: { name: "Gold", color: 3 },
    phone_masked: "•••• 5678",
};

describe("exclusively", () => {
    test("a second conversation is ignored while the first goes on", async () => {
        const till = new MemberTill({});
        const first = new Deferred();
        const running = till.exclusively(() => first);
        expect(await till.exclusively(() => "second")).toBe(false);
        first.resolve("first");
        expect(await running).toBe("first");
        expect(await till.exclusively(() => "third")).toBe("third");
    });

    test("a conversation that fails does not block the next", async () => {
        const till = new MemberTill({});
        await expect(till.exclusively(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
        expect(till.busy).toBe(false);
    });
});

test("a lost answer is an answer: offline", async () => {
    await setupPosEnv(); // for the translations
    const data = { call: () => Promise.reject(new ConnectionLostError()) };
    const till = new MemberTill({ data, config: { id: 1 } });
    const answer = await till.release("key");
    expect(answer.status).toBe("offline");
    expect(answer.message).toMatch(/connection/);
});

test("the server is told which version this page has", async () => {
    patchWithCleanup(session, { member_card_version: "19.0.1.0.0" });
    const data = {
        call(model, verb, args, { context }) {
            expect.step(context);
            return { status: "ok" };
        },
    };
    await new MemberTill({ data, config: { id: 1 } }).release("key");
    expect.verifySteps([{ member_version: "19.0.1.0.0" }]);
});

test("an outdated page offers a reload, once until it is answered", async () => {
    onRpc("pos.config", "member_release", () => ({ status: "outdated", message: "Reload." }));
    const store = await setupPosEnv();
    let close = null;
    store.dialog = {
        add(component, { body }, { onClose }) {
            expect.step(body);
            close = onClose;
        },
    };
    expect((await store.memberTill.release("key")).status).toBe("outdated");
    await store.memberTill.release("key");
    expect.verifySteps(["Reload."]);
    close();
    await store.memberTill.release("key");
    expect.verifySteps(["Reload."]);
});

test("any other error is a fault and stays one", async () => {
    const data = { call: () => Promise.reject(new Error("bug")) };
    const till = new MemberTill({ data, config: { id: 1 } });
    await expect(till.release("key")).rejects.toThrow("bug");
});

test("a look-up loads members who were never loaded", async () => {
    onRpc("pos.config", "member_lookup", ({ args }) => {
        expect.step(args);
        return {
            status: "ok",
            matches: [MATCH],
            records: { "res.partner": [{ id: 987, name: "Zed", is_member: true }] },
        };
    });
    const store = await setupPosEnv();
    const { matches } = await store.memberTill.lookup("8800");
    expect.verifySteps([[[1], "8800"]]);
    expect(matches[0].partner).toBe(store.models["res.partner"].get(987));
    expect(matches[0].partner.is_member).toBe(true);
});
