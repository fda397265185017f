import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { MemberRedeemer } from "@member_loyalty/app/utils/member_redeemer";

patch(PosStore.prototype, {
    async setup() {
        this.memberRedeemer = new MemberRedeemer(this);
        await super.setup(...arguments);
    },

    get memberSteps() {
        return {
            ...super.memberSteps,
            redeem: (order) => this.memberRedeemer.open(order),
            coupon: (_order, { card: coupon }) => this.useMemberCoupon(coupon),
        };
    },

    /** Use one of the member's own coupons, as if its code had been scanned. */
    async useMemberCoupon({ code, program }) {
        const result = await this.activateCode(code);
        if (result === true) {
            this.notification.add(_t("%s is used with this order.", program), { type: "success" });
        } else {
            this.notification.add(result, { type: "danger" });
        }
    },

    // goods may have changed since the points were redeemed: their taxes decide the split
    async pay() {
        this.getOrder().splitMoneyOff();
        return super.pay(...arguments);
    },

    async _onBeforeDeleteOrder(order) {
        return (
            (await this.memberRedeemer.releaseAll(order)) &&
            super._onBeforeDeleteOrder(...arguments)
        );
    },
});
