import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

const GOLD = 7;
const SENTENCE = "For Gold. Choose such a member first.";

/** An order, two members, and 10 % off that only Gold gets. */
async function setupProgram() {
    onRpc("loyalty.card", "get_loyalty_card_partner_by_code", () => false);
    onRpc("pos.config", "member_info", () => ({ status: "offline" }));
    const store = await setupPosEnv();
    store.models.connectNewData({
        "res.partner": [
            { id: 901, name: "Ann", is_member: true, member_class_id: GOLD },
            { id: 902, name: "Bob", is_member: true, member_class_id: 1 },
        ],
    });
    const program = store.models["loyalty.program"].get(1);
    program.update({
        members_only: true,
        member_class_ids: [GOLD],
        member_condition: SENTENCE,
        pricelist_ids: [["clear"]],
    });
    const order = await getFilledOrder(store);
    const choose = (id) => order.setPartner(store.models["res.partner"].get(id));
    return { store, order, program, choose };
}

test("a promotion comes and goes with the member", async () => {
    const { order, program, choose } = await setupProgram();
    expect(order._programIsApplicable(program)).toBe(false);
    choose(901);
    expect(order._programIsApplicable(program)).toBe(true);
    choose(902);
    expect(order._programIsApplicable(program)).toBe(false);
});

test("a coupon gives nothing to others, and leaves the order with the member", async () => {
    const { store, order, program, choose } = await setupProgram();
    const coupon = store.models["loyalty.card"].create({
        id: 55,
        code: "044-1",
        program_id: program,
        points: 100,
    });
    choose(901);
    order._code_activated_coupon_ids = [["link", coupon]];
    const offered = () => order.getClaimableRewards(coupon.id).length;
    const forGold = offered();
    choose(902);
    expect(offered()).toBe(0);
    expect(forGold).toBe(program.reward_ids.length);
    await store.updatePrograms();
    expect(order._code_activated_coupon_ids).toHaveLength(0);
});

test("a code says for whom it is", async () => {
    const { store, program, choose } = await setupProgram();
    program.rule_ids[0].update({ mode: "with_code", code: "GOLDWEEK", program_id: program });
    choose(902);
    expect(await store.activateCode("GOLDWEEK")).toBe(SENTENCE);
    choose(901);
    expect(await store.activateCode("GOLDWEEK")).not.toBe(SENTENCE);
});
