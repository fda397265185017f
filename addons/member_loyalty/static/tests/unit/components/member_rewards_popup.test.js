import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryAll, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberRewardsPopup } from "@member_loyalty/app/components/popups/member_rewards_popup/member_rewards_popup";

definePosModels();

const MONEY_OFF = {
    id: 1,
    name: "Money off",
    kind: "discount",
    points: 100,
    points_per_unit: 100,
    min_points: 100,
    max_points: 1240,
    left: null,
    image_url: "",
    reason_not: false,
};
const MUG = { ...MONEY_OFF, id: 2, name: "A mug", kind: "gift", points: 300, left: 2 };
const TV = { ...MUG, id: 3, name: "TV", reason_not: "8,000 more are needed." };

/** Mount the popup; what it resolves to is pushed to the list that is returned. */
async function mountRewards(props = {}) {
    await setupPosEnv();
    const chosen = [];
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberRewardsPopup, {
        memberName: "Zed",
        available: 1240,
        expiring: [{ points: 200, date: "2026-12-31" }],
        rewards: [MONEY_OFF, MUG, TV],
        redemptions: [],
        getPayload: (payload) => chosen.push(payload),
        ...props,
    });
    await waitFor(".member-rewards");
    return chosen;
}

test("one tap takes a gift; what cannot be had says why and does nothing", async () => {
    const chosen = await mountRewards();
    expect(".member-points-available").toHaveText("1,240");
    expect(".member-points-expiring").toHaveText(/200/);
    expect(".member-reward[data-reward='3']").toHaveText(/8,000 more/);
    expect(".member-reward[data-reward='3']").not.toBeEnabled();
    expect(".member-reward[data-reward='2']").toHaveText(/2 still available/);
    await click(".member-reward[data-reward='2']");
    expect(chosen).toEqual([{ reward: MUG, points: 300 }]);
});

test("the member chooses how many points, all that is possible first", async () => {
    const chosen = await mountRewards();
    expect(queryAll(".member-choice")).toHaveLength(3);
    expect(".member-choice:first").toHaveText(/12\.40[^]*1,240/);
    await click(".member-choice:eq(1)");
    expect(chosen).toEqual([{ reward: MONEY_OFF, points: 1000 }]);
});

test("another number is checked before it is asked for", async () => {
    const chosen = await mountRewards();
    await click(".member-choice-other");
    await waitFor(".member-points-typed:focus");
    await edit("5000");
    await press("Enter");
    await animationFrame();
    expect(".member-message").toHaveText(/At most 1,240/);
    await edit("50");
    await press("Enter");
    await animationFrame();
    expect(".member-message").toHaveText(/At least 100/);
    await edit("730");
    await animationFrame();
    expect(".member-confirm").toHaveText(/7\.30/);
    await press("Enter");
    await animationFrame();
    expect(chosen).toEqual([{ reward: MONEY_OFF, points: 730 }]);
});

test("what is on the order already can be taken off", async () => {
    const chosen = await mountRewards({
        redemptions: [{ key: "k", name: "A mug", points: 300, lines: [] }],
    });
    expect(".member-redemption").toHaveText(/A mug[^]*300/);
    await click(".member-redemption-remove");
    expect(chosen).toEqual([{ remove: "k" }]);
});

test("a shop without rewards says where they are set up", async () => {
    await mountRewards({ rewards: [] });
    expect(".member-no-rewards").toHaveText(/Gifts/);
});
