import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    /** Lines that sell seats; what gives them back is not among them. */
    get ticketLines() {
        return this.lines.filter((line) => line.isMemberTicket);
    },

    /** What this order gives back, as the server asks for it: the seats are its own to sell again. */
    get seatsBack() {
        return this.lines
            .filter((line) => line.refunded_orderline_id && Number.isInteger(line.qty))
            .map((line) => ({
                line_uuid: line.refunded_orderline_id.uuid,
                quantity: Math.max(-line.qty, 0),
                ids: (line.member_seats_back || "").split(",").filter(Boolean).map(Number),
            }));
    },

    get ticketQuantity() {
        return this.ticketLines.reduce((sum, line) => sum + line.qty, 0);
    },

    /** How much the member's wallet lacks for this order, 0 if it is enough or not known. */
    get memberWalletShort() {
        const { member } = this.uiState;
        const isKnown = member?.status === "ok" && member.partner_id === this.partner_id?.id;
        if (!isKnown || !member.available || !this.ticketLines.length) {
            return 0;
        }
        return Math.max(this.currency.round(this.totalDue - member.available), 0);
    },

    /** Whether the member's wallet can pay for all of it, nothing being paid yet. */
    get canWalletPayTickets() {
        const { member } = this.uiState;
        return Boolean(
            this.ticketLines.length &&
            !this.payment_ids.length &&
            this.currency.isPositive(this.totalDue) &&
            member?.status === "ok" &&
            member.partner_id === this.partner_id?.id &&
            !this.currency.isPositive(this.totalDue - member.available),
        );
    },
});
