import { expect, test } from "@odoo/hoot";
import { click, edit, select, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberTicketsPopup } from "@member_ticketing/app/components/popups/member_tickets_popup/member_tickets_popup";
import { STALLS, setupTickets, ticketsOf } from "../utils";

definePosModels();

/** Mount the popup; what is submitted and what it resolves to are pushed to lists. */
async function mountTickets({ performance = ticketsOf(), answers = [{ status: "ok" }] } = {}) {
    const { order } = await setupTickets();
    const submitted = [];
    const resolved = [];
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberTicketsPopup, {
        order,
        performance,
        load: async (slotId) => {
            expect.step(`load ${slotId}`);
            return { ...performance, slot_id: slotId };
        },
        submit: async (choices) => {
            submitted.push(
                choices.map(({ ticket, ...rest }) => ({ ticketId: ticket.id, ...rest })),
            );
            return answers.shift();
        },
        getPayload: (payload) => resolved.push(payload),
    });
    await waitFor(".member-confirm");
    return { submitted, resolved };
}

test("the member's price, the public one, seats and limit are seen at once", async () => {
    await mountTickets();
    expect(".member-price").toHaveText(/80/);
    expect(".member-public-price").toHaveText(/100/);
    expect(".member-policy-name").toHaveText("Gold");
    expect(".member-seats-left").toHaveText("12 left");
    expect(".member-limit").toHaveText(/3 more/);
});

test("as many as the limit allows, added in one tap", async () => {
    const { submitted, resolved } = await mountTickets();
    for (let tap = 0; tap < 3; tap++) {
        await click(".member-more-tickets");
        await animationFrame();
    }
    expect(".member-more-tickets").not.toBeEnabled();
    expect(".member-confirm").toHaveText(/Add 3.*240/);
    await click(".member-confirm");
    await animationFrame();
    expect(submitted).toEqual([[{ ticketId: 1, quantity: 3, policyId: false, freeReason: false }]]);
    expect(resolved).toEqual([{ status: "ok" }]);
});

test("a number that was typed is cut to what can be had", async () => {
    await mountTickets();
    await click(".member-quantity");
    await edit("50", { confirm: "tab" });
    await animationFrame();
    expect(".member-quantity").toHaveValue("3");
});

test("a refusal is said with fresh figures, and what was chosen stays", async () => {
    const refusal = { status: "sold_out", message: "Sold out. 2 left in Circle." };
    const { submitted, resolved } = await mountTickets({ answers: [refusal, { status: "ok" }] });
    await click(".member-more-tickets");
    await click(".member-confirm");
    await waitFor(".member-message");
    expect(".member-message").toHaveText(/2 left in Circle/);
    expect(".member-quantity").toHaveValue("1");
    expect.verifySteps(["load false"]);
    await click(".member-confirm");
    await animationFrame();
    expect(submitted).toHaveLength(2);
    expect(resolved).toHaveLength(1);
});

test("only policies that sell now are offered instead", async () => {
    const { submitted } = await mountTickets();
    expect(".member-policy option").toHaveCount(2);
    await click(".member-policy");
    await select("8");
    await animationFrame();
    expect(".member-price").toHaveText(/60/);
    await click(".member-more-tickets");
    await click(".member-confirm");
    await animationFrame();
    expect(submitted[0][0].policyId).toBe(8);
});

test("complimentary tickets need a reason", async () => {
    const { submitted } = await mountTickets();
    await click(".member-more-tickets");
    await animationFrame();
    await click(".member-free");
    await animationFrame();
    expect(".member-price").toHaveText(/0\.00/);
    await click(".member-confirm");
    await animationFrame();
    expect(".member-message").toHaveText(/why/);
    await click(".member-free-reason");
    await edit("Press");
    await click(".member-confirm");
    await animationFrame();
    expect(submitted).toEqual([
        [{ ticketId: 1, quantity: 1, policyId: false, freeReason: "Press" }],
    ]);
});

test("nothing chosen is no dead end, and what is closed says why", async () => {
    const closed = { ...STALLS, status: "closed", why: "From 1 December.", policies: [] };
    const { submitted } = await mountTickets({ performance: ticketsOf({ tickets: [closed] }) });
    expect(".member-why").toHaveText("From 1 December.");
    expect(".member-more-tickets").not.toBeEnabled();
    await click(".member-confirm");
    await animationFrame();
    expect(".member-message").toHaveText(/Tap \+/);
    expect(submitted).toEqual([]);
});

test("of a performance with slots a time is chosen first", async () => {
    const slots = [
        { id: 4, begins_at: "2026-11-28 11:30:00", seats_left: 5 },
        { id: 5, begins_at: "2026-11-28 14:30:00", seats_left: 0 },
    ];
    await mountTickets({ performance: ticketsOf({ is_multi_slots: true, slots, tickets: [] }) });
    expect(".member-needs-slot").toHaveCount(1);
    expect(".member-slot[data-slot='5']").not.toBeEnabled();
    await click(".member-slot[data-slot='4']");
    await animationFrame();
    expect.verifySteps(["load 4"]);
    expect(".member-slot.active").toHaveAttribute("data-slot", "4");
});
