import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import "@pos_loyalty/app/models/pos_order"; // whose methods are patched here: it goes first
import { isProgramFor } from "@member_loyalty/app/utils/member_program";

patch(PosOrder.prototype, {
    _programIsApplicable(program) {
        return isProgramFor(program, this.getPartner()) && super._programIsApplicable(program);
    },

    // core asks a coupon's program for its rules, not whether it is applicable
    getClaimableRewards() {
        const partner = this.getPartner();
        return super
            .getClaimableRewards(...arguments)
            .filter(({ reward }) => isProgramFor(reward.program_id, partner));
    },
});
