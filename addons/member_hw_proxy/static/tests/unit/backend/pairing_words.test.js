import { beforeEach, expect, test } from "@odoo/hoot";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import {
    explainRefusal,
    explainSilence,
    loopbackPermission,
} from "@member_hw_proxy/backend/pair_computer/pairing_words";

beforeEach(() => allowTranslations());

test("each refusal of the agent says what to do next", () => {
    for (const [code, part] of [
        ["wrong_code", "Read it again"],
        ["no_code", "member-hw-agent pair"],
        ["spent", "member-hw-agent pair"],
        ["wrong_origin", "Open Odoo there"],
        ["too_many", "unpair"],
        ["rate", "Wait"],
    ]) {
        expect(explainRefusal({ code, message: "in English" })).toInclude(part);
    }
    expect(explainRefusal({ code: "malformed", message: "in English" })).toInclude("Reload it");
});

test("what is not known is said in the agent's words, and no answer is another program", () => {
    expect(explainRefusal({ code: "new", message: "Stand on one leg." })).toBe("Stand on one leg.");
    expect(explainRefusal(null)).toInclude("Another program");
    expect(explainRefusal({})).toInclude("Another program");
});

test("silence is the browser's, the network's or the agent's", () => {
    expect(explainSilence("denied", true)).toInclude("LocalNetworkAccessAllowedForUrls");
    expect(explainSilence("granted", true)).toInclude("does not answer");
    expect(explainSilence("granted", true)).not.toInclude("https");
    expect(explainSilence("", false)).toInclude("https");
});

test("the browser is asked under all names of the permission", async () => {
    const permissions = {
        async query({ name }) {
            expect.step(name);
            if (name === "loopback-network") {
                throw new TypeError("no such permission");
            }
            return { state: "denied" };
        },
    };
    patchWithCleanup(browser, { navigator: { permissions } });
    expect(await loopbackPermission()).toBe("denied");
    expect.verifySteps(["loopback-network", "local-network-access"]);
    patchWithCleanup(browser, { navigator: {} });
    expect(await loopbackPermission()).toBe("");
});
