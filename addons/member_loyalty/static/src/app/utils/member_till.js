import { patch } from "@web/core/utils/patch";
import { MemberTill } from "@member_card/app/utils/member_till";
import { basketOf } from "@member_loyalty/app/utils/member_points";

patch(MemberTill.prototype, {
    /** What the member may take for points now, and why not the rest. */
    rewards(order) {
        return this.ask("member_rewards", order.partner_id.id, order.remainingDue, basketOf(order));
    },

    redeem({ partnerId, rewardId, points, requestKey, orderUuid }, pin = false) {
        return this.ask("member_redeem", partnerId, rewardId, points, requestKey, orderUuid, pin);
    },

    /** Give back what a redemption holds: its points, and its place in the reward's stock. */
    cancelRedemption(requestKey) {
        return this.ask("member_redeem_cancel", requestKey);
    },

    /** How many points this order will earn, and why. */
    pointsPreview(order, paidFromWallet) {
        return this.ask(
            "member_points_preview",
            order.partner_id.id,
            basketOf(order),
            order.totalDue,
            paidFromWallet,
        );
    },
});
