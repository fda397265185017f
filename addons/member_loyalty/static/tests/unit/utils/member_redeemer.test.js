import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPoints, takeReward } from "@member_loyalty/../tests/unit/utils";

definePosModels();

const REWARD = { id: 7, name: "Tea" };

/** Answer redemptions one after the other, and write down the key of each. */
function answerRedemptions(...answers) {
    const keys = [];
    onRpc("pos.config", "member_redeem", ({ args }) => {
        keys.push(args[4]);
        return answers.shift();
    });
    onRpc("pos.config", "member_redeem_cancel", ({ args }) => {
        expect.step(`cancel ${keys.indexOf(args[1])}`);
        return { status: "ok" };
    });
    return keys;
}

async function ask(store, order, points = 500) {
    const { memberRedeemer: redeemer } = store;
    const attempt = await redeemer.prepareAttempt(order, REWARD, points);
    return redeemer.ask(order, attempt);
}

test("a lost answer is asked for again under the same key", async () => {
    const keys = answerRedemptions({ status: "offline" }, { status: "ok" });
    const { store, order } = await setupPoints();
    await ask(store, order);
    expect(order.uiState.memberRedeemAttempt.points).toBe(500);
    await ask(store, order);
    expect(keys[0]).toBe(keys[1]);
    expect(order.uiState.memberRedeemAttempt).toBe(null);
    expect.verifySteps([]);
});

test("asking for something else gives back what may be held", async () => {
    const keys = answerRedemptions({ status: "offline" }, { status: "ok" });
    const { store, order } = await setupPoints();
    await ask(store, order);
    await ask(store, order, 300);
    expect(keys[0]).not.toBe(keys[1]);
    expect.verifySteps(["cancel 0"]);
});

test("a refusal after a lost answer gives back what may be held", async () => {
    answerRedemptions({ status: "offline" }, { status: "sold_out", message: "None left" });
    const { store, order } = await setupPoints();
    await ask(store, order);
    const answer = await ask(store, order);
    expect(answer.status).toBe("sold_out");
    expect(order.uiState.memberRedeemAttempt).toBe(null);
    expect.verifySteps(["cancel 0"]);
});

test("deleting an order gives back all that it holds", async () => {
    onRpc("pos.config", "member_redeem_cancel", ({ args }) => {
        expect.step(args[1]);
        return { status: "ok" };
    });
    const { store, order } = await setupPoints();
    await takeReward(store, order, { key: "k", kind: "discount", value: 5 });
    await takeReward(store, order, { key: "g", kind: "gift", product_id: 5, product_qty: 1 });
    order.uiState.memberRedeemAttempt = { requestKey: "lost" };
    expect(await store._onBeforeDeleteOrder(order)).toBe(true);
    expect.verifySteps(["k", "g", "lost"]);
});

test("what an order has paid for is not given back", async () => {
    onRpc("pos.config", "member_redeem_cancel", () => ({ status: "claimed", message: "paid" }));
    const { store, order } = await setupPoints();
    await takeReward(store, order, { key: "k", kind: "discount", value: 5 });
    expect(await store.memberRedeemer.release(order, "k")).toBe(false);
    expect(order.memberRedemptions).toHaveLength(1);
    expect(await store._onBeforeDeleteOrder(order)).toBe(false);
});

test("no points while goods are given back, without a connection, or without the right", async () => {
    const { store, order } = await setupPoints();
    const { memberRedeemer: redeemer } = store;
    expect(redeemer.problemOf(order)).toBe(null);
    expect(redeemer.isOfferedFor(order)).toBe(true);
    order.is_refund = true;
    expect(redeemer.problemOf(order)).toMatch(/given back/);
    expect(redeemer.isOfferedFor(order)).toBe(false);
    order.is_refund = false;
    store.data.network.offline = true;
    expect(redeemer.problemOf(order)).toMatch(/connection/);
    store.data.network.offline = false;
    store.config._member_may_redeem = false;
    expect(redeemer.isOfferedFor(order)).toBe(false);
});

test("what the order will earn is asked with its basket, and forgotten with its customer", async () => {
    onRpc("pos.config", "member_points_preview", ({ args }) => {
        expect.step(args[2].map((line) => line.quantity));
        return { status: "ok", points: 34, multiplier: 2, notes: ["×2"] };
    });
    const { store, order } = await setupPoints();
    await store.memberRedeemer.refreshEarnings(order);
    expect.verifySteps([[3, 2]]);
    expect(order.memberEarns.points).toBe(34);
    order.setPartner(store.models["res.partner"].get(3));
    expect(order.memberEarns).toBe(null);
    await store.memberRedeemer.refreshEarnings(order);
    expect.verifySteps([]);
});
