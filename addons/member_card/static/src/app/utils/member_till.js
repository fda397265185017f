import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";

/**
 * Asks the server about members. Each verb resolves to `{status, message, …}`: "ok", a code of
 * the server's refusal, or "offline" when the question or its answer was lost.
 */
export class MemberTill {
    constructor(pos) {
        this.pos = pos;
        this.busy = false;
    }

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
        try {
            return await data.call("pos.config", verb, [[config.id], ...args]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return { status: "offline", message: this.offlineMessage };
            }
            throw error;
        }
    }

    get offlineMessage() {
        return _t(
            "No answer from the server. Members and wallets need a connection: try again, or take another payment.",
        );
    }

    /** Find members; their records are loaded, so that each match has its `partner`. */
    async lookup(query) {
        const answer = await this.ask("member_lookup", query);
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

    reserveTopUp(partner, amount, lineUuid) {
        return this.ask("member_topup_reserve", partner.id, amount, lineUuid);
    }
}
