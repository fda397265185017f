import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

/** A store whose till has a wallet (id 90) beside core's methods. */
async function setupWallet() {
    onRpc("pos.config", "member_info", () => ({ status: "not_member", message: "" }));
    const store = await setupPosEnv();
    store.models.connectNewData({
        "pos.payment.method": [
            { id: 90, name: "Wallet", type: "member_wallet", is_cash_count: false },
        ],
        "res.partner": [{ id: 987, name: "Zed", is_member: true }],
    });
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(987));
    return { store, order, wallet: store.models["pos.payment.method"].get(90) };
}

const held = (amount, key = "0c6c1d26-2b0e-4a75-b1d2-1f6f6ddc0001") => [
    { key, payment_method_id: 90, amount },
];

test("no path of core makes a wallet line", async () => {
    const { order, wallet } = await setupWallet();
    const result = order.addPaymentline(wallet);
    expect(result.status).toBe(false);
    expect(result.data).toMatch(/PIN/);
    expect(order.payment_ids).toHaveLength(0);
});

test("a held line is done, carries the key of its hold and comes only once", async () => {
    const { order } = await setupWallet();
    order.addMemberHold(held(5));
    order.addMemberHold(held(5)); // the same answer, received again
    expect(order.payment_ids).toHaveLength(1);
    const [line] = order.payment_ids;
    expect([line.uuid, line.amount, line.payment_status]).toEqual([held(5)[0].key, 5, "done"]);
    expect(order.electronicPaymentInProgress()).toBe(false);
    expect(line.isMemberHold).toBe(true);
});

test("the member is locked while money is held", async () => {
    const { store, order } = await setupWallet();
    expect(order.memberLock).toBe(null);
    order.addMemberHold(held(5));
    expect(order.memberLock).toMatch(/Reverse/);
    store.setPartnerToCurrentOrder(store.models["res.partner"].get(3));
    expect(order.partner_id.id).toBe(987);
});

test("a till that takes an order up says whose wallet pays, and asks another's next", async () => {
    const { store, order } = await setupWallet();
    const [{ key, ...line }] = held(5);
    store.models.connectNewData({
        "pos.payment": [
            {
                ...line,
                id: 55,
                uuid: key,
                pos_order_id: order.id,
                payment_status: "done",
                _member_payer: { id: 3, name: "Ann" },
            },
        ],
    });
    expect(order.memberLock).toMatch(/wallet of Ann pays/);
    expect(order.memberHolds[0].memberPayerId).toBe(3);
});

test("the wallet gives no change, cash beside it does", async () => {
    const { store, order } = await setupWallet();
    const due = order.totalDue;
    order.addMemberHold(held(due + 1));
    expect(order.memberPaymentProblem).toMatch(/no change/);
    order.payment_ids[0].setAmount(due - 1);
    expect(order.memberPaymentProblem).toBe(null);
    const cash = store.models["pos.payment.method"].get(1);
    order.addPaymentline(cash).data.setAmount(10);
    expect(order.change).not.toBe(0);
    expect(order.memberPaymentProblem).toBe(null);
});

test("a refund line is negative and holds nothing", async () => {
    const { order } = await setupWallet();
    order.addMemberHold(held(5));
    order.addMemberRefund([{ payment_method_id: 90, amount: 2, partner_id: 987, name: "Zed" }]);
    const line = order.payment_ids[1];
    expect([line.amount, line.isMemberWallet, line.isMemberHold]).toEqual([-2, true, false]);
});

test("the member's pricelist survives a preset", async () => {
    const { store, order } = await setupWallet();
    store.models.connectNewData({
        "product.pricelist.item": [
            {
                id: 901,
                pricelist_id: 900,
                compute_price: "percentage",
                percent_price: 50,
                base: "list_price",
            },
        ],
        "product.pricelist": [
            { id: 900, name: "Gold", is_member_pricelist: true, item_ids: [901] },
        ],
        "res.partner": [{ id: 988, name: "Yan", is_member: true, property_product_pricelist: 900 }],
    });
    order.setPartner(store.models["res.partner"].get(988));
    expect(order.pricelist_id.id).toBe(900);
    const halved = order.lines.map((line) => line.price_unit);
    order.setPreset(store.models["pos.preset"].get(2));
    expect(order.pricelist_id.id).toBe(900);
    expect(order.lines.map((line) => line.price_unit)).toEqual(halved);
});

test("the free parts of several combos are counted for each of them", async () => {
    const { order } = await setupWallet();
    const combo = { id: 1, qty_free: 1 };
    const part = (qty) => ({ combo_item_id: { id: 5, combo_id: combo }, qty });
    const three = { qty: 3, combo_line_ids: [part(3), part(6)] };
    const { childLineFree, childLineExtra } = order.getFreeAndExtraChildLines(three);
    expect(childLineFree.map((line) => line.qty)).toEqual([1]);
    expect(childLineExtra.map((line) => line.qty)).toEqual([2]);
});
