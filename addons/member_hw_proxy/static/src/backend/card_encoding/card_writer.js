import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { describeAgent } from "@member_hw_proxy/app/utils/hardware_words";
import { describeProblem } from "@member_hw_proxy/core/hw_errors";

const SCOPES = ["events", "card.read", "card.write"];
/** Longer than any chip takes; the agent has its own, shorter limits. */
const WRITE_MS = 45_000;
const REMEMBERED = "member_hw_writer";

/** Serial readers and stripes read only. */
const READ_ONLY = ["card.serial"];

/**
 * The card writer of a computer: which one it is, and what is asked of it.
 *
 * @param {Object} services
 * @param {ThisComputer} services.computer the connection is borrowed from it until `end()`
 * @param {MemberHw} services.hw
 * @param {Object} services.state `hw.state`, as the component that shows it watches it
 * @param {number} agentId of `member.hw.agent`
 */
export class CardWriter {
    constructor({ computer, hw, state }, agentId) {
        this.hw = hw;
        this.state = state;
        this.end = computer.borrow(agentId, SCOPES);
    }

    /** All writers of this computer, by name. */
    get choice() {
        return Object.values(this.state.devices)
            .filter((each) => each.kind === "reader" && !READ_ONLY.includes(each.driver))
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    /** The one to use: that of last time, else the first that is there. */
    get device() {
        const { choice } = this;
        const last = browser.localStorage.getItem(REMEMBERED);
        return (
            choice.find((each) => each.id === last) ||
            choice.find((each) => each.state === "connected") ||
            choice[0]
        );
    }

    choose(id) {
        browser.localStorage.setItem(REMEMBERED, id);
    }

    /** Why nothing can be written now and what to do about it; empty when all is well. */
    get problem() {
        const { state } = this;
        if (state.status !== "connected") {
            return state.code
                ? describeAgent(state).text
                : _t("Looking for the card writer of this computer…");
        }
        const { device } = this;
        if (!device) {
            return _t("There is no card writer at this computer. Plug one in.");
        }
        return device.state === "connected" ? "" : describeProblem(device);
    }

    // === WHAT IS ASKED === //

    /** What lies on it; without a reading if there is nothing to tell the chip by. */
    async inspect() {
        const seen = await this.call("inspect");
        return seen.masked ? seen : { ...seen, reading: null };
    }

    write(order) {
        return this.call("write", { order }, { timeout: WRITE_MS });
    }

    format(order) {
        return this.call("format", { order }, { timeout: WRITE_MS });
    }

    call(...args) {
        return this.hw.call(this.device?.id, ...args);
    }
}
