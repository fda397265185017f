import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import "@pos_event/app/services/pos_store"; // whose methods are patched here: it goes first
import { MemberBoxOffice } from "@member_ticketing/app/utils/member_box_office";
import { MemberTicketDesk } from "@member_ticketing/app/utils/member_ticket_desk";

patch(PosStore.prototype, {
    async setup() {
        this.memberBoxOffice = new MemberBoxOffice(this);
        this.memberTicketDesk = new MemberTicketDesk(this);
        await super.setup(...arguments);
    },

    // the way to the tickets is the list: a tile for each performance would show old seats
    createDummyProductForEvents() {
        if (!this.config.member_is_box_office) {
            super.createDummyProductForEvents(...arguments);
        }
    },

    setPartnerToCurrentOrder() {
        const order = this.getOrder();
        const previous = order.partner_id;
        super.setPartnerToCurrentOrder(...arguments);
        if (order.partner_id?.id !== previous?.id && order.ticketLines.length) {
            this.memberBoxOffice.customerChanged(order, previous);
        }
    },

    async refreshMember(order) {
        const info = await super.refreshMember(...arguments);
        this.memberTicketDesk.refresh(order);
        return info;
    },

    /** Another class may pay other prices for what is on open orders. */
    async reloadMember(partner) {
        await super.reloadMember(...arguments);
        const order = this.getOrder();
        if (order?.partner_id?.id === partner.id && order.ticketLines.length) {
            await this.memberBoxOffice.holdAgain(order);
        }
    },

    get memberSteps() {
        return {
            ...super.memberSteps,
            tickets: (order) => this.memberTicketDesk.open(order),
        };
    },

    async pay() {
        if (await this.memberBoxOffice.ready(this.getOrder())) {
            return super.pay(...arguments);
        }
    },

    async _onBeforeDeleteOrder(order) {
        if (!order.finalized && !(await this.memberBoxOffice.releaseAll(order))) {
            return false;
        }
        return super._onBeforeDeleteOrder(...arguments);
    },
});
