import { describe, expect, test } from "@odoo/hoot";
import { backoff, renewalDelay } from "@member_hw_proxy/core/hw_backoff";

describe("backoff", () => {
    test("waits longer after each failure, and at most half a minute", () => {
        const slowest = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((n) => backoff(n, () => 1));
        expect(slowest).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    });

    test("never tries at once, so that no loop starves the tab", () => {
        expect(backoff(1, () => 0)).toBe(250);
        expect(backoff(0, () => 0)).toBeGreaterThan(100);
    });

    test("spreads the tills of a shop", () => {
        expect(backoff(7, () => 0)).toBe(15000);
        expect(backoff(7, () => 0.5)).toBe(22500);
    });
});

describe("renewalDelay", () => {
    test("renews two minutes before the end", () => {
        expect(renewalDelay(1000 + 600, 1_000_000)).toBe(600_000 - 120_000);
    });

    test("renews a long one every ten minutes, so that Odoo hears of the computer", () => {
        expect(renewalDelay(1000 + 43_200, 1_000_000)).toBe(600_000);
    });

    test("renews a short permission at half time", () => {
        expect(renewalDelay(1000 + 100, 1_000_000)).toBe(50_000);
    });

    test("an end in the past, as a wrong clock makes it, does not ask without pause", () => {
        expect(renewalDelay(10, 1_000_000)).toBe(1000);
    });
});
