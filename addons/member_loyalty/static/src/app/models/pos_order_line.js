import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

/** A line that points pay for is what the server holds: neither it nor its key changes here. */
patch(PosOrderline.prototype, {
    /** Points are held for this line; removing it means giving them back. */
    get isMemberRedemption() {
        return Boolean(this.member_redemption_key) && !this.refunded_orderline_id;
    },

    /** Whether this is the line, or its refund, that took money off for points. */
    get isMoneyOff() {
        return (
            Boolean(this.product_id) &&
            this.product_id.id === this.config._member_points_discount_product_id
        );
    },

    setQuantity(quantity) {
        if (this.isMemberRedemption && Number(quantity) !== this.qty) {
            return this.redemptionIsFixed;
        }
        return super.setQuantity(...arguments);
    },

    get redemptionIsFixed() {
        return {
            title: _t("Points"),
            body: _t(
                "What points pay for cannot be changed. Take the line off with ⌫ and redeem again.",
            ),
        };
    },

    setDiscount(discount) {
        return super.setDiscount(this.isMemberRedemption ? 0 : discount);
    },

    setUnitPrice() {
        return this.isMemberRedemption ? undefined : super.setUnitPrice(...arguments);
    },

    canBeMergedWith(line) {
        return (
            !this.member_redemption_key &&
            !line.member_redemption_key &&
            super.canBeMergedWith(...arguments)
        );
    },

    /** What the cashier reads under the line: how many points it costs. */
    get memberPointsCost() {
        return this.isMemberRedemption
            ? this.order_id.uiState.memberRedemptions?.[this.member_redemption_key]?.points || 0
            : 0;
    },
});
