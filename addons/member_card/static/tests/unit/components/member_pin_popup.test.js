import { expect, test } from "@odoo/hoot";
import { click, press, queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberPinPopup } from "@member_card/app/components/popups/member_pin_popup/member_pin_popup";

definePosModels();

const OFFER = {
    amount: 86,
    short: 14,
    available: 86,
    after: 0,
    parts: [{ name: "Principal", amount: 86 }],
};

/** Mount the popup; `answers` are given to one submission after the other. */
async function mountPin(answers, offer = OFFER) {
    await setupPosEnv();
    const submitted = [];
    const results = [];
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberPinPopup, {
        memberName: "Zed",
        offer,
        submit: async (pin) => {
            submitted.push(pin);
            return answers.shift();
        },
        getPayload: (answer) => results.push(answer.status),
    });
    await waitFor(offer.isPinless ? ".member-offer:focus" : ".member-pin:focus");
    return { submitted, results };
}

async function type(text) {
    for (const character of text) {
        await press(character);
    }
    await animationFrame();
}

test("says before the debit what is taken, from where, and what is missing", async () => {
    await mountPin([]);
    expect(".member-amount").toHaveText(/86\.00/);
    expect(".member-part").toHaveText(/Principal[^]*86\.00/);
    expect(".member-after").toHaveText(/0\.00/);
    expect(".member-short").toHaveText(/14\.00 short/);
});

test("a card scanned into the field is no PIN and goes nowhere", async () => {
    const { submitted, results } = await mountPin([]);
    await type("8800123456789012");
    await press("Enter");
    await animationFrame();
    expect(submitted).toEqual([]);
    expect(results).toEqual([]);
    expect(queryOne(".member-pin").value).toBe("");
    expect(".member-message").toHaveText(/4 to 6 digits/);
});

test("a wrong PIN is said and may be typed again", async () => {
    const { submitted, results } = await mountPin([
        { status: "wrong_pin", message: "Tries left: 4." },
        { status: "ok" },
    ]);
    await type("1111");
    await press("Enter");
    await animationFrame();
    expect(".member-message").toHaveText("Tries left: 4.");
    expect(queryOne(".member-pin").value).toBe("");
    await type("0420");
    await press("Enter");
    await animationFrame();
    expect(submitted).toEqual(["1111", "0420"]);
    expect(results).toEqual(["ok"]);
});

test("a lost answer keeps the PIN, so that one tap asks again", async () => {
    const { submitted } = await mountPin([
        { status: "offline", message: "No answer" },
        { status: "ok" },
    ]);
    await type("0420");
    await press("Enter");
    await animationFrame();
    expect(".member-message").toHaveText("No answer");
    await click(".member-pay");
    await animationFrame();
    expect(submitted).toEqual(["0420", "0420"]);
});

test("a refusal that trying again does not help closes the popup", async () => {
    const { results } = await mountPin([{ status: "locked", message: "Locked" }]);
    await type("1111");
    await press("Enter");
    await animationFrame();
    expect(results).toEqual(["locked"]);
});

test("the pad types into the field and leaves the focus there", async () => {
    const { submitted } = await mountPin([{ status: "ok" }]);
    for (const key of ["0", "4", "2", "1"]) {
        await click(`.member-pin-pad button[value="${key}"]`);
    }
    await click('.member-pin-pad button[value="⌫"]');
    await click('.member-pin-pad button[value="0"]');
    await animationFrame();
    expect(".member-pin").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect(submitted).toEqual(["0420"]);
});

test("a small amount needs no PIN, until the server says so", async () => {
    const { submitted } = await mountPin(
        [{ status: "pin_needed", message: "Used up" }, { status: "ok" }],
        { ...OFFER, isPinless: true },
    );
    expect(".member-pin").toHaveCount(0);
    // a scanner's Enter presses nothing
    await press("Enter");
    await animationFrame();
    expect(submitted).toEqual([]);
    await click(".member-pay");
    await animationFrame();
    expect(".member-message").toHaveText("Used up");
    expect(".member-pin").toBeFocused();
    await type("0420");
    await press("Enter");
    await animationFrame();
    expect(submitted).toEqual([false, "0420"]);
});
