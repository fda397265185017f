import { _t } from "@web/core/l10n/translation";

/** What the popups that are typed into share. */

/** Take Enter, which neither dialog nor screen may see: a scanner sends it after each code. */
export function takeEnter(ev) {
    if (ev.key !== "Enter") {
        return false;
    }
    ev.preventDefault();
    ev.stopPropagation();
    return true;
}

/** Say why a card that was read is none to give to somebody. */
export function describeCard({ matches = [], message = "" }) {
    const [owner] = matches;
    return owner
        ? _t("This card belongs to %(name)s (%(number)s). Take one that nobody has.", owner)
        : message;
}

/** Ask the server while the popup says that it is busy; what it said before is gone. */
export async function whileBusy(state, ask) {
    state.busy = true;
    state.message = "";
    try {
        return await ask();
    } finally {
        state.busy = false;
    }
}
