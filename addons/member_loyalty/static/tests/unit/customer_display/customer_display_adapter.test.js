import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { ZED, setupPoints, takeReward } from "@member_loyalty/../tests/unit/utils";

definePosModels();

/** What the display is told about the order, as it arrives there. */
function told(order) {
    const adapter = new CustomerDisplayPosAdapter();
    adapter.formatOrderData(order);
    return JSON.parse(JSON.stringify(adapter.data));
}

test("D11: the customer sees points, what is spent and what will be earned", async () => {
    const { store, order } = await setupPoints();
    expect(told(order).memberPoints).toEqual({
        available: "1,240",
        spent: "",
        earns: "",
        notes: [],
    });
    await takeReward(store, order, { key: "k", kind: "discount", value: 5 });
    order.uiState.memberEarns = { partner_id: ZED, points: 34, notes: ["×2"] };
    expect(told(order).memberPoints).toEqual({
        available: "1,240",
        spent: "500",
        earns: "34",
        notes: ["×2"],
    });
});

test("what the PIN is asked for, under a masked name", async () => {
    const { order } = await setupPoints();
    expect(told(order).memberPointsOffer).toBe(false);
    order.uiState.memberPointsOffer = { name: "Zed Zulu", reward: "Tea", points: 500, after: 740 };
    expect(told(order).memberPointsOffer).toEqual({
        name: "Zed",
        reward: "Tea",
        points: "500",
        after: "740",
    });
});

test("nothing stays after the sale, nor for the next customer", async () => {
    const { store, order } = await setupPoints();
    order.uiState.memberPointsOffer = { name: "Zed Zulu", reward: "Tea", points: 500, after: 740 };
    order.state = "paid";
    expect(told(order).memberPoints).toBe(false);
    expect(told(order).memberPointsOffer).toBe(false);
    order.state = "draft";
    order.uiState.memberPointsOffer = null;
    order.setPartner(store.models["res.partner"].get(3));
    expect(told(order).memberPoints).toBe(false);
});
