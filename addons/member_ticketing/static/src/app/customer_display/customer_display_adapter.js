import { patch } from "@web/core/utils/patch";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";

patch(CustomerDisplayPosAdapter.prototype, {
    getOrderlineData(line) {
        const isTicket = line.isMemberTicket;
        return {
            ...super.getOrderlineData(...arguments),
            memberPerformance: isTicket && {
                when: line.memberPerformanceTime,
                isFree: Boolean(line.memberFreeReason),
            },
        };
    },
});
