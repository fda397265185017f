import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

/** An order of Zed's, who has 86; unlocking a PIN answers with 40. */
async function setupZed() {
    const figures = { status: "ok", class: {}, warnings: [] };
    onRpc("pos.config", "member_info", () => ({ ...figures, available: 86 }));
    onRpc("pos.config", "member_pin_unlock", () => ({ ...figures, available: 40 }));
    const store = await setupPosEnv();
    store.config._member_offers = { rights: ["edit"], classes: [] };
    store.models.connectNewData({
        "res.partner": [
            { id: 987, name: "Zed", is_member: true },
            { id: 986, name: "Yan", is_member: true },
        ],
    });
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(987));
    await store.refreshMember(order);
    return { store, order };
}

test("an answer shows what the order's customer has now", async () => {
    const { store, order } = await setupZed();
    await store.memberDesk.unlockPin(order);
    expect(order.uiState.member.available).toBe(40);
});

test("an answer about who is no longer the customer changes nothing", async () => {
    const { store, order } = await setupZed();
    const unlocked = store.memberDesk.unlockPin(order);
    order.setPartner(store.models["res.partner"].get(986));
    await store.refreshMember(order);
    await unlocked;
    expect([order.uiState.member.partner_id, order.uiState.member.available]).toEqual([986, 86]);
});
