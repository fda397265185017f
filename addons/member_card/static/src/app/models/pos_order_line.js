import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    get isMemberTopUp() {
        return (
            Boolean(this.product_id) && this.product_id.id === this.config._member_topup_product_id
        );
    },

    // room under the member's cap is reserved for exactly this amount
    setQuantity(quantity) {
        if (this.isMemberTopUp && !this.refunded_orderline_id && Number(quantity) !== 1) {
            return {
                title: _t("Top-up"),
                body: _t(
                    "The amount of a top-up cannot be changed here. Cancel it and start again.",
                ),
            };
        }
        return super.setQuantity(...arguments);
    },

    setDiscount(discount) {
        return super.setDiscount(this.isMemberTopUp ? 0 : discount);
    },
});
