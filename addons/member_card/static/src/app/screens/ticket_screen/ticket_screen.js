import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    // a top-up has no goods to count: what is left of it is asked for instead
    async onDoRefund() {
        const order = this.getSelectedOrder();
        return order?.isMemberTopUp ? this.pos.undoTopUp(order) : super.onDoRefund(...arguments);
    },

    getHasItemsToRefund() {
        return this.getSelectedOrder()?.isMemberTopUp || super.getHasItemsToRefund(...arguments);
    },
});
