import { patch } from "@web/core/utils/patch";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import "@pos_event/app/models/pos_order_line"; // whose methods are patched here: it goes first
import { formatMoment } from "@member_ticketing/app/utils/member_tickets";

/** A line that sells seats: the server holds them, and its policy makes the price. */
patch(PosOrderline.prototype, {
    get isMemberTicket() {
        return Boolean(
            this.config.member_is_box_office && this.event_ticket_id && !this.refunded_orderline_id,
        );
    },

    /** Named by its ticket: the product is the same for many performances. */
    setFullProductName() {
        const ticket = this.soldTicket;
        if (!ticket?.name) {
            return super.setFullProductName();
        }
        this.full_product_name = [ticket.name, ticket.event_id?.name].filter(Boolean).join(", ");
    },

    /** The ticket that this line sells, or gives back. */
    get soldTicket() {
        return (
            this.config.member_is_box_office &&
            (this.event_ticket_id || this.refunded_orderline_id?.event_ticket_id)
        );
    },

    /** Whether this line refunds tickets; those of a reservation are on its sale order. */
    get isMemberTicketBack() {
        const { product_id: product } = this.refunded_orderline_id || {};
        const isReserved =
            this.config.member_is_box_office && product?.service_tracking === "event";
        return Boolean(product && (this.soldTicket || isReserved));
    },

    /** While it is sold the performance stands below; a paid line says all of it. */
    get orderDisplayProductName() {
        const names = super.orderDisplayProductName;
        const ticket = this.soldTicket;
        const reserved = this.product_id?.service_tracking === "event" && this.sale_order_line_id;
        if (reserved?.name) {
            return { ...names, name: reserved.name.split("\n").join(", ") };
        }
        if (!ticket?.name) {
            return names;
        }
        const isWhole = !this.isMemberTicket || this.order_id?.finalized;
        return { ...names, name: isWhole ? this.full_product_name : ticket.name };
    },

    /** What is known of its hold: `{expiresAt, policyId, policyName, listPrice, freeReason}`. */
    get memberTicket() {
        return this.order_id?.uiState.memberTickets?.[this.uuid] || {};
    },

    /** Why it is given away; the server writes it on the line once the order is paid. */
    get memberFreeReason() {
        return this.member_free_reason || this.memberTicket.freeReason || "";
    },

    /** Day and time of the slot, or of the performance. */
    get memberPerformanceTime() {
        const event = this.event_ticket_id?.event_id;
        const start = this.event_slot_id?.start_datetime || event?.date_begin;
        return start ? formatMoment(serializeDateTime(start), event.date_tz) : "";
    },

    /** The seats change by `MemberBoxOffice.change` only, once the server holds them. */
    setTicketQuantity(quantity) {
        this.qty = quantity;
    },

    get ticketIsFixed() {
        return {
            title: _t("Tickets"),
            body: _t(
                "The price of a ticket comes from its sales policy. Hold the line to choose another policy, or to give it for free.",
            ),
        };
    },

    canBeMergedWith(line) {
        return (
            !this.event_ticket_id && !line.event_ticket_id && super.canBeMergedWith(...arguments)
        );
    },

    get memberPublicPrice() {
        if (!this.isMemberTicket) {
            return super.memberPublicPrice;
        }
        const { listPrice } = this.memberTicket;
        if (!listPrice || !this.price_unit || listPrice <= this.price_unit) {
            return null;
        }
        const own = this.displayPriceUnitNoDiscount;
        return this.currency.round(own * (listPrice / this.price_unit));
    },
});
