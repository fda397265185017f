import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";

export const ZED = 987;

const MEMBER = {
    status: "ok",
    number: "M1",
    class: { name: "Gold" },
    available: 120,
    warnings: [],
    points: { available: 1240, owed: 0, expiring: [], notes: [] },
    coupons: [],
};

/** The product of the lines that take money off: any one without taxes will do. */
const POINTS_PRODUCT = 1;

/** A store whose cashier may redeem, with an order of two goods for a member who has points. */
export async function setupPoints({ info = MEMBER } = {}) {
    onRpc("pos.config", "member_info", () => info);
    const store = await setupPosEnv();
    store.models.connectNewData({
        "res.partner": [{ id: ZED, name: "Zed Zulu", is_member: true }],
    });
    store.config._member_may_redeem = true;
    store.config._member_points_discount_product_id = POINTS_PRODUCT;
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(ZED));
    await store.refreshMember(order);
    return { store, order };
}

/** Redeem as the dialog would: the server's answer is `answer`. */
export function takeReward(store, order, answer, reward = { name: "Reward" }) {
    return store.memberRedeemer.take(order, reward, { is_done: false, points: 500, ...answer });
}
