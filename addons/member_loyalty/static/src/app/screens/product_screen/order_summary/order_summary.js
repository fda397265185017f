import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(OrderSummary.prototype, {
    formatPoints,

    // taking the line off gives the points back; nothing else can be typed into it
    async updateSelectedOrderline({ key }) {
        const line = this.currentOrder.getSelectedOrderline();
        if (!line?.isMemberRedemption) {
            return super.updateSelectedOrderline(...arguments);
        }
        this.numberBuffer.reset();
        if (["Backspace", "Delete"].includes(key)) {
            return this.pos.memberRedeemer.release(this.currentOrder, line.member_redemption_key);
        }
        this.dialog.add(AlertDialog, line.redemptionIsFixed);
    },

    async onOrderlineLongPress(_ev, line) {
        return line.isMemberRedemption ? false : super.onOrderlineLongPress(...arguments);
    },
});
