import { expect, test } from "@odoo/hoot";
import { click, press, waitFor, waitForNone } from "@odoo/hoot-dom";
import { mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberTicketDesk } from "@member_ticketing/app/utils/member_ticket_desk";
import { setupTickets } from "../utils";

definePosModels();

const NO_PAPER = { successful: false, canRetry: true, message: { title: "No paper", body: "" } };

/** Five tickets of an order, and a printer that has paper for so many slips; null: a browser. */
async function setupPrinting(paper) {
    const tickets = [1, 2, 3, 4, 5].map((id) => ({ id, barcode: `T${id}` }));
    onRpc("pos.config", "member_ticket_slips", () => ({ status: "ok", tickets }));
    onRpc("pos.config", "member_tickets_collect", () => ({ status: "ok", tickets }));
    const { store, order } = await setupTickets();
    await mountWithCleanup(MainComponentsContainer);
    const printer = { paper };
    printer.printReceipt = async (el) => {
        const isPrinted = printer.paper > 0;
        printer.paper--;
        expect.step(`${isPrinted ? "" : "no paper for "}${el.dataset.codes}`);
        return isPrinted ? { successful: true } : NO_PAPER;
    };
    patchWithCleanup(store.hardwareProxy, { printer: paper === null ? null : printer });
    patchWithCleanup(store.printer.renderer, {
        async toHtml(_component, { tickets: batch }) {
            const el = document.createElement("div");
            el.dataset.codes = batch.map(({ barcode }) => barcode);
            return el;
        },
        whenMounted: ({ el, callback }) => callback(el),
    });
    patchWithCleanup(window, { print: (el) => expect.step(`browser: ${el.dataset.codes}`) });
    const desk = store.memberTicketDesk;
    return { printer, desk, store, order, print: () => desk.printOrder(order) };
}

const OFFER = ".modal:contains(tickets are printed)";

/** Press a button of the window that offers the rest. */
async function answer(label) {
    await click(`${OFFER} .modal-footer button:contains(${label})`);
    await waitForNone(OFFER);
}

/** Print with paper for two slips, and close the windows that say what went wrong. */
async function printTwo() {
    const till = await setupPrinting(2);
    await till.print();
    await waitFor(OFFER);
    await answer("Close");
    expect.verifySteps(["T1", "T2", "no paper for T3"]);
    till.printer.paper = 9;
    return till;
}

test("each ticket is a slip of its own on a printer", async () => {
    const { print } = await setupPrinting(10);
    await print();
    expect.verifySteps(["T1", "T2", "T3", "T4", "T5"]);
    expect(".modal").toHaveCount(0);
    // all of them came out: the next time it is all of them
    await print();
    expect.verifySteps(["T1", "T2", "T3", "T4", "T5"]);
});

test("a browser prints all at once", async () => {
    const { print } = await setupPrinting(null);
    await print();
    await print();
    expect.verifySteps(["browser: T1,T2,T3,T4,T5", "browser: T1,T2,T3,T4,T5"]);
    expect(".modal").toHaveCount(0);
});

test("without paper it stops, says how many are printed and prints the rest", async () => {
    const { print, printer } = await setupPrinting(2);
    await print();
    expect.verifySteps(["T1", "T2", "no paper for T3"]);
    await waitFor(`${OFFER}:contains(2 of 5)`);
    printer.paper = 1;
    await click(`${OFFER} .btn-primary`);
    await waitFor(`${OFFER}:contains(3 of 5)`);
    expect.verifySteps(["T3", "no paper for T4"]);
    printer.paper = 9;
    await answer("Print the rest");
    await expect.waitForSteps(["T4", "T5"]);
    expect(".modal").toHaveCount(0);
});

test("who closed the window prints the rest later, and then all of them again", async () => {
    const { print } = await printTwo();
    await print();
    await waitFor(`${OFFER}:contains(2 of 5)`);
    await answer("Print the rest");
    await expect.waitForSteps(["T3", "T4", "T5"]);
    await print();
    expect.verifySteps(["T1", "T2", "T3", "T4", "T5"]);
});

test("all of them can be printed instead, or none", async () => {
    const { print } = await printTwo();
    await print();
    await waitFor(OFFER);
    await press("Escape");
    await waitForNone(OFFER);
    expect.verifySteps([]);
    await print();
    await waitFor(OFFER);
    await answer("Print all");
    await expect.waitForSteps(["T1", "T2", "T3", "T4", "T5"]);
});

test("the rest is known when the till was opened anew", async () => {
    const { store, order } = await printTwo();
    await new MemberTicketDesk(store).printOrder(order);
    await waitFor(`${OFFER}:contains(2 of 5)`);
    await answer("Print the rest");
    await expect.waitForSteps(["T3", "T4", "T5"]);
});

for (const [button, printed] of Object.entries({ Retry: "T3", Download: "browser: T3" })) {
    test(`what ${button} in the printer's own window prints is not among the rest`, async () => {
        const { print } = await printTwo();
        await click(`.modal button:contains(${button})`);
        await expect.waitForSteps([printed]);
        await print();
        await waitFor(`${OFFER}:contains(3 of 5)`);
        await answer("Print the rest");
        await expect.waitForSteps(["T4", "T5"]);
    });
}

test("tickets that are handed out again are the rest, too", async () => {
    const { desk, order } = await printTwo();
    await desk.collect(order, [1, 2, 3, 4, 5], true);
    await waitFor(`${OFFER}:contains(2 of 5)`);
    await answer("Print the rest");
    await expect.waitForSteps(["T3", "T4", "T5"]);
});

test("what a slow printer says too late did not come out is the rest", async () => {
    const { print, store } = await setupPrinting(9);
    const late = [];
    patchWithCleanup(store.printer, {
        printHtml(el, options) {
            late.push(options.memberNotPrinted);
            return super.printHtml(...arguments);
        },
    });
    await print();
    expect.verifySteps(["T1", "T2", "T3", "T4", "T5"]);
    late[3]();
    await print();
    await waitFor(`${OFFER}:contains(4 of 5)`);
    await answer("Print the rest");
    await expect.waitForSteps(["T4"]);
});
