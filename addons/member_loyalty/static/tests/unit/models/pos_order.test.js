import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPoints, takeReward } from "@member_loyalty/../tests/unit/utils";

definePosModels();

const moneyOff = (key = "k", value = 5) => ({ key, kind: "discount", value });
const gift = (key = "g") => ({ key, kind: "gift", product_id: 5, product_qty: 1 });

const sum = (lines) => lines.reduce((total, line) => total + line.priceIncl, 0);

test("money off is exactly what was held, divided among the taxes of the goods", async () => {
    const { store, order } = await setupPoints();
    const before = order.totalDue;
    await takeReward(store, order, moneyOff());
    const [redemption] = order.memberRedemptions;
    expect(redemption.lines).toHaveLength(2);
    expect(sum(redemption.lines)).toBeCloseTo(-5);
    expect(order.totalDue).toBeCloseTo(before - 5);
    const taxes = redemption.lines.flatMap((line) => line.tax_ids.map((tax) => tax.amount));
    expect(taxes.sort()).toEqual([15, 25]);
    expect(order.memberPointsSpent).toBe(500);
});

test("under a fiscal position money off has the taxes of the goods, and its value", async () => {
    const { store, order } = await setupPoints();
    const own = order.lines.map((line) => line.tax_ids[0].id);
    order.fiscal_position_id = store.models["account.fiscal.position"].get(2); // no taxes
    await takeReward(store, order, moneyOff());
    const [{ lines }] = order.memberRedemptions;
    expect(sum(lines)).toBeCloseTo(-5);
    expect(lines.every((line) => own.includes(line.tax_ids[0]?.id))).toBe(true);
});

test("when goods are taken off, money off is divided anew and stays the same", async () => {
    const { store, order } = await setupPoints();
    await takeReward(store, order, moneyOff());
    order.removeOrderline(order.lines[1]);
    order.splitMoneyOff();
    const [redemption] = order.memberRedemptions;
    expect(redemption.lines).toHaveLength(1);
    expect(sum(redemption.lines)).toBeCloseTo(-5);
    const [{ uuid }] = redemption.lines;
    order.splitMoneyOff();
    expect(order.memberRedemptions[0].lines[0].uuid).toBe(uuid);
});

test("points that take off more than the goods cost are said before paying", async () => {
    const { store, order } = await setupPoints();
    await takeReward(store, order, moneyOff("k", 8));
    expect(order.memberPointsProblem).toBe(null);
    order.removeOrderline(order.lines[0]);
    order.lines[0].setQuantity(1);
    expect(order.memberPointsProblem).toMatch(/more than the goods/);
});

test("a gift is free, stands alone and cannot be changed", async () => {
    const { store, order } = await setupPoints();
    const before = order.totalDue;
    await takeReward(store, order, gift());
    const line = order.lines.at(-1);
    expect([line.qty, line.price_unit, line.member_redemption_key]).toEqual([1, 0, "g"]);
    expect(order.totalDue).toBe(before);
    expect(line.setQuantity(2).body).toMatch(/cannot be changed/);
    line.setUnitPrice(3);
    line.setDiscount(50);
    expect([line.qty, line.price_unit, line.discount]).toEqual([1, 0, 0]);
    await store.addLineToOrder({ product_tmpl_id: line.product_id.product_tmpl_id }, order);
    expect(line.qty).toBe(1);
    expect(order.lines.some((each) => each.canBeMergedWith(line))).toBe(false);
});

test("the member is fixed while points are redeemed", async () => {
    const { store, order } = await setupPoints();
    expect(order.memberLock).toBe(null);
    await takeReward(store, order, gift());
    expect(order.memberLock).toMatch(/Zed Zulu/);
    store.setPartnerToCurrentOrder(store.models["res.partner"].get(3));
    expect(order.partner_id.name).toBe("Zed Zulu");
});

test("taking a redemption off leaves the goods and the other redemptions", async () => {
    const { store, order } = await setupPoints();
    await takeReward(store, order, gift());
    await takeReward(store, order, moneyOff());
    order.removeRedemption("k");
    expect(order.memberRedemptions.map(({ key }) => key)).toEqual(["g"]);
    expect(order.lines).toHaveLength(3);
    expect(order.uiState.memberRedemptions.k).toBe(undefined);
});

test("goods take with them back their part of what points took off", async () => {
    const { store, order } = await setupPoints();
    await takeReward(store, order, moneyOff());
    const refund = store.addNewOrder();
    store.models["pos.order.line"].create({
        order_id: refund,
        product_id: order.lines[0].product_id,
        qty: -3,
        price_unit: order.lines[0].price_unit,
        tax_ids: order.lines[0].tax_ids.map((tax) => ["link", tax]),
        refunded_orderline_id: order.lines[0],
    });
    order.refundMoneyOff(refund);
    const back = refund.lines.filter((line) => line.isMoneyOff);
    expect(back).toHaveLength(2);
    for (const line of back) {
        expect(line.qty).toBeLessThan(0);
        expect(line.qty).toBeGreaterThan(-1);
        expect(line.isMemberRedemption).toBe(false);
    }
});

test("all goods take back exactly what points took off", async () => {
    const { store, order } = await setupPoints();
    await takeReward(store, order, moneyOff("k", 4.99));
    const refund = store.addNewOrder();
    refund.is_refund = true;
    for (const line of order.lines.filter((each) => !each.isMoneyOff)) {
        store.models["pos.order.line"].create({
            order_id: refund,
            product_id: line.product_id,
            qty: -line.qty,
            price_unit: line.price_unit,
            tax_ids: line.tax_ids.map((tax) => ["link", tax]),
            refunded_orderline_id: line,
        });
    }
    order.refundMoneyOff(refund);
    const back = refund.lines.filter((line) => line.isMoneyOff);
    expect(Math.abs(sum(back))).toBeCloseTo(4.99);
    expect(Math.abs(refund.totalDue)).toBeCloseTo(order.totalDue);
});
