import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { basketOf, formatPoints } from "@member_loyalty/app/utils/member_points";

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        // again whenever that changes which the rules look at
        useEffect(
            () => {
                this.pos.memberRedeemer.refreshEarnings(this.currentOrder);
            },
            () => [this.earningsDependOn],
        );
    },

    get earningsDependOn() {
        const order = this.currentOrder;
        const paid = order.memberHolds.map((line) => line.amount);
        return JSON.stringify([order.uuid, order.partner_id?.id, basketOf(order), paid]);
    },

    formatPoints,

    get mayEarnPoints() {
        const order = this.currentOrder;
        return Boolean(order.partner_id?.is_member) && !order.isRefund;
    },

    get offersPoints() {
        return this.pos.memberRedeemer.isOfferedFor(this.currentOrder);
    },

    async redeemPoints() {
        this.takeTypedAmount();
        await this.pos.memberRedeemer.open(this.currentOrder);
        this.currentOrder.splitMoneyOff();
        this.numberBuffer.reset();
    },
});
