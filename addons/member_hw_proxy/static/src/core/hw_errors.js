import { _t } from "@web/core/l10n/translation";

/** Devices in words: what the agent's codes mean to whoever stands in front of the screen. */

/** What a device, the agent or the way to it did not do; `code` is what programs decide by. */
export class HwError extends Error {
    constructor(code, message = "") {
        super(message || code);
        this.name = "HwError";
        this.code = code;
        this.detail = message;
    }
}

/**
 * Sentences by code: those of devices are the agent's `DeviceError` codes, those of requests the
 * codes of what the agent does not take. `agent/tests/test_codes.py` finds codes without words.
 */
const SENTENCES = {
    // the way to the agent
    agent_down: _t(
        "The hardware agent on this computer does not answer. Start it, or allow this page to use devices of this computer when the browser asks. It connects by itself.",
    ),
    connection_lost: _t("The connection to the hardware agent was cut. It comes back by itself."),
    not_connected: _t(
        "The hardware agent is not connected. Check that it runs on this computer, then try again.",
    ),
    not_authorised: _t(
        "The hardware agent does not accept this till any more. Ask the manager to pair it again.",
    ),
    clock: _t(
        "The clocks of this computer and of the server differ. Set this computer's clock; it connects by itself then.",
    ),
    forbidden: _t("The hardware agent refuses this page: pair it with this address of Odoo."),
    scope: _t("This user may not do that with the hardware agent."),
    rate: _t("Too many requests to the hardware agent. It goes on in a moment."),
    server_offline: _t(
        "The hardware agent waits for the server. It connects by itself when the server answers.",
    ),
    server_error: _t("The server could not open the way to the hardware agent. Tell the manager."),
    too_many_tabs: _t(
        "Too many pages use the hardware agent. Close those that you do not need; it connects by itself then.",
    ),
    // requests that the agent does not take
    replayed: _t("This request was used before. Try again: a new one is made."),
    expired: _t("This took too long, and the hardware agent does not do it any more. Try again."),
    bad_seal: _t(
        "The hardware agent does not accept what this server sends: it was paired anew, or with another server. Ask the manager to pair it again.",
    ),
    malformed: _t(
        "The hardware agent does not understand this page. Reload it; if that does not help, tell IT to update the agent.",
    ),
    too_large: _t("This is too large for the hardware agent. Print it by the browser."),
    internal: _t(
        "The hardware agent has failed. Try again; if it fails again, restart it and tell IT: its log says why.",
    ),
    // printers
    paper_out: _t("The printer has no paper. Put in a new roll, then try again."),
    paper_low: _t("The paper is nearly used up. Keep a new roll at hand."),
    cover_open: _t("The printer's cover is open. Close it, then try again."),
    offline: _t(
        "The device is offline. Check that it is switched on and connected, then try again.",
    ),
    // all devices
    no_device: _t("The device is not connected. Plug it in, then try again."),
    busy: _t("The device is busy. Wait a moment, then try again."),
    timeout: _t("The device did not answer in time. Check it, then try again."),
    closed: _t("The device was disconnected meanwhile. Plug it in, then try again."),
    device_error: _t("The device reports a fault. Switch it off and on, then try again."),
    unsupported: _t("This device cannot do that."),
    bad_request: _t("The device did not understand what was asked. Tell the manager."),
    // cards
    no_card: _t("There is no card on the reader. Put it on, then try again."),
    card_removed: _t("The card was taken away too early. Put it on again and leave it there."),
    wrong_card: _t("This is another card. Put the one on that was asked for."),
    auth_failed: _t("The card does not accept our key: it is not one of ours, or already locked."),
    blocked: _t("The card is blocked. Take another one."),
    write_failed: _t("The card could not be written. Put it on again, or take another one."),
    verify_failed: _t("What was written differs from what is on the card. Take another card."),
};

/** Codes that come to the same for whoever reads it. */
const SAME = {
    content_type: "malformed",
    not_found: "malformed",
    not_paired: "not_authorised",
    state: "internal",
    wrong_host: "forbidden",
    wrong_origin: "forbidden",
};

/**
 * Say what is wrong and what to do next, in the reader's language.
 *
 * @param {{code?: string, message?: string}} problem an HwError, a device's state, an answer
 * @returns {string} the sentence for the code; else what the other side said, never empty
 */
export function describeProblem({ code, detail, message }) {
    const sentence = SENTENCES[SAME[code] || code];
    return sentence
        ? sentence.toString()
        : detail || message || _t("The device did not do it. Check it, then try again.");
}

/** Codes of a device that works nevertheless. */
export const WARNINGS = ["paper_low"];
