import { expect, test } from "@odoo/hoot";
import { click, edit, press, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberPerformancesPopup } from "@member_ticketing/app/components/popups/member_performances_popup/member_performances_popup";
import { PERFORMANCE, ZED, setupTickets } from "../utils";

definePosModels();

/** The step of the first question: the seven days from the clock of the tests. */
const FIRST = "nobody 2019-03-11  0";

const SOLD_OUT = { ...PERFORMANCE, id: 2, name: "Giselle", status: "sold_out", seats_left: 0 };

/** Mount the list; `answer` gets the verb's arguments without the till. */
async function mountList(answer) {
    onRpc("pos.config", "member_performances", ({ args }) => {
        const [, partner, from, , query, , offset] = args;
        expect.step(`${partner || "nobody"} ${from || "all"} ${query} ${offset}`);
        return answer(...args.slice(1));
    });
    const { store, order } = await setupTickets();
    const chosen = [];
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberPerformancesPopup, {
        order,
        getPayload: (payload) => chosen.push(payload),
    });
    await waitFor(".member-performances");
    return { store, order, chosen };
}

const list = (performances, has_more = false) => ({ status: "ok", performances, has_more });

test("one tap on a performance, or on one of its slots", async () => {
    const slots = [{ id: 4, name: "Late", begins_at: "2026-11-28 14:30:00", seats_left: 5 }];
    const { chosen } = await mountList(() => list([{ ...PERFORMANCE, slots }, SOLD_OUT]));
    expect(".member-performance").toHaveCount(2);
    expect(".member-price-from:first").toHaveText(/80/);
    expect(".member-seats-left:last").toHaveText("Sold out");
    await click(".member-slot");
    await animationFrame();
    expect(chosen).toEqual([{ eventId: 1, slotId: 4 }]);
    expect.verifySteps([FIRST]);
});

test("a search looks at all days, a day forgets the search", async () => {
    await mountList(() => list([PERFORMANCE]));
    await click(".member-performance-query");
    await edit("swan");
    await advanceTime(400);
    await animationFrame();
    await click(".member-day[data-day='all']");
    await animationFrame();
    expect(".member-performance-query").toHaveValue("");
    expect.verifySteps([FIRST, "nobody all swan 0", "nobody all  0"]);
});

test("pages are added one after the other", async () => {
    await mountList((_partner, _from, _to, _query, _limit, offset) =>
        list([{ ...PERFORMANCE, id: offset + 1 }], !offset),
    );
    await click(".member-more");
    await animationFrame();
    expect(".member-performance").toHaveCount(2);
    expect(".member-more").toHaveCount(0);
    expect.verifySteps([FIRST, "nobody 2019-03-11  1"]);
});

test("a member who is chosen meanwhile sees their own prices", async () => {
    const { store, order } = await mountList((partner) =>
        list([{ ...PERFORMANCE, price: partner ? 70 : 100, amount: partner ? 70 : 100 }]),
    );
    expect(".member-price-from").toHaveText(/100/);
    order.partner_id = store.models["res.partner"].get(ZED);
    await waitFor(".member-price-from:contains(70)");
    expect(".member-prices-for").toHaveText(/Zed/);
    expect.verifySteps([FIRST, `${ZED} 2019-03-11  0`]);
});

test("a card on the reader makes its member the customer; a refused one says why", async () => {
    const { store, order } = await mountList((partner) =>
        list([{ ...PERFORMANCE, price: partner ? 70 : 100, amount: partner ? 70 : 100 }]),
    );
    const read = (answer) => store.onMemberRead(async () => answer);
    await read({ status: "lost", message: "Reported lost." });
    await waitFor(".member-message:contains(Reported lost)");
    expect(order.partner_id).toBe(undefined);
    const partner = store.models["res.partner"].get(ZED);
    await read({ status: "ok", matches: [{ partner, card_id: 5, card_masked: "•••• 0013" }] });
    await waitFor(".member-price-from:contains(70)");
    expect(order.partner_id.id).toBe(ZED);
    expect(".member-message").toHaveCount(0);
    expect.verifySteps([FIRST, `${ZED} 2019-03-11  0`]);
});

test("without an answer it can be asked again; without performances it says what to do", async () => {
    let isDown = true;
    await mountList(() => (isDown ? { status: "busy", message: "Not now." } : list([])));
    expect(".member-message").toHaveText(/Not now/);
    isDown = false;
    await click(".member-message .btn");
    await waitFor(".member-no-performances");
    await click(".member-no-performances .btn");
    await waitFor(".member-no-performances:contains(manager)");
    expect.verifySteps([FIRST, FIRST, "nobody all  0"]);
});

test("arrow keys go through the list", async () => {
    const { chosen } = await mountList(() => list([PERFORMANCE, SOLD_OUT]));
    await click(".member-day-name");
    document.querySelector(".member-performance").focus();
    await press("ArrowDown");
    expect(document.activeElement.textContent).toMatch(/Giselle/);
    await press("Enter");
    await animationFrame();
    expect(chosen).toEqual([{ eventId: 2, slotId: false }]);
    expect.verifySteps([FIRST]);
});

test("after an error it is not busy any more", async () => {
    expect.errors(1);
    let isBroken = false;
    await mountList(() => {
        if (isBroken) {
            throw new Error("broken");
        }
        return list([]);
    });
    await waitFor(".member-no-performances");
    isBroken = true;
    await click(".member-no-performances .btn");
    await waitFor(".member-no-performances:contains(manager)");
    expect.verifyErrors([/broken/]);
    expect.verifySteps([FIRST, "nobody all  0"]);
});
