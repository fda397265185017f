import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberPerformancesPopup } from "@member_ticketing/app/components/popups/member_performances_popup/member_performances_popup";
import { MemberTicketsPopup } from "@member_ticketing/app/components/popups/member_tickets_popup/member_tickets_popup";
import { describeChanges, timeLeft } from "@member_ticketing/app/utils/member_tickets";
import { askVisitors, setVisitors } from "@member_ticketing/app/utils/member_visitors";

/** Seconds that a hold must last at least when the cashier goes to the payment. */
const ENOUGH = 180;

/**
 * Sells tickets at a till: what is on the order is held by the server, under the line's uuid.
 *
 * A line is made after its seats are held and goes with its hold. What a line shows of its hold
 * (`expires_at`, the policy's name, the price that everybody pays) is in `uiState.memberTickets` of
 * its order, so that it survives a reload of the page.
 */
export class MemberBoxOffice {
    constructor(pos) {
        this.pos = pos;
    }

    get till() {
        return this.pos.memberTill;
    }

    may(right) {
        return (this.pos.config._member_ticket_rights || []).includes(`ticket_${right}`);
    }

    get maySell() {
        return Boolean(this.pos.config.member_is_box_office) && this.may("sell");
    }

    refuse(body) {
        this.pos.dialog.add(AlertDialog, { title: _t("Tickets"), body });
        return false;
    }

    formatCurrency = (amount) => this.pos.env.utils.formatCurrency(amount);

    /** Why no tickets can be sold with this order, or null. */
    problemOf(order) {
        if (!this.maySell) {
            return _t("You have no right to sell tickets. A manager can give it to you.");
        }
        if (this.pos.data.network.offline) {
            return _t(
                "Tickets need a connection to the server: without it nobody knows which seats are left. Other goods can be sold meanwhile.",
            );
        }
        if (order.isMemberTopUp) {
            return _t("A top-up is an order of its own. Finish or cancel it first.");
        }
        if (order.isRefund && !order.uiState.isMemberExchange) {
            return _t("Tickets are given back here. Sell others with the next order.");
        }
        return null;
    }

    // === CHOOSING === //

    /** Let the cashier choose a performance, then its tickets. */
    async open() {
        const order = this.pos.getOrder();
        const problem = this.problemOf(order);
        if (problem) {
            return this.refuse(problem);
        }
        let done = "back";
        while (done === "back") {
            const found = await makeAwaitable(this.pos.dialog, MemberPerformancesPopup, { order });
            done = found && (await this.sell(order, found));
        }
        return Boolean(done);
    }

    async sell(order, { eventId, slotId }) {
        const load = (slot) => this.till.performance(order.partner_id, eventId, slot);
        let performance = await load(slotId);
        if (performance.slots?.length === 1 && !performance.slot_id) {
            performance = await load(performance.slots[0].id);
        }
        if (performance.status !== "ok") {
            return this.refuse(performance.message);
        }
        return makeAwaitable(this.pos.dialog, MemberTicketsPopup, {
            order,
            performance,
            load,
            canGoBack: true,
            submit: (choices, popup) => this.add(order, popup.performance, choices),
        });
    }

    /** Change how many a line has, under which policy, or whether it is free. */
    async edit(line) {
        const order = line.order_id;
        const problem = this.problemOf(order);
        if (problem) {
            return this.refuse(problem);
        }
        const slotId = line.event_slot_id?.id || false;
        const load = () =>
            this.till.performance(order.partner_id, line.event_ticket_id.event_id.id, slotId);
        const performance = await load();
        if (performance.status !== "ok") {
            return this.refuse(performance.message);
        }
        return makeAwaitable(this.pos.dialog, MemberTicketsPopup, {
            order,
            performance,
            load,
            line,
            submit: ([choice]) => (choice ? this.change(line, choice) : this.remove(line)),
        });
    }

    // === HOLDING === //

    /** Ask for the seats of these lines; the server finds an approval by its line. */
    async hold(order, wants, policyNames = {}) {
        const uuids = wants.map(({ uuid }) => uuid);
        await this.releaseAttempt(order, uuids);
        order.uiState.memberSeatsAsked = uuids;
        let answer = await this.till.holdSeats(order, wants);
        while (answer.status === "approval_needed") {
            const want = wants.find(({ uuid }) => uuid === answer.line);
            if (!want || !(await this.approve(want, answer, policyNames[want.uuid]))) {
                return null;
            }
            answer = await this.till.holdSeats(order, wants);
        }
        if (answer.status !== "offline") {
            order.uiState.memberSeatsAsked = null;
        }
        return answer;
    }

    /** Have a supervisor agree to one line; resolves to the token, or null. */
    approve(want, { act, amount = 0 }, policy = "") {
        const ticket = this.pos.models["event.event.ticket"].get(want.ticket_id);
        const { quantity, free_reason: reason } = want;
        const what = { quantity, ticket: ticket.name, reason, policy };
        const text =
            act === "ticket_free"
                ? _t("%(quantity)s × %(ticket)s for nothing: %(reason)s", what)
                : _t("%(quantity)s × %(ticket)s under another policy: %(policy)s", what);
        return this.pos.memberApproval({ act, amount, subject: want.uuid, text });
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

    async add(order, performance, choices) {
        const wants = choices.map(({ ticket, quantity, policyId, freeReason }) => ({
            uuid: uuidv4(),
            ticket_id: ticket.id,
            slot_id: performance.slot_id || false,
            quantity,
            policy_id: policyId,
            free_reason: freeReason,
        }));
        const people = await askVisitors(this.pos, performance.id, wants);
        if (!people) {
            return null;
        }
        const products = choices.map(({ ticket }) => ticket.product_id);
        if (!(await this.loadProducts(products))) {
            return {
                status: "not_sold_here",
                message: _t(
                    "The tickets' product is not sold at this till. Make it available in the point of sale.",
                ),
            };
        }
        const names = Object.fromEntries(
            choices.map((choice, index) => [wants[index].uuid, this.policyName(choice)]),
        );
        const answer = await this.hold(order, wants, names);
        if (answer?.status !== "ok") {
            return answer;
        }
        for (const want of wants) {
            const held = answer.lines.find(({ uuid }) => uuid === want.uuid);
            await this.addLine(order, want, held, people[want.ticket_id] || []);
        }
        return answer;
    }

    policyName({ ticket, policyId }) {
        return ticket.policies.find(({ id }) => id === policyId)?.policy_name;
    }

    async loadProducts(ids) {
        const products = this.pos.models["product.product"];
        const missing = ids.filter((id) => !products.get(id));
        if (missing.length) {
            await this.pos.loadNewProducts([["product_variant_ids", "in", missing]]);
        }
        return ids.every((id) => products.get(id));
    }

    async addLine(order, want, held, people) {
        const { models } = this.pos;
        const ticket = models["event.event.ticket"].get(want.ticket_id);
        const line = await this.pos.addLineToOrder(
            {
                uuid: want.uuid,
                product_id: ticket.product_id,
                product_tmpl_id: ticket.product_id.product_tmpl_id,
                qty: want.quantity,
                price_unit: held.price,
                price_type: "original",
                event_ticket_id: ticket,
                event_slot_id: models["event.slot"].get(want.slot_id),
            },
            order,
            {},
            false,
        );
        this.setHeld(line, want, held);
        setVisitors(line, want.quantity, people);
        return line;
    }

    /** Take over what the server has held for a line. */
    setHeld(line, want, held) {
        line.setUnitPrice(held.price);
        line.member_ticket_why = held.why || "";
        line.member_free_reason = want.free_reason || "";
        const order = line.order_id;
        order.uiState.memberTickets = {
            ...order.uiState.memberTickets,
            [line.uuid]: {
                expiresAt: held.expires_at,
                policyName: held.policy_name || "",
                listPrice: held.list_price,
                policyId: want.policy_id || false,
            },
        };
    }

    // === CHANGING === //

    wantOf(line, values = {}) {
        return {
            uuid: line.uuid,
            ticket_id: line.event_ticket_id.id,
            slot_id: line.event_slot_id?.id || false,
            quantity: line.qty,
            policy_id: line.memberTicket.policyId || false,
            free_reason: line.member_free_reason || false,
            ...values,
        };
    }

    async change(line, { ticket, quantity, policyId, freeReason }) {
        const order = line.order_id;
        const want = this.wantOf(line, {
            quantity,
            policy_id: policyId,
            free_reason: freeReason,
        });
        const added = quantity - line.event_registration_ids.length;
        const people = await askVisitors(
            this.pos,
            line.event_ticket_id.event_id.id,
            added > 0 ? [{ ...want, quantity: added }] : [],
        );
        if (!people) {
            return null;
        }
        const names = { [line.uuid]: this.policyName({ ticket, policyId }) };
        const answer = await this.hold(order, [want], names);
        if (answer?.status !== "ok") {
            return answer;
        }
        setVisitors(line, quantity, people[want.ticket_id]);
        line.setTicketQuantity(quantity);
        this.setHeld(line, want, answer.lines[0]);
        return answer;
    }

    /** Take a line off and give its seats back; without a connection they come back by themselves. */
    async remove(line) {
        const order = line.order_id;
        const answer = await this.till.releaseSeats([line.uuid]);
        if (!["ok", "offline"].includes(answer.status)) {
            return answer;
        }
        if (answer.status === "offline") {
            this.pos.notification.add(
                _t("Without a connection the seats stay reserved for some minutes."),
                { type: "warning" },
            );
        }
        setVisitors(line, 0);
        order.removeOrderline(line);
        return { status: "ok" };
    }

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
        const names = Object.fromEntries(
            lines.map((line) => [line.uuid, line.memberTicket.policyName]),
        );
        const answer = await this.hold(order, wants, names);
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
        if (!answer || answer.status === "ok") {
            return true;
        }
        this.pos.dialog.add(ConfirmationDialog, {
            title: _t("Tickets"),
            body: answer.message,
            confirmLabel: previous ? _t("Keep %s", previous.name) : _t("Sell without a customer"),
            confirm: () => this.restoreCustomer(order, previous),
            cancelLabel: _t("Take the tickets off"),
            cancel: () => this.removeAll(order),
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

    /** Whether the seats are held long enough to pay for them; holds them again where not. */
    async ready(order, seconds = ENOUGH) {
        const { offline } = this.pos.data.network;
        const isShort = order.ticketLines.some(
            ({ memberTicket: { expiresAt } }) =>
                !expiresAt || timeLeft(expiresAt).seconds < seconds,
        );
        if (!isShort || offline) {
            return true;
        }
        const answer = await this.holdAgain(order);
        // without an answer the order is taken as it is: the server holds again when it comes
        return ["ok", "offline"].includes(answer?.status) || this.refuse(answer?.message);
    }
}
