import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

const WALLET = { id: 90, name: "Wallet", type: "member_wallet", is_cash_count: false };

async function setupMember(info = { status: "ok", available: 86, class: {}, warnings: [] }) {
    onRpc("pos.config", "member_info", () => info);
    const store = await setupPosEnv();
    store.models.connectNewData({
        "pos.payment.method": [WALLET],
        "res.partner": [{ id: 987, name: "Zed", is_member: true }],
    });
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(987));
    await store.refreshMember(order);
    return { store, order };
}

test("a customer who is no member costs no question to the server", async () => {
    onRpc("pos.config", "member_info", () => expect.step("asked"));
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(3));
    await store.refreshMember(order);
    expect(order.uiState.member).toBe(null);
    expect.verifySteps([]);
});

test("the wallet's button shows the balance, the others what is left to pay", async () => {
    const { store, order } = await setupMember();
    const method = (id) => store.models["pos.payment.method"].get(id);
    expect(store.getPaymentMethodFmtAmount(method(90), order)).toMatch(/86/);
    expect(store.getPaymentMethodFmtAmount(method(2), order)).toBe(undefined);
    order.addMemberHold([{ key: "k", payment_method_id: 90, amount: order.totalDue - 14 }]);
    expect(store.getPaymentMethodFmtAmount(method(2), order)).toMatch(/14/);
});

test("reversing one line of a hold takes away all of them", async () => {
    onRpc("pos.config", "member_release", ({ args }) => {
        expect.step(args[1]);
        return { status: "ok", keys: ["a", "b"] };
    });
    const { store, order } = await setupMember();
    order.addMemberHold([
        { key: "a", payment_method_id: 90, amount: 1 },
        { key: "b", payment_method_id: 90, amount: 2 },
    ]);
    await store.releaseMemberHold(order.payment_ids[1]);
    expect.verifySteps(["b"]);
    expect(order.payment_ids).toHaveLength(0);
});

test("a hold that an order has claimed is not taken away", async () => {
    onRpc("pos.config", "member_release", () => ({ status: "claimed", message: "paid" }));
    const { store, order } = await setupMember();
    order.addMemberHold([{ key: "a", payment_method_id: 90, amount: 1 }]);
    expect(await store.releaseMemberHold(order.payment_ids[0])).toBe(false);
    expect(order.payment_ids).toHaveLength(1);
});

test("deleting an order gives back what it holds and what it may hold", async () => {
    onRpc("pos.config", "member_release", ({ args }) => {
        expect.step(args[1]);
        return { status: "ok", keys: [args[1]] };
    });
    const { store, order } = await setupMember();
    order.addMemberHold([{ key: "a", payment_method_id: 90, amount: 1 }]);
    order.uiState.memberAttempt = { requestKey: "lost" };
    await store._onBeforeDeleteOrder(order);
    expect.verifySteps(["a", "lost"]);
});

test("deleting an order ends also where the server releases nothing of it", async () => {
    const asked = [];
    onRpc("pos.config", "member_release", ({ args }) => {
        asked.push(args[1]);
        // more than once for each is without end
        return { status: asked.length > 2 ? "claimed" : "ok", keys: [] };
    });
    const { store, order } = await setupMember();
    order.addMemberHold([
        { key: "a", payment_method_id: 90, amount: 1 },
        { key: "b", payment_method_id: 90, amount: 2 },
    ]);
    expect(await store._onBeforeDeleteOrder(order)).toBe(true);
    expect(asked).toEqual(["a", "b"]);
    expect(order.payment_ids).toHaveLength(0);
});

test("payments of a wallet order are not edited afterwards", async () => {
    const { store, order } = await setupMember();
    store.config.module_pos_hr = false; // only managers may edit otherwise
    expect(store.canEditPayment(order)).toBe(true);
    order.addMemberHold([{ key: "a", payment_method_id: 90, amount: 1 }]);
    expect(store.canEditPayment(order)).toBe(false);
});

test("a class that has changed since brings its prices along", async () => {
    const { store, order } = await setupMember();
    const partner = order.partner_id;
    const records = (classId) => ({
        "res.partner": [{ id: partner.id, name: "Zed", is_member: true, member_class_id: classId }],
    });
    onRpc("pos.config", "member_lookup", () => {
        expect.step("looked up");
        return { status: "ok", matches: [], records: records(7) };
    });
    onRpc("pos.config", "member_info", () => ({ status: "ok", class: { id: 7 }, warnings: [] }));
    order.updatePricelistAndFiscalPosition = () => expect.step("prices");
    await store.refreshMember(order);
    expect(partner.member_class_id).toBe(7);
    expect.verifySteps(["looked up", "prices"]);
    await store.refreshMember(order);
    expect.verifySteps([]);
});
