import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { describeProblem } from "@member_hw_proxy/core/hw_errors";

/** Why this page and the agent on this computer do not come together, in words. */

/** Names under which browsers know the permission to reach programs on this computer. */
const PERMISSIONS = ["loopback-network", "local-network-access"];

/** What the agent answers to a pairing that it refuses. */
const REFUSALS = {
    wrong_code: _t("The code is wrong. Read it again where the agent shows it, and type it anew."),
    no_code: _t(
        "No code waits on this computer, or its ten minutes are over. Run “member-hw-agent pair” there for a new one.",
    ),
    spent: _t(
        "The code was wrong too often and is void. Run “member-hw-agent pair” on this computer for a new one.",
    ),
    wrong_origin: _t(
        "The agent was told to pair with another address of Odoo. Open Odoo there, or run “member-hw-agent pair” without an address.",
    ),
    too_many: _t(
        "This agent is paired with too many servers. Remove one with “member-hw-agent unpair”.",
    ),
    rate: _t("Wait a moment, then try again."),
};

/** Say what the agent refused; `answer` is {code, message}, or null for no answer of ours. */
export function explainRefusal(answer) {
    const sentence = REFUSALS[answer?.code];
    if (sentence) {
        return sentence.toString();
    }
    return answer?.code
        ? describeProblem(answer)
        : _t(
              "Another program answers at this address. Check the address that the agent shows.",
          ).toString();
}

/** Whether the browser lets this page reach programs on this computer; "" when it is silent. */
export async function loopbackPermission() {
    for (const name of PERMISSIONS) {
        try {
            return (await browser.navigator.permissions.query({ name })).state;
        } catch {
            // a browser that does not know this name: try the next one
        }
    }
    return "";
}

/**
 * Say why the agent could not be reached at all.
 *
 * @param {string} permission as `loopbackPermission` tells it
 * @param {boolean} isSecure the page came by https, or from this computer
 */
export function explainSilence(permission, isSecure) {
    if (permission === "denied") {
        return _t(
            "The browser does not let this page reach programs on this computer. Click the sign left of the address, allow “Apps on device” (or “Local network access”), and try again. IT can allow it on all computers with the policy LocalNetworkAccessAllowedForUrls.",
        ).toString();
    }
    const agent = _t(
        "The agent on this computer does not answer. Start it with “member-hw-agent run”, and allow the page to reach this computer when the browser asks.",
    ).toString();
    if (isSecure) {
        return agent;
    }
    // a sentence inside a template literal is not found by who extracts what is to be translated
    const https = _t(
        "From the Internet a browser allows it only to pages that are opened with https.",
    ).toString();
    return `${agent} ${https}`;
}
