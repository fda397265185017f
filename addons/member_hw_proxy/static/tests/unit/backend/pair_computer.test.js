import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";
import { PairComputerDialog } from "@member_hw_proxy/backend/pair_computer/pair_computer";
import { READER, setupAgent } from "@member_hw_proxy/../tests/unit/fake_agent";

definePosModels();

const ASKED = { server_public: "s", origin: "o", name: "n", proof: "p" };
const ANSWER = { agent: "a", proof: "q" };

/** The dialog of a page whose agent answers `/v1/pair` with this; Odoo agrees to all. */
async function openDialog(agentAnswers, odooAnswers = {}) {
    // all services start in the test's page, also those of the till
    await setupPosEnv();
    setupAgent({ devices: [READER] });
    patchWithCleanup(session, { db: "test", member_hw: { reads_cards: true, sets_up: true } });
    const answers = {
        pair_begin: { status: "ok", pairing: 4, url: "http://localhost:8073/v1/pair", body: ASKED },
        pair_finish: { status: "ok", agent: 7, name: "Foyer till" },
        connect: { status: "ok", url: "http://localhost:8073", token: "t" },
        report: { status: "ok" },
        ...odooAnswers,
    };
    onRpc("member.hw.agent", "*", ({ method, args }) => {
        if (method.startsWith("pair") || method === "report") {
            expect.step([method, ...args]);
        }
        return answers[method];
    });
    patchWithCleanup(browser, {
        fetch(url, options) {
            if (!String(url).includes("/v1/pair")) {
                return super.fetch(...arguments);
            }
            expect.step([url, options.method, JSON.parse(options.body)]);
            return agentAnswers();
        },
    });
    await mountWithCleanup("<div/>");
    getService("dialog").add(PairComputerDialog);
    await animationFrame();
}

async function typeCode() {
    await click(".member-hw-code");
    await edit("k7qm2xfd");
    await press("Enter");
    await animationFrame();
    await animationFrame();
}

const BEGUN = ["pair_begin", "k7qm2xfd", browser.location.origin, "http://localhost:8073"];
const CARRIED = ["http://localhost:8073/v1/pair", "POST", ASKED];

test("the page carries the request to the agent and its answer to Odoo", async () => {
    await openDialog(async () => ({ ok: true, json: async () => ANSWER }));
    expect(".member-hw-pair").not.toBeEnabled();
    await typeCode();
    expect.verifySteps([BEGUN, CARRIED, ["pair_finish", 4, ANSWER]]);
    expect(".member-hw-paired").toHaveText("Paired with Foyer till.");
    await animationFrame();
    expect(queryAllTexts(".modal-body li")).toEqual(["ACR122U"]);
    expect(browser.localStorage.getItem("member_hw_agent:test")).toBe("7");
    // before the form is opened, Odoo knows what it is to show
    patchWithCleanup(getService("action"), { doAction: async () => expect.step("form") });
    await click(".modal-footer .btn-secondary");
    await animationFrame();
    expect.verifySteps([["report", 7, "sealed-ready"], "form"]);
});

test("a wrong code can be typed again", async () => {
    await openDialog(async () => ({ ok: false, json: async () => ({ code: "wrong_code" }) }));
    await typeCode();
    expect.verifySteps([BEGUN, CARRIED]);
    expect(".member-hw-error").toHaveText(/Read it again/);
    expect(".member-hw-code").toBeEnabled();
    expect(".member-hw-pair").toBeEnabled();
});

test("no answer at all is explained", async () => {
    patchWithCleanup(browser, { navigator: {} });
    await openDialog(async () => {
        throw new TypeError("Failed to fetch");
    });
    await typeCode();
    expect.verifySteps([BEGUN, CARRIED]);
    expect(".member-hw-error").toHaveText(/does not answer/);
});

test("an answer that Odoo does not believe pairs nothing", async () => {
    const tampered = { status: "tampered", message: "The answer does not fit the code." };
    await openDialog(async () => ({ ok: true, json: async () => ANSWER }), {
        pair_finish: tampered,
    });
    await typeCode();
    expect.verifySteps([BEGUN, CARRIED, ["pair_finish", 4, ANSWER]]);
    expect(".member-hw-error").toHaveText(tampered.message);
    expect(".member-hw-paired").toHaveCount(0);
});
