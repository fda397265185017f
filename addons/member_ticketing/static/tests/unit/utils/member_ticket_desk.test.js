import { expect, test } from "@odoo/hoot";
import { click, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupTickets } from "../utils";

definePosModels();

/** Print an order of five tickets; core's printer has paper for so many slips. */
async function printFive(paper, { device = {} } = {}) {
    const tickets = [1, 2, 3, 4, 5].map((id) => ({ id }));
    onRpc("pos.config", "member_ticket_slips", () => ({ status: "ok", tickets }));
    const { store, order } = await setupTickets();
    await mountWithCleanup(MainComponentsContainer);
    const printer = { paper };
    patchWithCleanup(store.hardwareProxy, { printer: device });
    patchWithCleanup(store.printer, {
        async print(_component, { tickets: batch }) {
            const isPrinted = printer.paper > 0;
            printer.paper--;
            expect.step(`${isPrinted ? "" : "no paper for "}${batch.map(({ id }) => id)}`);
            if (isPrinted) {
                return { successful: true };
            }
            store.dialog.add(AlertDialog, { body: "No paper." });
        },
    });
    await store.memberTicketDesk.printOrder(order);
    await animationFrame();
    return printer;
}

test("each ticket is a slip of its own on a printer", async () => {
    await printFive(5);
    expect.verifySteps(["1", "2", "3", "4", "5"]);
    expect(".modal").toHaveCount(0);
});

test("a browser prints all at once", async () => {
    await printFive(1, { device: null });
    expect.verifySteps(["1,2,3,4,5"]);
});

test("without paper it stops, says how many are printed and prints the rest", async () => {
    const printer = await printFive(2);
    expect.verifySteps(["1", "2", "no paper for 3"]);
    await waitFor(".modal:contains(2 of 5 tickets)");
    printer.paper = 1;
    await click(".modal:contains(tickets are printed) .btn-primary");
    await waitFor(".modal:contains(3 of 5 tickets)");
    expect.verifySteps(["3", "no paper for 4"]);
    printer.paper = 9;
    await click(".modal:contains(tickets are printed) .btn-primary");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["4", "5"]);
    expect(".modal").toHaveCount(0);
});
