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

    /** Takes money off the whole order, as core's order discounts do. */
    get isMemberOrderDiscount() {
        return (
            !this.refunded_orderline_id &&
            !this.is_reward_line &&
            this.product_id?.lst_price <= 0 &&
            this.qty > 0 &&
            this.priceIncl < 0
        );
    },

    /** What a supervisor has agreed to, by act, for as many units as there are now. */
    get memberApproved() {
        const quantity = Math.abs(this.getQuantity());
        return Object.fromEntries(
            Object.entries(this.uiState.memberApproved || {})
                .filter(([, approved]) => quantity <= approved.quantity)
                .map(([act, { amount }]) => [act, amount]),
        );
    },

    setMemberApproved(act, amount) {
        const quantity = Math.abs(this.getQuantity());
        this.uiState.memberApproved = {
            ...this.uiState.memberApproved,
            [act]: { amount, quantity },
        };
    },

    /** What everybody pays for one unit as it is displayed, or null unless it is more. */
    get memberPublicPrice() {
        const pricelist = this.order_id.memberPricelist;
        const isOwn = pricelist && this.order_id.pricelist_id?.id === pricelist.id;
        if (!isOwn || this.price_type !== "original" || this.combo_parent_id || !this.price_unit) {
            return null;
        }
        const publicPrice = this.product_id.getPrice(
            this.config.pricelist_id,
            this.getQuantity(),
            this.getPriceExtra(),
            false,
            this.product_id,
        );
        // taxes apply to both; a discount by hand is shown on a line of its own
        const own = this.displayPriceUnitNoDiscount;
        const displayed = this.currency.round(own * (publicPrice / this.price_unit));
        return displayed > own ? displayed : null;
    },
});
