import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

const NEEDED = {
    status: "approver_needed",
    text: "20 % off 3 × Desk",
    approvers: [
        { id: 7, name: "Sue" },
        { id: 8, name: "Tom" },
    ],
};

/** A till where cuts over `limit` percent take a supervisor; `answers` are the server's. */
async function setupTill(limit, answers = []) {
    const asked = [];
    onRpc("pos.config", "member_approve", ({ args }) => {
        asked.push(args.slice(1));
        return answers.shift();
    });
    const store = await setupPosEnv();
    store.config._member_discount_limit = limit;
    const order = await getFilledOrder(store);
    await mountWithCleanup(MainComponentsContainer);
    return { store, order, line: order.lines[0], asked };
}

/** What an approval of this line is bound to. */
function aboutLine(line) {
    return { product_id: line.product_id.id, quantity: line.qty };
}

async function press(text) {
    for (const digit of text) {
        await click(`.member-pin-pad .numpad button:contains(${digit})`);
    }
    await animationFrame();
}

test("nobody is asked while the setting is off", async () => {
    const { store, line, asked } = await setupTill(false);
    expect(store.restrictLineDiscountChange()).toBe(false);
    await store.setDiscountFromUI(line, "50");
    expect(line.discount).toBe(50);
    expect(await store.memberApprovesPrice(line, "0.01")).toBe(true);
    expect(asked).toEqual([]);
});

test("up to the limit nobody is asked", async () => {
    const { store, line, asked } = await setupTill(10);
    expect(store.restrictLineDiscountChange()).toBe(true);
    await store.setDiscountFromUI(line, "10");
    expect(line.discount).toBe(10);
    expect(asked).toEqual([]);
});

test("who has the right is not asked for a PIN, and once is enough", async () => {
    const { store, line, asked } = await setupTill(10, [{ status: "ok", token: "t" }]);
    await store.setDiscountFromUI(line, "20");
    expect(line.discount).toBe(20);
    expect(asked).toEqual([[false, "", "discount", 20, line.uuid, aboutLine(line)]]);
    await store.setDiscountFromUI(line, "15");
    expect(line.discount).toBe(15);
    expect(asked).toHaveLength(1);
});

test("more units than were approved are asked for when it is paid", async () => {
    const answers = [
        { status: "ok", token: "t" },
        { status: "ok", token: "u" },
    ];
    const { store, order, line, asked } = await setupTill(10, answers);
    await store.setDiscountFromUI(line, "20");
    const payment = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    expect(await payment.areMemberActsApproved()).toBe(true);
    line.setQuantity(line.qty - 1);
    expect(await payment.areMemberActsApproved()).toBe(true);
    expect(asked).toHaveLength(1);
    line.setQuantity(line.qty + 5);
    expect(await payment.areMemberActsApproved()).toBe(true);
    expect(asked).toHaveLength(2);
    expect(asked.at(-1)).toEqual([false, "", "discount", 20, line.uuid, aboutLine(line)]);
    expect(await payment.areMemberActsApproved()).toBe(true);
    expect(asked).toHaveLength(2);
});

test("a supervisor chooses a name, types the PIN and tries again", async () => {
    const answers = [
        NEEDED,
        { status: "wrong_pin", message: "Wrong PIN. Tries left: 4." },
        { status: "ok", token: "t" },
    ];
    const { store, line, asked } = await setupTill(0, answers);
    const done = store.setDiscountFromUI(line, "20");
    await waitFor(".member-approver");
    expect(queryAllTexts(".member-approver")).toEqual(["Sue", "Tom"]);
    expect(queryOne(".member-approval-text").textContent).toMatch(/20 % off/);
    await click(".member-approve");
    await animationFrame();
    expect(queryOne(".member-message").textContent).toMatch(/Choose a name/);
    await click(".member-approver:contains(Tom)");
    await press("1357");
    await click(".member-approve");
    await waitFor(".member-message:contains(Wrong PIN)");
    expect(queryOne(".member-approval-pin").value).toBe("");
    await press("7319");
    await click(".member-approve");
    await done;
    expect(line.discount).toBe(20);
    expect(asked.at(-1)).toEqual([8, "7319", "discount", 20, line.uuid, aboutLine(line)]);
});

test("without an approval the price stays", async () => {
    const answers = [{ status: "no_approver", message: "Nobody can approve this yet." }];
    const { store, line } = await setupTill(0, answers);
    const done = store.setDiscountFromUI(line, "20");
    await waitFor(".modal:contains(Nobody can approve this yet)");
    await done;
    expect(line.discount || 0).toBe(0);
});

test("a lower price takes an approval, a higher one does not", async () => {
    const { store, line, asked } = await setupTill(10, [{ status: "ok", token: "t" }]);
    const due = line.price_unit;
    expect(await store.memberApprovesPrice(line, String(due * 0.95))).toBe(true);
    expect(await store.memberApprovesPrice(line, String(due * 2))).toBe(true);
    expect(asked).toEqual([]);
    expect(await store.memberApprovesPrice(line, String(due * 0.5))).toBe(true);
    expect(asked).toEqual([[false, "", "price", due * 0.5, line.uuid, aboutLine(line)]]);
});
