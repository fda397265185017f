import { describe, expect, test } from "@odoo/hoot";
import { queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberJoinPopup } from "@member_card/app/components/popups/member_join_popup/member_join_popup";
import { MemberLookupPopup } from "@member_card/app/components/popups/member_lookup_popup/member_lookup_popup";
import { MemberNewCardPopup } from "@member_card/app/components/popups/member_new_card_popup/member_new_card_popup";

definePosModels();

const CARD = "8800000000000013";
const FREE = { status: "not_issued", number: CARD, message: "Nobody has this card yet." };

/** A sale on its product screen; `found` is what Odoo would answer about Zed's card. */
async function setupSale() {
    onRpc("pos.config", "member_info", () => ({ status: "ok", class: {}, warnings: [] }));
    const store = await setupPosEnv();
    store.models.connectNewData({ "res.partner": [{ id: 987, name: "Zed", is_member: true }] });
    await mountWithCleanup(MainComponentsContainer);
    const order = await getFilledOrder(store);
    store.router.state.current = "ProductScreen";
    const partner = store.models["res.partner"].get(987);
    const match = { partner_id: 987, partner, name: "Zed", number: "M1", card_id: 5 };
    return { store, order, found: { status: "ok", matches: [match] } };
}

const read = (store, answer, options) => store.onMemberRead(async () => answer, options);

describe("the sale", () => {
    test("gets the member whose card is read, however it is read", async () => {
        const { store, order, found } = await setupSale();
        await read(store, found);
        expect(order.partner_id.name).toBe("Zed");
        expect(order.uiState.memberCard.cardId).toBe(5);
    });

    test("does with the member what the reader wants", async () => {
        const { store, order, found } = await setupSale();
        const use = (which, match) => expect.step([which.uuid, match.name]);
        await read(store, found, { use });
        expect(order.partner_id).toBe(undefined);
        expect.verifySteps([[order.uuid, "Zed"]]);
    });

    test("is left alone in the midst of a conversation, on other screens, and once paid", async () => {
        const { store, order, found } = await setupSale();
        await store.memberTill.exclusively(() => read(store, found));
        store.router.state.current = "TicketScreen";
        await read(store, found);
        store.router.state.current = "ProductScreen";
        order.state = "paid";
        await read(store, found);
        expect(order.partner_id).toBe(undefined);
    });

    test("offers a card that nobody has to somebody new", async () => {
        const { store } = await setupSale();
        store.config._member_offers = { rights: ["register", "card_issue"], classes: [] };
        await read(store, FREE);
        await animationFrame();
        expect(".o_notification").toHaveText(/Nobody has this card yet/);
        queryOne(".o_notification button:contains(New member)").click();
        await waitFor(".member-join");
        expect(queryOne(".member-join-card_number").value).toBe(CARD);
    });
});

describe("a popup that waits for a card", () => {
    async function open(component, props) {
        const sale = await setupSale();
        const getPayload = ({ name, join }) => expect.step(name || join);
        getService("dialog").add(component, { getPayload, ...props });
        await waitFor(".modal");
        await animationFrame();
        return sale;
    }

    test("finds the member instead of the sale behind it", async () => {
        const { store, order, found } = await open(MemberLookupPopup, { lookup: () => {} });
        await read(store, found);
        await animationFrame();
        expect(".modal").toHaveCount(0);
        expect(order.partner_id).toBe(undefined);
        expect.verifySteps(["Zed"]);
    });

    test("keeps the number of a card that nobody has for who joins", async () => {
        const { store } = await open(MemberLookupPopup, { lookup: () => {}, canJoin: true });
        await read(store, FREE);
        await animationFrame();
        expect(".member-message").toHaveText(/Nobody has/);
        queryOne(".member-join-new").click();
        expect.verifySteps([{ card_number: CARD }]);
    });

    test("gives the card to the new member, also in the midst of that conversation", async () => {
        const { store, found } = await open(MemberJoinPopup, {
            prefill: {},
            classes: [],
            rights: ["register", "card_issue"],
            known: () => {},
            submit: () => {},
        });
        await store.memberTill.exclusively(() => read(store, found));
        await animationFrame();
        expect(".member-error-card_number").toHaveText(/belongs to Zed \(M1\)/);
        await store.memberTill.exclusively(() => read(store, FREE));
        await animationFrame();
        expect(queryOne(".member-join-card_number").value).toBe(CARD);
        expect(".member-error-card_number").toHaveCount(0);
    });

    test("gives the card to the member who lost one, unless it cannot be used", async () => {
        const { store } = await open(MemberNewCardPopup, {
            title: "New card",
            text: "For Zed",
            submit: async (number) => {
                expect.step(number);
                return { status: "ok" };
            },
            getPayload: () => {},
        });
        await read(store, { status: "lost", message: "This card was reported lost." });
        await animationFrame();
        expect(".member-message").toHaveText(/reported lost/);
        await read(store, FREE);
        expect.verifySteps([CARD]);
    });
});
