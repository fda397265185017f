import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import "@pos_event/app/models/pos_order_line"; // whose methods are patched here: it goes first
import { formatMoment } from "@member_ticketing/app/utils/member_tickets";

const { DateTime } = luxon;

/** A line that sells seats: the server holds them, and its policy makes the price. */
patch(PosOrderline.prototype, {
    get isMemberTicket() {
        return Boolean(this.event_ticket_id) && !this.refunded_orderline_id;
    },

    /** Named by its ticket: the product is the same for many performances. */
    setFullProductName() {
        const ticket = this.event_ticket_id;
        if (!ticket?.name) {
            return super.setFullProductName();
        }
        this.full_product_name = [ticket.name, ticket.event_id?.name].filter(Boolean).join(", ");
    },

    get orderDisplayProductName() {
        const names = super.orderDisplayProductName;
        const { name } = this.event_ticket_id || {};
        return name ? { ...names, name } : names;
    },

    /** What is known of its hold: `{expiresAt, policyId, policyName, listPrice}`. */
    get memberTicket() {
        return this.order_id?.uiState.memberTickets?.[this.uuid] || {};
    },

    /** Day and time of the slot, or of the performance. */
    get memberPerformanceTime() {
        const start =
            this.event_slot_id?.start_datetime || this.event_ticket_id?.event_id?.date_begin;
        if (!start) {
            return "";
        }
        return formatMoment(
            DateTime.isDateTime(start) ? start.toUTC().toFormat("yyyy-MM-dd HH:mm:ss") : start,
        );
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
