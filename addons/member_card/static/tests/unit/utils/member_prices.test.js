import { expect, test } from "@odoo/hoot";
import { maskName, needsApproval, percentCut } from "@member_card/app/utils/member_prices";

test("a cut is what is below the price that is due", () => {
    expect(percentCut(80, 100)).toBe(20);
    expect(percentCut(0, 100)).toBe(100);
    expect(percentCut(120, 100)).toBe(0);
    // a product without a price is sold at the one that is typed
    expect(percentCut(5, 0)).toBe(0);
});

test("what takes a supervisor", () => {
    expect(needsApproval(100, false)).toBe(false);
    expect(needsApproval(10, 10)).toBe(false);
    expect(needsApproval(10.5, 10)).toBe(true);
    expect(needsApproval(1, 0)).toBe(true);
    expect(needsApproval(0, 0)).toBe(false);
    expect(needsApproval(20, 10, 20)).toBe(false);
    expect(needsApproval(25, 10, 20)).toBe(true);
});

test("names as strangers may read them", () => {
    expect(maskName("\u5f20\u5c0f\u660e")).toBe("\u5f20**");
    expect(maskName("Ann Lee")).toBe("Ann");
    expect(maskName(" Ann ")).toBe("Ann");
    expect(maskName("")).toBe("");
    expect(maskName(undefined)).toBe("");
});
