import { _t } from "@web/core/l10n/translation";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { session } from "@web/session";

/**
 * Asks the server about members. Each verb resolves to `{status, message, …}`: "ok", a code of
 * the server's refusal, or "offline" when the question or its answer was lost. The server is told
 * which version this page was opened with: after an update it asks for a reload.
 */
export class MemberTill {
    constructor(pos) {
        this.pos = pos;
        this.busy = false;
        this.isReloadOffered = false;
        this.readTakers = [];
    }

    // === CARDS THAT ARE READ === //

    /** Let `taker` have the cards that are read, until what this returns is called. */
    takeReads(taker) {
        this.readTakers.push(taker);
        return () => {
            this.readTakers = this.readTakers.filter((each) => each !== taker);
        };
    }

    /** Who gets a card before the sale does: the popup that was opened last, or nobody. */
    get readTaker() {
        return this.readTakers.at(-1);
    }

    // === QUESTIONS === //

    /** Run one conversation about money at a time; a second tap or a scan meanwhile is ignored. */
    async exclusively(conversation) {
        if (this.busy) {
            return false;
        }
        this.busy = true;
        try {
            return await conversation();
        } finally {
            this.busy = false;
        }
    }

    async ask(verb, ...args) {
        const { data, config } = this.pos;
        const context = { member_version: session.member_card_version };
        try {
            const answer = await data.call("pos.config", verb, [[config.id], ...args], { context });
            if (answer.status === "outdated") {
                this.offerReload(answer.message);
            }
            return answer;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return { status: "offline", message: this.offlineMessage };
            }
            throw error;
        }
    }

    /** Once is enough: each verb says the sentence as well. */
    offerReload(body) {
        if (this.isReloadOffered) {
            return;
        }
        this.isReloadOffered = true;
        this.pos.dialog.add(
            ConfirmationDialog,
            {
                title: _t("The till was updated"),
                body,
                confirmLabel: _t("Reload"),
                confirm: () => window.location.reload(),
                cancelLabel: _t("Later"),
                cancel: () => {},
            },
            { onClose: () => (this.isReloadOffered = false) },
        );
    }

    get offlineMessage() {
        return _t(
            "No answer from the server. Members and wallets need a connection: try again, or take another payment.",
        );
    }

    /** Find members; their records are loaded, so that each match has its `partner`. */
    async lookup(query) {
        return this.load(await this.ask("member_lookup", query));
    }

    /** Load what an answer brings along, so that each of its matches has its `partner`. */
    load(answer) {
        if (!answer.records) {
            return answer;
        }
        const { models, data } = this.pos;
        models.connectNewData(answer.records);
        data.synchronizeServerDataInIndexedDB(answer.records);
        const matches = answer.matches.map((match) => ({
            ...match,
            partner: models["res.partner"].get(match.partner_id),
        }));
        return { status: answer.status, matches };
    }

    /** Who has this phone already, members and others. */
    async known(phone) {
        return this.load(await this.ask("member_known", phone));
    }

    async join(values, requestKey) {
        return this.load(await this.ask("member_join", values, requestKey));
    }

    history(partner) {
        return this.ask("member_history", partner.id);
    }

    actOnCard(card, act) {
        return this.ask("member_card_act", card.id, act);
    }

    /** Give the member a card, instead of the one named if any; that one may be lost. */
    issueCard(partner, number, cardId = false, isLost = false) {
        return this.ask("member_card_issue", partner.id, number, cardId, isLost);
    }

    setPin(partner, pin, oldPin, approval, requestKey) {
        return this.ask("member_pin_set", partner.id, pin, oldPin, approval, requestKey);
    }

    unlockPin(partner, approval = false) {
        return this.ask("member_pin_unlock", partner.id, approval);
    }

    info(partner) {
        return this.ask("member_info", partner.id);
    }

    hold({ partnerId, amount, requestKey, cardId }, pin) {
        return this.ask("member_hold", partnerId, amount, pin, requestKey, cardId);
    }

    /** Give back what an attempt holds, named by its request key or by one of its lines. */
    release(key) {
        return this.ask("member_release", key);
    }

    /** How a refund of these sold lines goes back, as `parts`. */
    refundPlan(lineIds, amount) {
        return this.ask("member_refund_plan", lineIds, amount);
    }

    /** How much of a top-up can be undone: `amount`, `left`, `bonus`. */
    topUpLeft(lineId) {
        return this.ask("member_topup_left", lineId);
    }

    /** Set aside what the line `lineUuid` of the order `orderUuid` pays out. */
    undoTopUp(lineId, amount, lineUuid, orderUuid) {
        return this.ask("member_topup_undo", lineId, amount, lineUuid, orderUuid);
    }

    reserveTopUp(partner, amount, lineUuid) {
        return this.ask("member_topup_reserve", partner.id, amount, lineUuid);
    }

    /** Ask for an approval; without an approver the server says who could give it. */
    approve({ act, about, amount = 0, subject = false }, approverId = false, pin = "") {
        return this.ask("member_approve", approverId, pin, act, amount, subject, about);
    }
}
