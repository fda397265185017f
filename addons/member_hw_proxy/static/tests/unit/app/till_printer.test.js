import { describe, expect, test } from "@odoo/hoot";
import { click, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, makeServerError, onRpc } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";
import { setupTill } from "@member_hw_proxy/../tests/unit/app/till_bench";

definePosModels();

describe("printer", () => {
    const el = () => document.createElement("div");

    test("receipts go to the agent's printer", async () => {
        const { store, agent } = await setupTill();
        expect(store.hardwareProxy.printer).toBeInstanceOf(AgentPrinter);
        const result = await store.printer.printHtml(el());
        expect(result.successful).toBe(true);
        const [job] = agent.all("call").filter(({ action }) => action === "print_image");
        expect(job.device).toBe("receipt");
        expect(job.key).toMatch(/.{8}/);
    });

    test("without paper it says so, and prints the same job when told to", async () => {
        const { store, agent } = await setupTill();
        agent.answer = ({ action }) =>
            action === "print_image" ? { code: "paper_out" } : { value: true };
        expect(await store.printer.printHtml(el())).toBe(undefined);
        await waitFor(".hw-problem");
        expect(".hw-problem").toHaveText(/no paper/);
        agent.answer = () => ({ value: true });
        await contains(".hw-retry").click();
        await animationFrame();
        expect(".modal").toHaveCount(0);
        const keys = agent.all("call").filter(({ action }) => action === "print_image");
        expect(keys).toHaveLength(2);
        expect(keys[0].key).toBe(keys[1].key);
    });

    test("printed later: the receipt waits until the printer is ready again", async () => {
        const { store, agent } = await setupTill();
        agent.answer = ({ action }) =>
            action === "print_image" ? { code: "cover_open" } : { value: true };
        await store.printer.printHtml(el());
        await contains(".hw-later").click();
        expect(store.memberHardware.waiting).toHaveLength(1);
        agent.emit("status", "receipt", { state: "error", code: "cover_open", message: "" });
        await animationFrame();
        expect(".o_notification").toHaveText(/cover is open/);
        agent.answer = () => ({ value: true });
        agent.emit("status", "receipt", { state: "connected", code: "", message: "" });
        await animationFrame();
        expect(".o_notification").toHaveCount(1);
        expect(".o_notification").toHaveText(/ready again/);
        await click(".o_notification button:contains(Print now)");
        await animationFrame();
        expect(store.memberHardware.waiting).toHaveLength(0);
        expect(agent.all("call").at(-1).action).toBe("print_image");
    });

    test("of receipts that wait the first that fails asks, the others wait on", async () => {
        const { store, agent } = await setupTill();
        agent.answer = ({ action }) =>
            action === "print_image" ? { code: "paper_out" } : { value: true };
        for (const receipt of [el(), el()]) {
            await store.printer.printHtml(receipt);
            await contains(".hw-later").click();
        }
        expect(store.memberHardware.waiting).toHaveLength(2);
        await store.memberHardware.printWaiting();
        await animationFrame();
        expect(".hw-problem").toHaveCount(1);
        expect(store.memberHardware.waiting).toHaveLength(1);
    });

    test("a sale does not wait for a printer that is slow; what goes wrong is said later", async () => {
        const { store, agent } = await setupTill();
        let call;
        agent.answer = (message) => {
            call = message;
            return message.action === "print_image" ? null : { value: true };
        };
        const printing = store.printer.printHtml(el(), {
            memberNotPrinted: () => expect.step("did not come out"),
        });
        await animationFrame();
        await advanceTime(5000);
        expect((await printing).successful).toBe(true);
        expect.verifySteps([]);
        agent.socket.say({ type: "error", id: call.id, code: "offline", message: "" });
        await waitFor(".hw-problem");
        expect(".hw-problem").toHaveText(/offline/);
        expect.verifySteps(["did not come out"]);
    });

    test("while Odoo or the agent's socket is away, the till's own address prints", async () => {
        const { store, agent } = await setupTill();
        store.config.proxy_ip = "http://localhost:8073/capability";
        onRpc("/capability/hw_proxy/default_printer_action", async (request) => {
            const { params } = await request.json();
            expect.step(params.data.action);
            expect(params.data.key).toMatch(/.{8}/);
            return { result: false, code: "paper_out", message: "" };
        });
        agent.crash();
        await store.printer.printHtml(el());
        await waitFor(".hw-problem");
        expect(".hw-problem").toHaveText(/no paper/);
        expect.verifySteps(["print_receipt"]);
    });

    test("what the till's own address refuses is said by its code", async () => {
        const { store, agent } = await setupTill();
        store.config.proxy_ip = "http://localhost:8073/capability";
        onRpc("/capability/hw_proxy/default_printer_action", () => {
            throw makeServerError({ errorName: "member_hw.not_paired", message: "in English" });
        });
        agent.crash();
        await store.printer.printHtml(el());
        await waitFor(".hw-problem");
        expect(".hw-problem").toHaveText(/pair it again/);
    });

    test("the drawer opens, and says why if it does not", async () => {
        const { store, agent } = await setupTill();
        store.config.iface_cashdrawer = true;
        await store.hardwareProxy.openCashbox();
        expect(agent.all("call").at(-1).action).toBe("open_drawer");
        agent.answer = () => ({ code: "offline" });
        await store.hardwareProxy.openCashbox();
        await animationFrame();
        expect(".o_notification").toHaveText(/drawer did not open/);
    });

    test("core's own status follows the connection", async () => {
        const { store, agent } = await setupTill();
        const info = store.hardwareProxy.connectionInfo;
        expect(info.status).toBe("connected");
        expect(info.drivers.printer.status).toBe("connected");
        agent.crash();
        await animationFrame();
        expect(info.status).toBe("disconnected");
    });
});

test("the pole shows the sale", async () => {
    const { store, agent } = await setupTill();
    store.memberHardware.showToCustomer({
        lines: [{ productName: "Tea", price: "36.00", qty: "1" }],
        amount: "36.00",
    });
    await animationFrame();
    const { device, params } = agent.all("call").at(-1);
    expect(device).toBe("pole");
    expect(params.lines).toEqual(["Tea            36.00", "Total          36.00"]);
});
