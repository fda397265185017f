import { registry } from "@web/core/registry";
import { uuid } from "@web/core/utils/strings";
import { browser } from "@web/core/browser/browser";
import { HwError } from "@member_hw_proxy/core/hw_errors";
import { HwSocket } from "@member_hw_proxy/core/hw_socket";

/** A card that bounces on the reader is one card … */
const BOUNCE_MS = 1_500;
/** … also once it was answered; put on again later, it is meant once more. */
const ANSWERED_BOUNCE_MS = 700;
const READY_MS = 10_000;
const LAST_TAB = "member_hw_last_tab";

/**
 * The hardware agent of this computer, for the till and the backend alike: one connection per
 * tab, and who of the tab's screens gets what a reader says. Idle, and silent, until `use` or
 * `useAgent` is called.
 */
export class MemberHw {
    constructor(orm) {
        this.orm = orm;
        this.provider = null;
        this.socket = new HwSocket({
            connect: () => this.provider.connect(),
            report: (sealed) => this.provider.report?.(sealed),
        });
        this.state = this.socket.state;
        this.listeners = [];
        this.tab = uuid();
        this.lastCard = null;
        for (const kind of ["card", "card_removed", "scan"]) {
            this.socket.addEventListener(kind, ({ detail }) => this.onReader(kind, detail));
        }
        this.takeFocus = () => browser.localStorage.setItem(LAST_TAB, this.tab);
    }

    // === CONNECTION === //

    /** Keep connected with what the provider says; see HwSocket. */
    use(provider) {
        this.release();
        this.provider = provider;
        browser.addEventListener("focus", this.takeFocus);
        if (document.hasFocus()) {
            this.takeFocus();
        }
        this.socket.start();
    }

    /**
     * Connect a page of the backend to the agent of this computer.
     *
     * @param {number} agentId of `member.hw.agent`
     * @param {string[]} scopes what the page will do; Odoo decides whether the user may
     */
    useAgent(agentId, scopes) {
        this.use({
            connect: () => this.orm.call("member.hw.agent", "connect", [agentId, scopes]),
            report: (sealed) => this.orm.call("member.hw.agent", "report", [agentId, sealed]),
        });
    }

    /** Odoo may say otherwise by now; see HwSocket.refresh. */
    refresh() {
        return this.socket.refresh();
    }

    release() {
        browser.removeEventListener("focus", this.takeFocus);
        this.socket.stop();
    }

    retry() {
        this.socket.retry();
    }

    /**
     * Wait until the agent is there.
     *
     * @throws {HwError} why it is not, at once when Odoo refuses, else after `timeout` ms
     */
    async ready(timeout = READY_MS) {
        const { socket, state } = this;
        if (state.status === "connected") {
            return;
        }
        let onReady, onRefused, timer;
        try {
            await new Promise((resolve, reject) => {
                const giveUp = () =>
                    reject(new HwError(state.code || "not_connected", state.message));
                onReady = resolve;
                onRefused = giveUp;
                socket.addEventListener("ready", onReady);
                socket.addEventListener("refused", onRefused);
                timer = browser.setTimeout(giveUp, timeout);
            });
        } finally {
            browser.clearTimeout(timer);
            socket.removeEventListener("ready", onReady);
            socket.removeEventListener("refused", onRefused);
        }
    }

    /** See HwSocket.call. */
    call(device, action, params, options) {
        return this.socket.call(device, action, params, options);
    }

    // === DEVICES === //

    /**
     * The device to use: the one asked for, else the first of its kind.
     *
     * @param {string} kind reader, scanner, printer or display
     * @param {string|false} [id]
     */
    device(kind, id = false) {
        const { devices } = this.state;
        return id ? devices[id] : Object.values(devices).find((each) => each.kind === kind);
    }

    // === WHO GETS A CARD === //

    /**
     * Get what the readers say, before whoever listened earlier and as long as nobody later does.
     *
     * @param {Object} listener functions by kind: `card`, `card_removed`, `scan`; each gets the
     *  detail that HwSocket dispatches. With `takesBounces` it gets each card that is put on, also
     *  the same one again at once. What `card` returns is awaited: the card is answered then.
     * @returns {() => void} ends it
     */
    listen(listener) {
        this.listeners.push(listener);
        return () => {
            this.listeners = this.listeners.filter((each) => each !== listener);
        };
    }

    onReader(kind, detail) {
        if (!this.isActing()) {
            return;
        }
        const listener = this.listeners.findLast((each) => each[kind]);
        const isBounce = kind === "card" && this.isBounce(detail);
        if (!listener || (isBounce && !listener.takesBounces)) {
            return;
        }
        const answer = listener[kind](detail);
        if (kind === "card") {
            this.awaitAnswer(this.lastCard, answer);
        }
    }

    async awaitAnswer(card, answer) {
        try {
            await answer;
        } finally {
            card.isAnswered = true;
        }
    }

    /** Of several tabs the one that was used last acts, and only when it can be seen. */
    isActing() {
        return (
            document.visibilityState === "visible" &&
            browser.localStorage.getItem(LAST_TAB) === this.tab
        );
    }

    isBounce({ device, masked }) {
        const now = Date.now();
        const { lastCard } = this;
        const isBounce =
            lastCard?.device === device &&
            lastCard.masked === masked &&
            now - lastCard.at < (lastCard.isAnswered ? ANSWERED_BOUNCE_MS : BOUNCE_MS);
        if (!isBounce) {
            this.lastCard = { device, masked, isAnswered: false };
        }
        this.lastCard.at = now;
        return isBounce;
    }
}

export const memberHwService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        return new MemberHw(orm);
    },
};

registry.category("services").add("member_hw", memberHwService);
