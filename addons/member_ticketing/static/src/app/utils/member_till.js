import { patch } from "@web/core/utils/patch";
import { MemberTill } from "@member_card/app/utils/member_till";

patch(MemberTill.prototype, {
    /** A page of performances with seats left and what the order's customer pays at least. */
    performances(order, { from, to, query = "", limit, offset = 0 }) {
        return this.ask(
            "member_performances",
            order.partner_id?.id || false,
            from,
            to,
            query,
            limit,
            offset,
            order.uuid,
            order.seatsBack,
        );
    },

    /** One performance with its tickets as the customer gets them; its records are loaded. */
    async performance(order, eventId, slotId = false) {
        const answer = await this.ask(
            "member_performance",
            eventId,
            slotId,
            order.partner_id?.id || false,
            order.uuid,
            order.seatsBack,
        );
        if (answer.status !== "ok") {
            return answer;
        }
        const { performance, tickets } = answer;
        const { models } = this.pos;
        const isKnown =
            models["event.event"].get(performance.id) &&
            tickets.every(({ id }) => models["event.event.ticket"].get(id)) &&
            performance.slots.every(({ id }) => models["event.slot"].get(id));
        const loaded = isKnown ? answer : await this.loadPerformance(eventId);
        return loaded.status === "ok" ? { ...performance, ...answer } : loaded;
    },

    /** Load a performance with its tickets, slots and questions: a till opens with none. */
    async loadPerformance(eventId) {
        const answer = await this.ask("member_performance_records", eventId);
        if (answer.status === "ok") {
            const { models, data } = this.pos;
            models.connectNewData(answer.records);
            data.synchronizeServerDataInIndexedDB(answer.records);
        }
        return answer;
    },

    /** Hold the seats of these lines, all or none, in the place of what they held before. */
    holdSeats(order, lines) {
        return this.ask(
            "member_seats_hold",
            order.uuid,
            lines,
            order.partner_id?.id || false,
            order.seatsBack,
        );
    },

    releaseSeats(lineUuids) {
        return this.ask("member_seats_release", lineUuids);
    },

    /** What a member has bought and not collected, and what is reserved for them. */
    ticketsOf(partner) {
        return this.ask("member_tickets_of", partner.id);
    },

    /** Hand tickets out; `again` for those that were handed out before. */
    collectTickets(registrationIds, again = false) {
        return this.ask("member_tickets_collect", registrationIds, again);
    },

    /** The tickets of a paid order that can be given back. */
    seatsSold(order) {
        return this.ask("member_seats_sold", order.uuid);
    },

    /** The tickets of a paid order as they are printed. */
    ticketSlips(order) {
        return this.ask("member_ticket_slips", order.uuid);
    },
});
