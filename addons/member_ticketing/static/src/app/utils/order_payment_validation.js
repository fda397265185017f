import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    // whoever pays slowly keeps the seats as long as there are some
    async isOrderValid() {
        return (
            (await this.pos.memberBoxOffice.ready(this.order, 1)) &&
            super.isOrderValid(...arguments)
        );
    },

    async afterOrderValidation() {
        await super.afterOrderValidation(...arguments);
        const { order, pos } = this;
        if (pos.config.iface_print_auto && order.ticketLines.length && order.isSynced) {
            await pos.memberTicketDesk.printOrder(order);
        }
    },
});
