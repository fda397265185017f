import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryOne, select, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberJoinPopup } from "@member_card/app/components/popups/member_join_popup/member_join_popup";

definePosModels();

const CARD = "8800000000000013";
const CLASSES = [
    { id: 1, name: "Ordinary", color: 0, holds_money: false, is_default: true },
    { id: 2, name: "Stored Value", color: 3, holds_money: true, is_default: false },
];
const KNOWN = {
    partner_id: 7,
    name: "Zed",
    number: "M7",
    is_member: true,
    class: { name: "Gold" },
};

/** Mount the popup; `answers` are given to one submission after the other. */
async function mountJoin({ answers = [], prefill = {}, matches = [], rights } = {}) {
    await setupPosEnv();
    const submitted = [];
    const results = [];
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberJoinPopup, {
        prefill,
        classes: CLASSES,
        rights: rights || ["register", "card_issue", "topup"],
        known: async () => ({ status: "ok", matches }),
        submit: async (values) => {
            submitted.push(values);
            return answers.shift();
        },
        getPayload: (result) => results.push(result),
    });
    await waitFor(".member-join");
    await animationFrame();
    return { submitted, results };
}

async function type(text) {
    await edit(text);
    await animationFrame();
}

async function enter() {
    await press("Enter");
    await animationFrame();
}

test("Enter goes through the fields and joins after the last", async () => {
    const match = { partner_id: 9, name: "Cao" };
    const { submitted, results } = await mountJoin({
        answers: [{ status: "ok", matches: [match] }],
    });
    expect(".member-join-name").toBeFocused();
    await type("Cao");
    await enter();
    await type("5550100");
    await enter();
    await type(CARD);
    await enter();
    await type("2580");
    await enter();
    await type("2580");
    await enter();
    expect(".member-join-topup").toBeFocused();
    await enter();
    expect(submitted).toEqual([
        {
            name: "Cao",
            phone: "5550100",
            class_id: 1,
            card_number: CARD,
            pin: "2580",
            partner_id: false,
            topup: 0,
        },
    ]);
    expect(results).toEqual([{ match, topup: 0, isNew: true }]);
});

test("a card scanned into the name goes into the card field", async () => {
    const { submitted } = await mountJoin();
    await type(`Cao${CARD}`);
    await enter();
    expect(queryOne(".member-join-name").value).toBe("Cao");
    expect(queryOne(".member-join-card_number").value).toBe(CARD);
    expect(".member-join-phone").toBeFocused();
    expect(submitted).toEqual([]);
});

test("what was looked for is there already", async () => {
    await mountJoin({ prefill: { name: "Cao" } });
    expect(queryOne(".member-join-name").value).toBe("Cao");
    expect(".member-join-phone").toBeFocused();
});

test("a wrong field says so and nothing is lost", async () => {
    const { submitted, results } = await mountJoin({
        prefill: { name: "Cao" },
        answers: [
            { status: "invalid", message: "Taken", fields: { card_number: "Taken" } },
            { status: "offline", message: "No answer" },
        ],
    });
    await click(".member-confirm");
    await animationFrame();
    expect(".member-error-card_number").toHaveText("Taken");
    expect(".member-join-card_number").toBeFocused();
    expect(queryOne(".member-join-name").value).toBe("Cao");
    await click(".member-confirm");
    await animationFrame();
    expect(".member-message").toHaveText("No answer");
    expect(submitted.length).toBe(2);
    expect(results).toEqual([]);
});

test("two different PINs and money for a class without never leave the till", async () => {
    const { submitted } = await mountJoin({
        prefill: { name: "Cao", pin: "2580", pin_again: "2581", topup: "500" },
    });
    await click(".member-confirm");
    await animationFrame();
    expect(".member-error-pin_again").toHaveText(/differ/);
    expect(".member-error-topup").toHaveText(/holds? no money/);
    expect(submitted).toEqual([]);
    await click(".member-join-class");
    await select("2");
    await animationFrame();
    expect(".member-error-topup").toHaveCount(0);
    expect(".member-confirm").toHaveText(/Join and top up/);
});

test("who has the phone already is one tap away", async () => {
    const { results } = await mountJoin({ prefill: { phone: "5550100" }, matches: [KNOWN] });
    await animationFrame();
    await click(".member-known .member-match");
    await animationFrame();
    expect(results).toEqual([{ match: KNOWN }]);
});

test("a customer who is no member becomes the one who joins", async () => {
    const contact = { ...KNOWN, is_member: false };
    const { submitted } = await mountJoin({
        prefill: { phone: "5550100" },
        matches: [contact],
        answers: [{ status: "offline", message: "" }],
    });
    await animationFrame();
    await click(".member-known .member-match");
    await animationFrame();
    expect(queryOne(".member-join-name").value).toBe("Zed");
    await click(".member-confirm");
    await animationFrame();
    expect(submitted[0].partner_id).toBe(7);
});

test("fields take their rights", async () => {
    await mountJoin({ rights: ["register"] });
    expect(".member-join-card_number").toHaveCount(0);
    expect(".member-join-topup").toHaveCount(0);
});
