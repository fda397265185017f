import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { describeChanges, timeLeft } from "@member_ticketing/app/utils/member_tickets";

const { DateTime } = luxon;

/** Seconds that a hold must last at least when the cashier goes to the payment. */
const ENOUGH = 180;

/**
 * What the server holds for the lines of an order, each under the line's uuid.
 *
 * What a line shows of its hold (until when, the policy's name, the price that everybody pays) is
 * in `uiState.memberTickets` of its order, so that it survives a reload of the page.
 */
export class MemberSeatHolds {
    constructor(pos) {
        this.pos = pos;
    }

    get till() {
        return this.pos.memberTill;
    }

    refuse(body) {
        this.pos.dialog.add(AlertDialog, { title: _t("Tickets"), body });
        return false;
    }

    formatCurrency = (amount) => this.pos.env.utils.formatCurrency(amount);

    // === HOLDING === //

    /** Ask for the seats of these lines; the server finds an approval by its line. */
    async hold(order, wants) {
        const uuids = wants.map(({ uuid }) => uuid);
        await this.releaseAttempt(order, uuids);
        order.uiState.memberSeatsAsked = uuids;
        let answer = await this.till.holdSeats(order, wants);
        while (answer.status === "approval_needed") {
            const want = wants.find(({ uuid }) => uuid === answer.line);
            if (!want || !(await this.approve(order, want, answer))) {
                return null;
            }
            answer = await this.till.holdSeats(order, wants);
        }
        if (answer.status !== "offline") {
            order.uiState.memberSeatsAsked = null;
        }
        if (answer.status === "ok") {
            order.uiState.memberSeatsBack = JSON.stringify(order.seatsBack);
        }
        return answer;
    }

    /** Have a supervisor agree to one line; resolves to the token, or null. */
    approve(order, want, { act, amount = 0, policy_id, free_reason }) {
        const about = {
            ...want,
            policy_id,
            free_reason,
            partner_id: order.partner_id?.id || false,
        };
        return this.pos.memberApproval({ act, amount, subject: want.uuid, about });
    }

    /** Give back what was asked for and never answered, unless it is asked for again. */
    async releaseAttempt(order, again = []) {
        const lines = order.lines.map(({ uuid }) => uuid);
        const lost = (order.uiState.memberSeatsAsked || []).filter(
            (uuid) => !again.includes(uuid) && !lines.includes(uuid),
        );
        order.uiState.memberSeatsAsked = null;
        return lost.length ? this.till.releaseSeats(lost) : null;
    }

    /** Take over what the server has held for a line. */
    setHeld(line, want, held) {
        line.setUnitPrice(held.price);
        line.member_ticket_why = held.why || "";
        line.member_free_reason = held.free_reason;
        const order = line.order_id;
        order.uiState.memberTickets = {
            ...order.uiState.memberTickets,
            [line.uuid]: {
                // by the clock of the till, which may be off
                expiresAt: serializeDateTime(DateTime.now().plus({ seconds: held.seconds_left })),
                policyName: held.policy_name || "",
                listPrice: held.list_price,
                policyId: want.as_agreed
                    ? held.is_other_policy && held.policy_id
                    : want.policy_id || false,
                // the server sends none back of an order that is put aside
                freeReason: held.free_reason,
            },
        };
    }

    /** By what a line is sold; of one that another till has sold only the server knows. */
    termsOf({ memberTicket, memberFreeReason }) {
        return memberTicket.expiresAt
            ? {
                  policy_id: memberTicket.policyId || false,
                  free_reason: memberFreeReason || false,
              }
            : { as_agreed: true };
    }

    wantOf(line, terms = this.termsOf(line)) {
        return {
            uuid: line.uuid,
            ticket_id: line.event_ticket_id.id,
            slot_id: line.event_slot_id?.id || false,
            quantity: line.qty,
            ...terms,
        };
    }

    // === GIVING BACK === //

    async releaseAll(order) {
        const uuids = order.ticketLines.map(({ uuid }) => uuid);
        await this.releaseAttempt(order);
        if (!uuids.length) {
            return true;
        }
        const { status, message } = await this.till.releaseSeats(uuids);
        return ["ok", "offline"].includes(status) || this.refuse(message);
    }

    // === HOLDING AGAIN === //

    /** Hold all tickets of an order again: for another customer, or before the hold ends. */
    async holdAgain(order) {
        const lines = order.ticketLines;
        const before = lines.map((line) => ({
            uuid: line.uuid,
            name: line.getFullProductName(),
            price: line.price_unit,
        }));
        const wants = lines.map((line) => this.wantOf(line));
        const answer = await this.hold(order, wants);
        if (answer?.status === "ok") {
            for (const line of lines) {
                const held = answer.lines.find(({ uuid }) => uuid === line.uuid);
                const want = wants.find(({ uuid }) => uuid === line.uuid);
                if (held) {
                    this.setHeld(line, want, held);
                }
            }
            this.sayChanges(describeChanges(before, answer.lines, this.formatCurrency));
        }
        return answer;
    }

    sayChanges(sentences) {
        if (sentences.length) {
            this.pos.notification.add(sentences.join(" · "), {
                title: _t("Other prices for this customer"),
                type: "info",
            });
        }
    }

    /** Another customer pays other prices, and may buy other numbers; or may not buy these. */
    async customerChanged(order, previous) {
        const answer = await this.holdAgain(order);
        if (answer?.status === "ok") {
            return true;
        }
        const restore = () => this.restoreCustomer(order, previous);
        this.pos.dialog.add(ConfirmationDialog, {
            title: _t("Tickets"),
            body: answer?.message || _t("Nobody has approved these tickets for this customer."),
            confirmLabel: previous ? _t("Keep %s", previous.name) : _t("Sell without a customer"),
            confirm: restore,
            cancelLabel: _t("Take the tickets off"),
            cancel: () => this.removeAll(order),
            dismiss: restore,
        });
        return false;
    }

    restoreCustomer(order, previous) {
        order.setPartner(previous || false);
        this.pos.refreshMember(order);
        return this.holdAgain(order);
    }

    async removeAll(order) {
        for (const line of [...order.ticketLines]) {
            await this.remove(line);
        }
    }

    /** Whether other tickets come back now than when the seats were held that count on them. */
    countsOnOthers(order) {
        const { memberSeatsBack: before = "[]" } = order.uiState;
        return order.ticketLines.length > 0 && before !== JSON.stringify(order.seatsBack);
    }

    /** Whether the seats are held long enough to pay for them; holds them again where not. */
    async ready(order, seconds = ENOUGH) {
        const { offline } = this.pos.data.network;
        const isShort = order.ticketLines.some(
            ({ memberTicket: { expiresAt } }) =>
                !expiresAt || timeLeft(expiresAt).seconds < seconds,
        );
        if ((!isShort && !this.countsOnOthers(order)) || offline) {
            return true;
        }
        const answer = await this.holdAgain(order);
        // without an answer the order is taken as it is: the server holds again when it comes
        return ["ok", "offline"].includes(answer?.status) || this.refuse(answer?.message);
    }
}
