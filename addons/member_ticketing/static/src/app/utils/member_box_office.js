import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberPerformancesPopup } from "@member_ticketing/app/components/popups/member_performances_popup/member_performances_popup";
import { MemberTicketsPopup } from "@member_ticketing/app/components/popups/member_tickets_popup/member_tickets_popup";
import { MemberSeatHolds } from "@member_ticketing/app/utils/member_seat_holds";
import { askVisitors, setVisitors } from "@member_ticketing/app/utils/member_visitors";

/**
 * Sells tickets at a till: what is on the order is held by the server, under the line's uuid.
 *
 * A line is made after its seats are held and goes with its hold.
 */
export class MemberBoxOffice extends MemberSeatHolds {
    may(right) {
        return (this.pos.config._member_ticket_rights || []).includes(`ticket_${right}`);
    }

    get maySell() {
        return Boolean(this.pos.config.member_is_box_office) && this.may("sell");
    }

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
        const load = (slot) => this.till.performance(order, eventId, slot);
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
        if (!line.memberTicket.expiresAt) {
            // another till has sold it: what it is sold by comes with the answer
            await this.holdAgain(order);
        }
        const slotId = line.event_slot_id?.id || false;
        const load = () => this.till.performance(order, line.event_ticket_id.event_id.id, slotId);
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

    // === ADDING === //

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
        const answer = await this.hold(order, wants);
        if (answer?.status !== "ok") {
            return answer;
        }
        for (const want of wants) {
            const held = answer.lines.find(({ uuid }) => uuid === want.uuid);
            await this.addLine(order, want, held, people[want.ticket_id] || []);
        }
        return answer;
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

    // === CHANGING === //

    async change(line, { quantity, policyId, freeReason }) {
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
        const answer = await this.hold(order, [want]);
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
}
