import { expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { HwError, describeProblem } from "@member_hw_proxy/core/hw_errors";

/** The agent's `DeviceError` codes, and what the socket itself says. */
const CODES =
    "auth_failed bad_request blocked busy card_removed closed cover_open device_error no_card no_device offline paper_low paper_out timeout unsupported verify_failed write_failed wrong_card agent_down connection_lost not_connected not_authorised clock forbidden scope rate server_offline server_error too_many_tabs replayed expired bad_seal malformed too_large internal";

test("each code has words of its own, which are no code", () => {
    allowTranslations();
    const sentences = CODES.split(" ").map((code) => describeProblem({ code }));
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) {
        expect(sentence).toMatch(/^[A-Z].+\.$/s);
        expect(sentence).not.toMatch(/_/);
    }
});

test("what comes to the same is said in the same words", () => {
    allowTranslations();
    expect(describeProblem({ code: "not_paired", message: "in English" })).toBe(
        describeProblem({ code: "not_authorised" }),
    );
});

test("what no code says is told in the other side's words, and never in none", () => {
    allowTranslations();
    expect(describeProblem(new HwError("new_one", "Turn the key."))).toBe("Turn the key.");
    expect(describeProblem({ code: "new_one" })).toMatch(/try again/);
});
