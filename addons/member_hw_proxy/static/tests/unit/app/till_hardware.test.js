import { describe, expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { getService, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberPinPopup } from "@member_card/app/components/popups/member_pin_popup/member_pin_popup";
import { MemberNewCardPopup } from "@member_card/app/components/popups/member_new_card_popup/member_new_card_popup";
import { TillHardware } from "@member_hw_proxy/app/utils/till_hardware";
import { setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";
import { found, setupTill, tap, watchWallet } from "@member_hw_proxy/../tests/unit/app/till_bench";

definePosModels();

test("a till without an agent asks nobody anything", async () => {
    onRpc("pos.config", "member_hw_connect", () => expect.step("asked"));
    const agent = setupAgent();
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    expect(order.lines).toHaveLength(2);
    await advanceTime(60_000);
    expect(store.memberHardware.isUsed).toBe(false);
    expect(store.hardwareProxy.printer).toBe(undefined);
    expect(agent.sockets).toHaveLength(0);
    expect.verifySteps([]);
});

test("Odoo's own client, which asks a dead proxy without pause, asks only without an agent", async () => {
    const { store } = await setupTill();
    store.config.iface_scan_via_proxy = true;
    store.barcodeReader = {
        disconnectFromProxy: () => {},
        connectToProxy: () => expect.step("scanner"),
    };
    patchWithCleanup(store.hardwareProxy, { autoConnect: async () => expect.step("connect") });
    await store.connectToProxy();
    await animationFrame();
    expect.verifySteps([]);
    patchWithCleanup(TillHardware.prototype, { isUsed: false });
    await store.connectToProxy();
    await animationFrame();
    expect.verifySteps(["connect", "scanner"]);
});

describe("cards", () => {
    test("on the product screen a card chooses the member", async () => {
        const { agent, order } = await setupTill({ cards: [found(987)] });
        await tap(agent);
        expect(order.partner_id.name).toBe("Zed");
        expect(order.uiState.memberCard).toEqual({
            partnerId: 987,
            cardId: 5,
            masked: "•••• 0013",
        });
        expect.verifySteps(["tap r1"]);
    });

    test("on the payment screen it chooses the member and asks for the PIN", async () => {
        const { store, agent, order } = await setupTill({
            cards: [found(987)],
            screen: "PaymentScreen",
        });
        watchWallet(store);
        await tap(agent);
        expect(order.partner_id.name).toBe("Zed");
        expect.verifySteps(["tap r1", "pay Zed"]);
    });

    test("another customer's card takes the customer's place, and pays at the next tap", async () => {
        const { store, agent, order } = await setupTill({
            cards: [found(988), found(988)],
            screen: "PaymentScreen",
        });
        watchWallet(store);
        store.setPartnerToCurrentOrder(store.models["res.partner"].get(987));
        await tap(agent);
        expect(order.partner_id.name).toBe("Yan");
        expect.verifySteps(["tap r1"]);
        await advanceTime(2000);
        await tap(agent, "r2");
        expect.verifySteps(["tap r2", "pay Yan"]);
    });

    test("while a wallet pays a part, another card is the next payer's, asked once", async () => {
        const { store, agent, order } = await setupTill({
            cards: [found(988)],
            screen: "PaymentScreen",
        });
        store.setPartnerToCurrentOrder(store.models["res.partner"].get(987));
        order.addMemberHold([{ key: "k", payment_method_id: 90, amount: 1 }]);
        watchWallet(store);
        await tap(agent);
        expect(order.partner_id.name).toBe("Zed");
        expect.verifySteps(["tap r1", "pay Yan"]);
    });

    test("no wallet is asked where there is nothing to pay, or none to pay with", async () => {
        const { store, agent, order } = await setupTill({
            cards: [found(987), found(987)],
            screen: "PaymentScreen",
        });
        store.payWithScannedWallet = () => expect.step("pay");
        store.config.payment_method_ids = [store.models["pos.payment.method"].getFirst()];
        await tap(agent);
        expect(order.partner_id.name).toBe("Zed");
        watchWallet(store);
        const empty = store.addNewOrder();
        await advanceTime(2000);
        await tap(agent, "r2");
        expect(empty.partner_id.name).toBe("Zed");
        expect.verifySteps(["tap r1", "tap r2"]);
    });

    test("a card that is looked up while the till goes on is not the next customer's", async () => {
        const { promise, resolve } = Promise.withResolvers();
        const { store, agent, order } = await setupTill({ cards: [promise] });
        await tap(agent);
        const next = store.addNewOrder();
        resolve(found(987));
        await animationFrame();
        expect(order.partner_id).toBe(undefined);
        expect(next.partner_id).toBe(undefined);
        expect.verifySteps(["tap r1"]);
    });

    test("while the PIN is asked, a card is nobody's", async () => {
        const { store, agent } = await setupTill();
        store.memberTill.exclusively(() => new Promise(() => {}));
        getService("dialog").add(MemberPinPopup, {
            memberName: "Zed",
            offer: { amount: 1, short: 0, available: 1, after: 0, parts: [] },
            submit: () => expect.step("submit"),
            getPayload: () => {},
        });
        await waitFor(".member-pin");
        await tap(agent);
        expect(".modal").toHaveCount(1);
        expect(".o_notification").toHaveCount(0);
        expect.verifySteps([]);
    });

    test("a popup that waits for a card gets the number of one that nobody has", async () => {
        const { agent, order } = await setupTill({
            cards: [found(988), { status: "not_issued", number: "8800000000000013", message: "" }],
        });
        getService("dialog").add(MemberNewCardPopup, {
            title: "New card",
            text: "For Zed",
            submit: async (number) => {
                expect.step(number);
                return { status: "ok" };
            },
            getPayload: () => {},
        });
        await waitFor(".member-new-card");
        await tap(agent);
        expect(".member-message").toHaveText(/belongs to Zed \(M1\)/);
        await tap(agent, "r2");
        expect(".modal").toHaveCount(0);
        expect(order.partner_id).toBe(undefined);
        expect.verifySteps(["tap r1", "tap r2", "8800000000000013"]);
    });

    test("behind any other window a card says what to do first", async () => {
        const { store, agent } = await setupTill();
        store.dialog.add(MemberPinPopup, {
            memberName: "Zed",
            offer: { amount: 1, short: 0, available: 1, after: 0, parts: [] },
            submit: () => {},
            getPayload: () => {},
        });
        await waitFor(".member-pin");
        await tap(agent);
        expect(".o_notification").toHaveText(/close the open window first/);
        expect.verifySteps([]);
    });

    test("a card that may not be used is refused in the server's words", async () => {
        const { agent, order } = await setupTill({
            cards: [{ status: "lost", message: "This card was reported lost. Keep it." }],
        });
        await tap(agent);
        expect(".o_notification").toHaveText(/reported lost/);
        expect(order.partner_id).toBe(undefined);
        expect.verifySteps(["tap r1"]);
    });

    test("without a connection a card says that members need one", async () => {
        const { store, agent } = await setupTill({ cards: [new ConnectionLostError()] });
        store.data.network.offline = true;
        await tap(agent);
        expect(".o_notification").toHaveText(/Members and wallets need a connection/);
        expect.verifySteps([]);
    });

    test("of two cards at once the first is looked up, and it is said", async () => {
        const { promise, resolve } = Promise.withResolvers();
        const { agent, order } = await setupTill({ cards: [promise, found(988)] });
        await tap(agent, "r1");
        await tap(agent, "r2");
        expect(".o_notification").toHaveText(/One moment/);
        resolve(found(987));
        await animationFrame();
        expect(order.partner_id.name).toBe("Zed");
        expect(".o_notification").toHaveCount(0);
        expect.verifySteps(["tap r1"]);
    });

    test("an answer that does not come keeps no card waiting", async () => {
        const { promise, resolve } = Promise.withResolvers();
        const { agent, order } = await setupTill({ cards: [promise, found(988)] });
        await tap(agent, "r1");
        await advanceTime(10_000);
        await animationFrame();
        expect(".o_notification").toHaveText(/Members and wallets need a connection/);
        await tap(agent, "r2");
        expect(order.partner_id.name).toBe("Yan");
        // what comes after that is nobody's any more
        resolve(found(987));
        await animationFrame();
        expect(order.partner_id.name).toBe("Yan");
        expect.verifySteps(["tap r1", "tap r2"]);
    });

    test("the same card counts again as soon as it was answered", async () => {
        const { store, agent, order } = await setupTill({ cards: [found(987), found(987)] });
        await tap(agent, "r1", "A");
        expect(order.partner_id.name).toBe("Zed");
        store.router.state.current = "PaymentScreen";
        watchWallet(store);
        await advanceTime(800);
        await tap(agent, "r2", "A");
        expect.verifySteps(["tap r1", "tap r2", "pay Zed"]);
    });

    test("a code that a reader read is scanned", async () => {
        const { store, agent } = await setupTill();
        store.barcodeReader = { scan: (code) => expect.step(code) };
        agent.emit("scan", "reader", { code: "6901234567892" });
        expect.verifySteps(["6901234567892"]);
    });
});
