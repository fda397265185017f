import { after, expect } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { TillHardware } from "@member_hw_proxy/app/utils/till_hardware";
import { POLE, PRINTER, READER, setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";

const WALLET = { id: 90, name: "Wallet", type: "member_wallet", is_cash_count: false };
const MEMBERS = [
    { id: 987, name: "Zed", is_member: true },
    { id: 988, name: "Yan", is_member: true },
];
const INFO = { status: "ok", available: 86, class: {}, warnings: [], pockets: [] };

export const found = (id) => ({
    status: "ok",
    matches: [{ partner_id: id, name: "Zed", number: "M1", card_id: 5, card_masked: "•••• 0013" }],
    records: {},
});

/** A till with an agent, connected; `cards` are what Odoo answers to one tap after the other. */
export async function setupTill({
    cards = [],
    devices = [PRINTER, POLE, READER],
    screen,
    hasAgent = true,
    connect = () => ({}),
} = {}) {
    onRpc("pos.config", "member_hw_connect", () => ({
        status: "ok",
        url: "http://localhost:8073",
        token: "t",
        devices: { printer: false, display: false },
        ...connect(),
    }));
    onRpc("pos.config", "member_hw_report", () => ({ status: "ok" }));
    onRpc("pos.config", "member_info", () => INFO);
    onRpc("pos.config", "member_hw_card", ({ args }) => {
        expect.step(`tap ${args[1]}`);
        const answer = cards.shift();
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
    if (hasAgent) {
        patchWithCleanup(TillHardware.prototype, { isUsed: true });
    }
    const agent = setupAgent({ devices });
    const store = await setupPosEnv();
    after(() => getService("member_hw").release());
    store.models.connectNewData({ "pos.payment.method": [WALLET], "res.partner": MEMBERS });
    await mountWithCleanup(MainComponentsContainer);
    const order = await getFilledOrder(store);
    store.router.state.current = screen || "ProductScreen";
    getService("member_hw").takeFocus();
    await animationFrame();
    return { store, agent, order };
}

export async function tap(agent, reading = "r1", masked = reading) {
    agent.emit("card", "reader", { reading, type: "ntag", masked });
    await animationFrame();
}

/** Stand in for the payment screen: whose wallet is asked is a step. */
export function watchWallet(store) {
    store.config.payment_method_ids = [store.models["pos.payment.method"].get(WALLET.id)];
    store.payWithScannedWallet = ({ partner }) => expect.step(`pay ${partner.name}`);
}
