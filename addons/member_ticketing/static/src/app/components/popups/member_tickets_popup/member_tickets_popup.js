import { Component, useEffect, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { useTicketMember } from "@member_ticketing/app/hooks/ticket_member_hook";
import { whileBusy } from "@member_card/app/utils/member_popup";
import {
    formatMoment,
    isForSale,
    mostOf,
    seatsClass,
    seatsText,
    shownListPrice,
    shownPrice,
} from "@member_ticketing/app/utils/member_tickets";

/**
 * How many of which ticket of one performance, under which policy.
 *
 * `submit` is given the choices, `{ticket, quantity, policyId, freeReason}` each, and holds the
 * seats; what it refuses is said here, with fresh figures, and nothing that was chosen is lost.
 * With `line` that line of the order is changed and nothing else can be chosen.
 * Resolves to "back" (to the list of performances), or to what `submit` answered.
 */
export class MemberTicketsPopup extends Component {
    static template = "member_ticketing.MemberTicketsPopup";
    static components = { Dialog };
    static props = {
        order: Object,
        performance: Object,
        load: Function,
        submit: Function,
        canGoBack: { type: Boolean, optional: true },
        line: { type: Object, optional: true },
        getPayload: Function,
        close: Function,
    };
    static defaultProps = { canGoBack: false };

    setup() {
        this.pos = usePos();
        this.order = useState(this.props.order);
        this.state = useState({
            performance: this.props.performance,
            choices: {},
            message: "",
            busy: false,
        });
        useTicketMember(this.state);
        this.addChoices();
        this.prefill();
        let shownFor = this.partner?.id;
        useEffect(
            (partnerId) => {
                if (partnerId !== shownFor) {
                    shownFor = partnerId;
                    this.reload();
                }
            },
            () => [this.partner?.id],
        );
        Object.assign(this, { formatMoment, isForSale, seatsClass, seatsText });
    }

    addChoices() {
        for (const { id } of this.performance.tickets) {
            this.state.choices[id] ??= { quantity: 0, policyId: false, isFree: false, reason: "" };
        }
    }

    /** What the line has that is to be changed. */
    prefill() {
        const { line } = this.props;
        const choice = line && this.choiceOf(line.event_ticket_id);
        if (choice) {
            Object.assign(choice, {
                quantity: line.qty,
                policyId: line.memberTicket.policyId || false,
                isFree: Boolean(line.memberFreeReason),
                reason: line.memberFreeReason,
            });
        }
    }

    get partner() {
        return this.order.partner_id;
    }

    get performance() {
        return this.state.performance;
    }

    get tickets() {
        const { line } = this.props;
        const { tickets } = this.performance;
        return line ? tickets.filter(({ id }) => id === line.event_ticket_id.id) : tickets;
    }

    get when() {
        const { date_begin: begins, slots, slot_id: slotId, tz } = this.performance;
        return formatMoment(slots.find(({ id }) => id === slotId)?.begins_at || begins, tz);
    }

    // === FIGURES === //

    choiceOf(ticket) {
        return this.state.choices[ticket.id];
    }

    /** Policies that it could be sold by instead. */
    otherPolicies(ticket) {
        return ticket.policies.filter(isForSale);
    }

    /** The ticket as it is sold under the policy that was chosen for it. */
    offerOf(ticket) {
        const { policyId } = this.choiceOf(ticket);
        const other = this.otherPolicies(ticket).find(({ id }) => id === policyId);
        return other ? { ...ticket, limit_left: null, ...other, id: ticket.id } : ticket;
    }

    priceOf(ticket) {
        return this.choiceOf(ticket).isFree ? 0 : shownPrice(this.offerOf(ticket), this.pos.config);
    }

    listPriceOf(ticket) {
        return shownListPrice(this.offerOf(ticket), this.pos.config);
    }

    policyLabel(policy) {
        const price = this.env.utils.formatCurrency(shownPrice(policy, this.pos.config));
        return `${policy.policy_name} · ${price}`;
    }

    mostOf(ticket) {
        return mostOf(this.offerOf(ticket), this.props.line?.qty || 0);
    }

    /** Chosen already, it can be taken back; closed, it may still be sold under another policy. */
    canChange(ticket) {
        return Boolean(
            isForSale(this.offerOf(ticket)) ||
            this.choiceOf(ticket).quantity ||
            this.otherPolicies(ticket).length,
        );
    }

    /** What limits this ticket beside its seats; nothing where nothing does. */
    limitText(ticket) {
        const { limit_left: left, order_limit: most } = this.offerOf(ticket);
        if (typeof left === "number") {
            return left > 0 ? _t("%s more for this member", left) : _t("Limit reached");
        }
        return most ? _t("at most %s at a time", most) : "";
    }

    get chosen() {
        return this.tickets.filter((ticket) => this.choiceOf(ticket).quantity > 0);
    }

    get quantity() {
        return this.chosen.reduce((sum, ticket) => sum + this.choiceOf(ticket).quantity, 0);
    }

    get total() {
        return this.chosen.reduce(
            (sum, ticket) => sum + this.choiceOf(ticket).quantity * this.priceOf(ticket),
            0,
        );
    }

    get confirmLabel() {
        if (this.props.line) {
            return this.quantity ? _t("Change") : _t("Take off");
        }
        return this.quantity
            ? _t("Add %(quantity)s · %(total)s", {
                  quantity: this.quantity,
                  total: this.env.utils.formatCurrency(this.total),
              })
            : _t("Add");
    }

    // === CHOOSING === //

    setQuantity(ticket, quantity) {
        const choice = this.choiceOf(ticket);
        choice.quantity = Math.max(Math.min(Math.floor(quantity) || 0, this.mostOf(ticket)), 0);
        this.state.message = "";
    }

    onQuantity(ticket, ev) {
        this.setQuantity(ticket, Number(ev.target.value));
        ev.target.value = this.choiceOf(ticket).quantity;
    }

    onPolicy(ticket, ev) {
        const choice = this.choiceOf(ticket);
        choice.policyId = Number(ev.target.value) || false;
        this.setQuantity(ticket, choice.quantity);
    }

    toggleFree(ticket) {
        const choice = this.choiceOf(ticket);
        choice.isFree = !choice.isFree;
        if (choice.isFree && !choice.quantity) {
            this.setQuantity(ticket, 1);
        }
    }

    chooseMember() {
        return this.pos.chooseMember();
    }

    chooseSlot(slot) {
        return this.reload(slot.id);
    }

    /** Ask again, for another slot or another customer; what was chosen stays as far as it may. */
    async reload(slotId = this.performance.slot_id) {
        const answer = await whileBusy(this.state, () => this.props.load(slotId));
        if (answer.status !== "ok") {
            this.state.message = answer.message;
            return;
        }
        this.state.performance = answer;
        this.addChoices();
        for (const ticket of this.tickets) {
            const choice = this.choiceOf(ticket);
            if (!this.otherPolicies(ticket).some(({ id }) => id === choice.policyId)) {
                choice.policyId = false;
            }
            choice.quantity = Math.max(Math.min(choice.quantity, this.mostOf(ticket)), 0);
        }
    }

    // === CONFIRMING === //

    get needsSlot() {
        return this.performance.is_multi_slots && !this.performance.slot_id;
    }

    get problem() {
        if (this.needsSlot) {
            return _t("Choose a time first.");
        }
        if (!this.quantity && !this.props.line) {
            return _t("How many? Tap + beside a ticket.");
        }
        const withoutReason = this.chosen.find((ticket) => {
            const { isFree, reason } = this.choiceOf(ticket);
            return isFree && !reason.trim();
        });
        return withoutReason
            ? _t("Say why %s is free: whoever counts the tickets reads it.", withoutReason.name)
            : "";
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        this.state.message = this.problem;
        if (this.state.message) {
            return;
        }
        const choices = this.chosen.map((ticket) => {
            const { quantity, policyId, isFree, reason } = this.choiceOf(ticket);
            return { ticket, quantity, policyId, freeReason: isFree ? reason.trim() : false };
        });
        const answer = await whileBusy(this.state, () => this.props.submit(choices, this));
        if (!answer || answer.status === "ok") {
            return answer && this.answer(answer);
        }
        await this.reload();
        this.state.message = answer.message;
    }

    answer(payload) {
        this.props.getPayload(payload);
        this.props.close();
    }
}
