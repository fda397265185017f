import { expect, test } from "@odoo/hoot";
import { click, waitFor } from "@odoo/hoot-dom";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { STALLS, onHold, setupTickets, ticketsOf } from "../utils";

definePosModels();

test("tickets are printed once, however often the button is pressed", async () => {
    onHold();
    const answer = new Deferred();
    onRpc("pos.config", "member_ticket_slips", () => {
        expect.step("asked");
        return answer;
    });
    const { store, order } = await setupTickets();
    const choice = { ticket: STALLS, quantity: 1, policyId: false, freeReason: false };
    await store.memberBoxOffice.add(order, ticketsOf(), [choice]);
    order.state = "paid";
    patchWithCleanup(store.printer, {
        print: async () => expect.step("printed"),
    });
    store.loadingOrderState = true; // core would ask the server for other orders
    await mountWithCleanup(TicketScreen, {
        props: { stateOverride: { selectedOrderUuid: order.uuid } },
    });
    await waitFor(".member-print-tickets");
    await click(".member-print-tickets");
    await click(".member-print-tickets");
    answer.resolve({ status: "ok", tickets: [{ id: 1 }] });
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["hold 1x1 for nobody", "asked", "printed"]);
});
