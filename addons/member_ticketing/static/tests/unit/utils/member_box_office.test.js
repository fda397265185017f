import { expect, test } from "@odoo/hoot";
import { click, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { getFilledOrder } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { timeLeft } from "@member_ticketing/app/utils/member_tickets";
import { PERFORMANCE, STALLS, ZED, onHold, setupTickets, ticketsOf } from "../utils";

definePosModels();

const SOLD_OUT = { status: "sold_out", message: "1 left in Stalls.", left: 1 };

const choose = (quantity, values = {}) => ({
    ticket: STALLS,
    quantity,
    policyId: false,
    freeReason: false,
    ...values,
});

/** An order with two tickets on it. */
async function setupSold() {
    const { store, order } = await setupTickets();
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(2)]);
    return { store, order, line: order.ticketLines[0] };
}

test("a line is made of what the server holds, one registration for each seat", async () => {
    onHold();
    const { order, line } = await setupSold();
    expect.verifySteps(["hold 2x1 for nobody"]);
    expect(line.qty).toBe(2);
    expect(line.price_unit).toBe(80);
    expect(line.memberPublicPrice).toBe(100);
    expect(line.event_registration_ids).toHaveLength(2);
    expect(order.ticketQuantity).toBe(2);
    expect(order.uiState.memberTickets[line.uuid].policyName).toBe("Gold");
});

test("what is refused leaves nothing on the order", async () => {
    onHold({ refusal: SOLD_OUT });
    const { store, order } = await setupTickets();
    const answer = await store.memberBoxOffice.add(order, ticketsOf(), [choose(2)]);
    expect(answer).toEqual(SOLD_OUT);
    expect(order.lines).toHaveLength(0);
    expect.verifySteps(["hold 2x1 for nobody"]);
});

test("complimentary tickets cost nothing and keep their reason", async () => {
    onHold();
    const { store, order } = await setupTickets();
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(1, { freeReason: "Press" })]);
    const [line] = order.ticketLines;
    expect(line.price_unit).toBe(0);
    expect(line.member_free_reason).toBe("Press");
    expect(line.memberPublicPrice).toBe(null);
    expect.verifySteps(["hold 1x1 for nobody"]);
});

test("a free ticket stays free when its order was put aside", async () => {
    onHold({ seconds: 60 });
    const { store, order } = await setupTickets();
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(1, { freeReason: "Press" })]);
    const [line] = order.ticketLines;
    // the server keeps no reason of a draft that a till sends
    const sent = { ...line.raw, member_free_reason: false };
    store.models.connectNewData({ "pos.order.line": [sent] });
    expect(line.member_free_reason).toBe(false);
    expect(line.memberFreeReason).toBe("Press");
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect(line.price_unit).toBe(0);
    expect.verifySteps(["hold 1x1 for nobody", "hold 1x1 for nobody"]);
});

test("a ticket that another till has sold keeps what the server agreed to", async () => {
    onHold({
        agreed: { price: 0, free_reason: "Press", policy_id: 8, is_other_policy: true },
    });
    const { store, order, line } = await setupSold();
    order.uiState.memberTickets = {};
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect(line.price_unit).toBe(0);
    expect(line.memberFreeReason).toBe("Press");
    const want = store.memberBoxOffice.wantOf(line);
    expect([want.policy_id, want.free_reason]).toEqual([8, "Press"]);
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect.verifySteps(["hold 2x1 for nobody", "hold 2x1 as agreed for nobody"]);
});

test("to change it asks what was agreed, and sends what is chosen", async () => {
    onHold({ agreed: { price: 0, free_reason: "Press", policy_id: 8, is_other_policy: true } });
    onRpc("pos.config", "member_performance", () => {
        const { slot_id, tickets, ...performance } = ticketsOf();
        return { status: "ok", performance, slot_id, tickets };
    });
    const { store, order, line } = await setupSold();
    await mountWithCleanup(MainComponentsContainer);
    order.uiState.memberTickets = {};
    store.memberBoxOffice.edit(line);
    await waitFor(".member-free-reason");
    expect(".member-free-reason").toHaveValue("Press");
    await click(".member-free");
    await animationFrame();
    expect(".member-policy").toHaveValue("8");
    await click(".member-confirm");
    await animationFrame();
    expect(line.price_unit).toBe(80);
    expect(line.memberFreeReason).toBe("");
    expect.verifySteps([
        "hold 2x1 for nobody",
        "hold 2x1 as agreed for nobody",
        "hold 2x1 for nobody",
    ]);
});

test("a supervisor's approval is for the line that needs it", async () => {
    const needed = {
        status: "approval_needed",
        act: "ticket_free",
        amount: 80,
        policy_id: 0,
        free_reason: "Press",
        message: "No.",
    };
    const approved = new Set();
    onHold({
        refusal: ([{ uuid }]) => !approved.has(uuid) && { ...needed, line: uuid },
    });
    onRpc("pos.config", "member_approve", ({ args: [, , , act, amount, uuid, about] }) => {
        expect.step(`${act} ${amount} ${about.quantity} ${about.free_reason}`);
        approved.add(uuid);
        return { status: "ok", token: "t" };
    });
    const { store, order } = await setupTickets();
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(1, { freeReason: "Press" })]);
    expect(order.ticketLines).toHaveLength(1);
    expect.verifySteps(["hold 1x1 for nobody", "ticket_free 80 1 Press", "hold 1x1 for nobody"]);
});

test("changing a line holds the new number first", async () => {
    let isFull = false;
    onHold({ refusal: () => isFull && SOLD_OUT });
    const { store, line } = await setupSold();
    await store.memberBoxOffice.change(line, choose(3));
    expect(line.qty).toBe(3);
    expect(line.event_registration_ids).toHaveLength(3);
    isFull = true;
    expect(await store.memberBoxOffice.change(line, choose(5))).toEqual(SOLD_OUT);
    expect(line.qty).toBe(3);
    expect(line.event_registration_ids).toHaveLength(3);
    isFull = false;
    await store.memberBoxOffice.change(line, choose(1));
    expect(line.event_registration_ids).toHaveLength(1);
    expect.verifySteps([2, 3, 5, 1].map((quantity) => `hold ${quantity}x1 for nobody`));
});

test("taking a line off, or the order, gives the seats back", async () => {
    onHold();
    const { store, order, line } = await setupSold();
    await store.memberBoxOffice.remove(line);
    expect(order.lines).toHaveLength(0);
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(1)]);
    expect(await store._onBeforeDeleteOrder(order)).toBe(true);
    expect.verifySteps(["hold 2x1 for nobody", "release 1", "hold 1x1 for nobody", "release 1"]);
});

test("another customer holds again at their prices", async () => {
    onHold();
    const { store, order } = await setupSold();
    onHold({ price: 70 });
    store.setPartnerToCurrentOrder(store.models["res.partner"].get(ZED));
    await animationFrame();
    expect(order.ticketLines[0].price_unit).toBe(70);
    expect.verifySteps(["hold 2x1 for nobody", `hold 2x1 for ${ZED}`]);
});

test("a customer who may not buy these is taken back, or the tickets are", async () => {
    const limit = { status: "limit_reached", message: "Zed has 4 already." };
    onHold({ refusal: (_lines, partner) => partner === ZED && limit });
    const { store, order } = await setupSold();
    await mountWithCleanup(MainComponentsContainer);
    const zed = store.models["res.partner"].get(ZED);
    store.setPartnerToCurrentOrder(zed);
    await waitFor(".modal:contains(Zed has 4 already)");
    await click(".modal .btn-primary");
    await animationFrame();
    expect(order.partner_id).toBe(undefined);
    expect(order.ticketLines).toHaveLength(1);
    store.setPartnerToCurrentOrder(zed);
    await waitFor(".modal:contains(Zed has 4 already)");
    await click(".modal .btn-secondary");
    await animationFrame();
    expect(order.ticketLines).toHaveLength(0);
    expect(order.partner_id.id).toBe(ZED);
    expect.verifySteps([
        "hold 2x1 for nobody",
        `hold 2x1 for ${ZED}`,
        "hold 2x1 for nobody",
        `hold 2x1 for ${ZED}`,
        "release 1",
    ]);
});

test("a customer whom nobody approves is not kept when the question is closed", async () => {
    const needed = { status: "approval_needed", act: "ticket_policy", message: "No." };
    onHold({
        refusal: ([{ uuid }], partner) => partner === ZED && { ...needed, line: uuid },
    });
    onRpc("pos.config", "member_approve", () => ({ status: "no_approver", message: "Nobody." }));
    const { store, order } = await setupSold();
    await mountWithCleanup(MainComponentsContainer);
    store.setPartnerToCurrentOrder(store.models["res.partner"].get(ZED));
    await waitFor(".modal:contains(Nobody has approved these tickets)");
    await click(".modal:contains(Nobody has approved) .btn-close");
    await animationFrame();
    expect(order.partner_id).toBe(undefined);
    expect(order.ticketLines).toHaveLength(1);
    expect.verifySteps(["hold 2x1 for nobody", `hold 2x1 for ${ZED}`, "hold 2x1 for nobody"]);
});

test("before paying a hold that ends soon is renewed, another one is not", async () => {
    onHold({ seconds: 60 });
    const { store, order } = await setupSold();
    onHold();
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect.verifySteps(["hold 2x1 for nobody", "hold 2x1 for nobody"]);
});

test("how long seats are held is what the server says, whatever the till's clock", async () => {
    onHold({ seconds: 600 });
    const { line } = await setupSold();
    expect.verifySteps(["hold 2x1 for nobody"]);
    expect(timeLeft(line.memberTicket.expiresAt).seconds).toBeWithin(590, 600);
});

/** Give this many of another order's tickets back with an order. */
async function giveBack(store, order, quantity, ids = "") {
    const sale = await getFilledOrder(store);
    return store.models["pos.order.line"].create({
        order_id: order,
        product_id: sale.lines[0].product_id,
        qty: -quantity,
        refunded_orderline_id: sale.lines[0],
        member_seats_back: ids,
    });
}

test("what comes back is told to who holds the seats, and anew when it is other", async () => {
    onHold();
    const { store, order } = await setupTickets();
    order.uiState.isMemberExchange = true;
    const back = await giveBack(store, order, 2, "4,7");
    await store.memberBoxOffice.add(order, ticketsOf(), [choose(1)]);
    expect(order.ticketLines).toHaveLength(1);
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect.verifySteps(["hold 1x1 for nobody for 2 back 4,7"]);
    back.qty = -1;
    back.member_seats_back = "";
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect(await store.memberBoxOffice.ready(order)).toBe(true);
    expect.verifySteps(["hold 1x1 for nobody for 1 back "]);
});

test("no tickets without the right or a connection", async () => {
    const { store, order } = await setupTickets();
    const { memberBoxOffice: office } = store;
    expect(office.problemOf(order)).toBe(null);
    store.data.network.offline = true;
    expect(office.problemOf(order)).toMatch(/connection/);
    store.data.network.offline = false;
    store.config._member_ticket_rights = [];
    expect(office.maySell).toBe(false);
    expect(office.problemOf(order)).toMatch(/right/);
});

test("a performance that the till has not loaded is loaded once", async () => {
    onRpc("pos.config", "member_performance", () => ({
        status: "ok",
        performance: { ...PERFORMANCE, id: 77 },
        slot_id: false,
        tickets: [{ ...STALLS, id: 78 }],
    }));
    onRpc("pos.config", "member_performance_records", ({ args: [, id] }) => {
        expect.step(`load ${id}`);
        return {
            status: "ok",
            records: {
                "event.event": [{ id: 77, name: "Swan Lake", event_ticket_ids: [78] }],
                "event.event.ticket": [
                    { id: 78, name: "Stalls", event_id: 77, product_id: 106, price: 100 },
                ],
            },
        };
    });
    const { store, order } = await setupTickets();
    const answer = await store.memberTill.performance(order, 77);
    expect(answer.name).toBe("Swan Lake");
    expect(store.models["event.event.ticket"].get(78).event_id.id).toBe(77);
    await store.memberTill.performance(order, 77);
    expect.verifySteps(["load 77"]);
});

test("the wallet is proposed when it has enough, and what it lacks is said before", async () => {
    onHold();
    const { store, order } = await setupSold();
    order.partner_id = store.models["res.partner"].get(ZED);
    order.uiState.member = { status: "ok", partner_id: ZED, available: 100 };
    expect(order.canWalletPayTickets).toBe(false);
    expect(order.memberWalletShort).toBe(order.totalDue - 100);
    order.uiState.member = { status: "ok", partner_id: ZED, available: 1000 };
    expect(order.canWalletPayTickets).toBe(true);
    expect(order.memberWalletShort).toBe(0);
    expect.verifySteps(["hold 2x1 for nobody"]);
});
