import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";

definePosModels();

/** What the display is told about the order, as it arrives there. */
function told(order) {
    const adapter = new CustomerDisplayPosAdapter();
    adapter.formatOrderData(order);
    return JSON.parse(JSON.stringify(adapter.data));
}

async function setupOrder() {
    onRpc("pos.config", "member_info", () => ({ status: "not_member", message: "" }));
    const store = await setupPosEnv();
    store.models.connectNewData({
        "res.partner": [{ id: 987, name: "Zed Zulu", is_member: true }],
    });
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(987));
    order.uiState.member = {
        status: "ok",
        partner_id: 987,
        class: { name: "Gold" },
        available: 120,
    };
    return order;
}

test("the customer sees class, masked name and balance", async () => {
    const { member, memberOffer } = told(await setupOrder());
    expect(member.className).toBe("Gold");
    expect(member.name).toBe("Zed");
    expect(member.balance).toMatch(/120/);
    expect(memberOffer).toBe(false);
});

test("what the PIN is asked for", async () => {
    const order = await setupOrder();
    order.uiState.memberOffer = { name: "Zed Zulu", amount: 34, after: 86 };
    const { memberOffer } = told(order);
    expect(memberOffer.amount).toMatch(/34/);
    expect(memberOffer.after).toMatch(/86/);
    expect(memberOffer.name).toBe("Zed");
});

test("nothing stays after the sale, nor for the next customer", async () => {
    const order = await setupOrder();
    order.uiState.memberOffer = { name: "Zed Zulu", amount: 34, after: 86 };
    order.state = "paid";
    expect(told(order).member).toBe(false);
    expect(told(order).memberOffer).toBe(false);
    order.state = "draft";
    order.uiState.memberOffer = null;
    order.setPartner(order.models["res.partner"].get(3));
    expect(told(order).member).toBe(false);
    expect(told(order).memberOffer).toBe(false);
});
