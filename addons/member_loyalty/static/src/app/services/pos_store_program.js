import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import "@pos_loyalty/app/services/pos_store"; // whose methods are patched here: it goes first
import { isProgramFor } from "@member_loyalty/app/utils/member_program";

/** Promotions and coupons for members come and go with the member of the order. */
patch(PosStore.prototype, {
    setPartnerToCurrentOrder() {
        super.setPartnerToCurrentOrder(...arguments);
        this.updateRewards();
    },

    async reloadMember() {
        await super.reloadMember(...arguments);
        this.updateRewards();
    },

    async _updatePrograms() {
        const order = this.getOrder();
        const lost = order?._code_activated_coupon_ids.filter(
            (coupon) => !isProgramFor(coupon.program_id, order.getPartner()),
        );
        if (lost?.length) {
            order._code_activated_coupon_ids = [["unlink", ...lost]];
        }
        return super._updatePrograms(...arguments);
    },

    async activateCode(code) {
        const rule = this.models["loyalty.rule"].find(
            (each) =>
                each.mode === "with_code" && (each.promo_barcode === code || each.code === code),
        );
        if (rule && !isProgramFor(rule.program_id, this.getOrder().getPartner())) {
            return rule.program_id.member_condition;
        }
        return super.activateCode(...arguments);
    },
});
