import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

const MEMBERS = "member_card.member_action";
const SCOPES = ["events", "card.read"];

/**
 * Which paired computer this browser runs on, and what a card on its reader does in the
 * backend: it opens the member, or goes to the screen that asks for one. Nothing is asked of anybody until a computer was chosen here.
 *
 * A screen that needs more of the computer than to read cards borrows it; a screen that listens
 * to the reader itself (`useHwReader`) gets the cards instead.
 */
export class ThisComputer {
    constructor(env, services) {
        Object.assign(this, services);
        this.hw = services.member_hw;
        this.key = `member_hw_agent:${session.db}`;
        this.borrowers = 0;
        this.state = reactive({ agentId: this.stored });
        this.hw.listen({ card: (seen) => this.onCard(seen) });
        // a computer was paired anew, moved or revoked
        this.bus_service.subscribe("member_hw_changed", () => this.hw.refresh());
        this.connection = reactive(this.hw.state, () => this.onConnection());
        this.onConnection();
    }

    get stored() {
        return Number(browser.localStorage.getItem(this.key)) || false;
    }

    get mayRead() {
        return Boolean(session.member_hw?.reads_cards);
    }

    // === WHICH COMPUTER === //

    /** Remember the computer in this browser and connect to it. */
    choose(agentId) {
        browser.localStorage.setItem(this.key, agentId);
        this.state.agentId = agentId;
        this.connect();
    }

    /** This browser runs on no paired computer: leave it alone. */
    forget() {
        browser.localStorage.removeItem(this.key);
        this.state.agentId = false;
        this.hw.release();
    }

    connect() {
        if (this.mayRead && this.state.agentId && !this.borrowers) {
            this.bus_service.start();
            this.hw.useAgent(this.state.agentId, SCOPES);
        }
    }

    /**
     * Connect with other scopes, or to try another computer, as long as a screen is open.
     *
     * @returns {() => void} gives it back
     */
    borrow(agentId, scopes) {
        this.bus_service.start();
        this.borrowers += 1;
        this.hw.useAgent(agentId, scopes);
        return () => {
            this.borrowers -= 1;
            this.hw.release();
        };
    }

    /** Whoever lets go of the connection leaves it to the reader. */
    onConnection() {
        if (this.connection.status === "idle") {
            browser.setTimeout(() => {
                if (this.connection.status === "idle") {
                    this.connect();
                }
            });
        }
    }

    // === A CARD === //

    /**
     * Give whose card it is to the screen that asks for a member, else open the member. An open
     * dialog that asks for none is work that nobody interrupts.
     */
    async onCard({ reading }) {
        const { taker } = this.member_reads;
        if (!taker && document.body.classList.contains("modal-open")) {
            this.notification.add(
                _t("Close this window first, then put the card on the reader again."),
                { type: "warning" },
            );
            return;
        }
        const question = (this.question = {});
        const answer = await this.orm.call("member.hw.agent", "card", [
            this.state.agentId,
            reading,
        ]);
        if (question !== this.question) {
            // another card was put on meanwhile: that one is meant
            return;
        }
        if (taker !== this.member_reads.taker) {
            // the screen it was meant for was closed meanwhile, or another one opened
            return;
        }
        if (answer.status === "ok" && taker) {
            return taker(answer);
        }
        if (answer.status === "ok") {
            return this.openMember(answer.partner_id);
        }
        this.notification.add(answer.message, {
            type: "warning",
            buttons: answer.card_id ? [this.issueButton(answer)] : [],
        });
    }

    openMember(partnerId) {
        const current = this.action.currentController?.action;
        return this.action.doAction(MEMBERS, {
            viewType: "form",
            props: { resId: partnerId },
            // cards that are put on one after the other leave no trail
            ...(current?.xml_id === MEMBERS && { stackPosition: "replaceCurrentAction" }),
        });
    }

    issueButton({ card_id }) {
        return {
            name: _t("Issue It"),
            primary: true,
            onClick: async () =>
                this.action.doAction(await this.orm.call("member.card", "action_issue", [card_id])),
        };
    }
}

export const thisComputerService = {
    dependencies: ["action", "bus_service", "member_hw", "member_reads", "notification", "orm"],
    start(env, services) {
        return new ThisComputer(env, services);
    },
};

registry.category("services").add("member_hw_computer", thisComputerService);
