import { expect, test } from "@odoo/hoot";
import { Deferred, tick } from "@odoo/hoot-mock";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { HwError } from "@member_hw_proxy/core/hw_errors";
import { PoleDisplay } from "@member_hw_proxy/app/utils/pole_display";

const LINE = { productName: "Tea", price: "36.00", qty: "1" };
const sale = (amount, more = {}) => ({ lines: [LINE], amount, ...more });

function setupPole(show) {
    allowTranslations();
    const shown = [];
    const pole = new PoleDisplay(() => async (lines) => {
        shown.push(lines);
        return show?.(lines);
    });
    return { pole, shown };
}

test("shows what changed, as wide as the display says that it is", async () => {
    const { pole, shown } = setupPole(() => ({ columns: 12, rows: 2 }));
    await pole.show(sale("36.00"));
    await pole.show(sale("36.00"));
    expect(shown).toEqual([
        ["Tea            36.00", "Total          36.00"],
        ["Tea    36.00", "Total  36.00"],
    ]);
});

test("what is shown already is not sent again", async () => {
    const { pole, shown } = setupPole(() => ({ columns: 20, rows: 2 }));
    await pole.show(sale("36.00"));
    await pole.show(sale("36.00"));
    expect(shown).toHaveLength(1);
});

test("never has two messages on their way: the latest one follows", async () => {
    const first = new Deferred();
    const { pole, shown } = setupPole(() => (shown.length === 1 ? first : undefined));
    const showing = pole.show(sale("1.00"));
    pole.show(sale("2.00"));
    pole.show(sale("3.00"));
    await tick();
    expect(shown).toHaveLength(1);
    first.resolve();
    await showing;
    expect(shown.map(([, total]) => total.trim().split(/\s+/)[1])).toEqual(["1.00", "3.00"]);
});

test("a display that fails is no error of the sale, and gets the latest when it is back", async () => {
    let isAway = true;
    const { pole, shown } = setupPole(() => {
        if (isAway) {
            throw new HwError("offline");
        }
    });
    await pole.show(sale("1.00"));
    isAway = false;
    await pole.forget();
    expect(shown).toHaveLength(2);
    expect(shown[0]).toEqual(shown[1]);
});

test("a member is shown until the sale goes on", async () => {
    const { pole, shown } = setupPole();
    const member = { name: "Zed", balance: "86.00" };
    await pole.show(sale("36.00"));
    await pole.show(sale("36.00", { member }));
    await pole.show(sale("36.00", { member: { ...member } }));
    await pole.show(sale("72.00", { member }));
    expect(shown.map(([top]) => top.trim().split(/\s+/)[0])).toEqual(["Tea", "Zed", "Tea"]);
});
