import { expect, test } from "@odoo/hoot";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    basketOf,
    formatPoints,
    formatSigned,
    moneyOff,
    pointsChoices,
    refundedPart,
    reversedTaxData,
} from "@member_loyalty/app/utils/member_points";

definePosModels();

const YUAN = { rounding: 0.01, round: (value) => Math.round(value * 100) / 100 };
const REWARD = { points_per_unit: 100, min_points: 0 };

test("points are whole where they are whole, and signed on receipts", async () => {
    await setupPosEnv(); // how numbers are written
    expect(formatPoints(1240)).toBe("1,240");
    expect(formatPoints(12.5)).toBe("12.5");
    expect(formatPoints(undefined)).toBe("0");
    expect(formatSigned(34)).toBe("+34");
    expect(formatSigned(-500)).toBe("-500");
});

test("points never take off more than they are worth", () => {
    expect(moneyOff(REWARD, 1240, YUAN)).toBe(12.4);
    expect(moneyOff({ points_per_unit: 3 }, 2, YUAN)).toBe(0.66);
    expect(moneyOff({ points_per_unit: 0.5 }, 7, YUAN)).toBe(14);
    expect(moneyOff({ points_per_unit: 70 }, 21, YUAN)).toBe(0.3);
});

test("all that is possible comes first, then round sums below it", () => {
    expect(pointsChoices(REWARD, 1240)).toEqual([1240, 1000, 500]);
    expect(pointsChoices(REWARD, 500)).toEqual([500, 200, 100]);
    expect(pointsChoices(REWARD, 1240, 6)).toEqual([1240, 1000, 500, 200, 100, 50]);
    expect(pointsChoices({ ...REWARD, min_points: 200 }, 1240, 6)).toEqual([1240, 1000, 500, 200]);
    expect(pointsChoices(REWARD, 30)).toEqual([30]);
    expect(pointsChoices(REWARD, 0)).toEqual([]);
});

test("a basket names the sale of what comes back, once the server knows it", () => {
    const line = (qty, refunded) => ({
        product_id: { id: 7 },
        qty,
        priceIncl: 10 * qty,
        refunded_orderline_id: refunded,
    });
    const lines = [line(2), line(-1, { id: 5 }), line(-1, { id: "local" }), line(1, { id: 5 })];
    expect(basketOf({ lines }).map((each) => each.refunded_orderline_id)).toEqual([
        false,
        5,
        false,
        false,
    ]);
    expect(basketOf({ lines })[0]).toEqual({
        product_id: 7,
        quantity: 2,
        amount: 20,
        refunded_orderline_id: false,
    });
});

test("what points took off goes back with the goods, the last of them bring the rest", () => {
    const piece = { qty: 1, refunded: 0, refunding: 0, amount: 30 };
    const taken = { ...piece, refunding: 1 };
    const gone = { ...piece, refunded: 1 };
    expect(refundedPart([taken, piece, piece], { qty: 1, refunded: 0 })).toBe(0.33);
    expect(refundedPart([gone, taken, piece], { qty: 1, refunded: 0.33 })).toBe(0.34);
    expect(refundedPart([gone, gone, taken], { qty: 1, refunded: 0.67 })).toBeCloseTo(0.33);
    expect(refundedPart([taken, taken, taken], { qty: 1, refunded: 0 })).toBe(1);
    expect(refundedPart([piece], { qty: 1, refunded: 0 })).toBe(0);
    expect(refundedPart([], { qty: 1, refunded: 0.4 })).toBe(0.6);
});

test("what is taken back wholly has the taxes of the sale, reversed", () => {
    const sold = {
        quantity: 1,
        price_unit: -4.35,
        manual_total_excluded: -4.35,
        manual_tax_amounts: { 7: { tax_amount: -0.65, base_amount: -4.35 } },
    };
    expect(reversedTaxData(sold)).toEqual({
        quantity: -1,
        price_unit: -4.35,
        manual_total_excluded: 4.35,
        manual_tax_amounts: { 7: { tax_amount: 0.65, base_amount: 4.35 } },
    });
    expect(reversedTaxData(null)).toBe(false);
});
