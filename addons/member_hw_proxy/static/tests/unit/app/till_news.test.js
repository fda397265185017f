import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";
import { PRINTER } from "@member_hw_proxy/../tests/unit/fake_agent";
import { found, setupTill, tap } from "@member_hw_proxy/../tests/unit/app/till_bench";

definePosModels();

describe("news of the back office", () => {
    test("a till that is given a computer while it is open uses it", async () => {
        const { store, agent, order } = await setupTill({
            hasAgent: false,
            cards: [found(987)],
            connect: () => ({ proxy_url: "http://localhost:8073/capability" }),
        });
        expect(agent.sockets).toHaveLength(0);
        store.memberHardware.onChanged({ agent_id: 7 });
        await animationFrame();
        expect(store.memberHardware.hw.state.status).toBe("connected");
        expect(store.hardwareProxy.printer).toBeInstanceOf(AgentPrinter);
        expect(store.hardwareProxy.host).toBe("http://localhost:8073/capability");
        await tap(agent);
        expect(order.partner_id.name).toBe("Zed");
        expect.verifySteps(["tap r1"]);
    });

    test("other devices are taken without a new connection", async () => {
        const chosen = { printer: false, display: false };
        const { store, agent } = await setupTill({
            devices: [PRINTER, { ...PRINTER, id: "bar", name: "Bar printer" }],
            connect: () => ({ devices: { ...chosen } }),
        });
        expect(store.memberHardware.printer.id).toBe("receipt");
        chosen.printer = "bar";
        await store.memberHardware.onChanged({ agent_id: 7 });
        expect(store.memberHardware.printer.id).toBe("bar");
        expect(agent.sockets).toHaveLength(1);
    });

    test("a computer that was revoked is let go of, and the till says why", async () => {
        const answer = {};
        const { store, agent } = await setupTill({ connect: () => answer });
        Object.assign(answer, { status: "revoked", message: "Pair it again." });
        await store.memberHardware.onChanged({ agent_id: 7 });
        expect(agent.socket.isClosed).toBe(true);
        const { status, message } = store.memberHardware.hw.state;
        expect([status, message]).toEqual(["refused", "Pair it again."]);
    });

    test("a till whose computer was taken away prints as tills without one do", async () => {
        const { store, agent } = await setupTill({ hasAgent: false });
        store.memberHardware.onChanged({ agent_id: 7 });
        await animationFrame();
        store.memberHardware.onChanged({ agent_id: false });
        await animationFrame();
        expect(agent.socket.isClosed).toBe(true);
        expect(store.memberHardware.isUsed).toBe(false);
        expect(store.hardwareProxy.printer).toBe(undefined);
        expect(store.hardwareProxy.host).toBe("");
        // and it may get it back
        store.memberHardware.onChanged({ agent_id: 7 });
        await animationFrame();
        expect(store.memberHardware.hw.state.status).toBe("connected");
    });
});
