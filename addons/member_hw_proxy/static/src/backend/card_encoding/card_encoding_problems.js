import { _t } from "@web/core/l10n/translation";
import { describeProblem } from "@member_hw_proxy/core/hw_errors";

/**
 * What the screen offers when a card was not written: two buttons, the safe one first.
 *
 * Buttons are names of CardEncodingStation's methods.
 */

/** This chip will not do; another one does. Taking it away is answer enough. */
const OTHER_CARD = ["chip_used", "has_number", "no_uid", "other_queue", "wrong_medium"];
/** The number is gone: somebody else has it, or it has its chip. */
const OTHER_NUMBER = ["bad_receipt", "card_used", "taken"];
/** The chip is broken or locked; the server marked the number as failed. */
const FAILED = ["auth_failed", "blocked", "unsupported", "verify_failed", "write_failed"];
/** Nothing here helps: the computer, the user or the page is not right. */
const HOPELESS = ["forbidden", "forged", "no_agent", "not_found", "revoked", "server_error"];

export const BUTTONS = {
    again: _t("Try again"),
    reload: _t("Try again"),
    resend: _t("Try again"),
    another: _t("Take another card"),
    erase: _t("Erase this card"),
    giveUpCard: _t("Use another card"),
    leave: _t("Leave"),
    next: _t("Next number"),
    retryLine: _t("Take another card"),
    skip: _t("Skip this number"),
};

/**
 * Say what is wrong and what can be done.
 *
 * @param {{status?: string, code?: string, message?: string, can_erase?: boolean}} trouble a
 *  refusal of the server, or an HwError of the writer
 * @param {boolean} isBegun the chip may carry the number in part: that same chip is waited for
 * @returns {{code, message, primary, secondary, waitsForCard: boolean, endsWithCard: boolean}}
 *  waitsForCard: the same card put on again goes on by itself; endsWithCard: when the card is
 *  taken away, the screen asks for another
 */
export function describeTrouble(trouble, isBegun = false) {
    const code = trouble.status || trouble.code || "device_error";
    const problem = (primary, secondary, more = {}) => ({
        code,
        // the server's sentences know the card; those of devices are ours
        message: trouble.status ? trouble.message : describeProblem(trouble),
        primary,
        secondary,
        waitsForCard: false,
        endsWithCard: false,
        ...more,
    });
    if (OTHER_CARD.includes(code)) {
        return problem("another", trouble.can_erase ? "erase" : "skip", { endsWithCard: true });
    }
    if (OTHER_NUMBER.includes(code)) {
        return problem("next", code === "bad_receipt" ? "erase" : "leave");
    }
    if (FAILED.includes(code)) {
        return problem("retryLine", "skip", { endsWithCard: true });
    }
    if (HOPELESS.includes(code)) {
        return problem("reload", "leave");
    }
    if (code === "server_offline") {
        return problem("resend", "leave");
    }
    return problem("again", isBegun ? "giveUpCard" : "skip", { waitsForCard: true });
}
