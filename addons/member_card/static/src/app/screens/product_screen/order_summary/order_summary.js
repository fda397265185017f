import { patch } from "@web/core/utils/patch";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";

patch(OrderSummary.prototype, {
    async setLinePrice(line, price) {
        if (line.isMemberTopUp || (await this.pos.memberApprovesPrice(line, price))) {
            return super.setLinePrice(...arguments);
        }
    },
});
