import { patch } from "@web/core/utils/patch";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { formatCurrency } from "@point_of_sale/app/models/utils/currency";

patch(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const { member } = order.uiState;
        const isKnown = member?.status === "ok" && member.partner_id === order.partner_id?.id;
        this.data.member = isKnown && {
            name: order.partner_id.name,
            className: member.class.name,
            balance: formatCurrency(member.available, order.currency),
        };
    },
});
