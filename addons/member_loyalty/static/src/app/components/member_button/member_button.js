import { patch } from "@web/core/utils/patch";
import { MemberButton } from "@member_card/app/components/member_button/member_button";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(MemberButton.prototype, {
    /** The member's points as the chip shows them; empty while nobody has any. */
    get points() {
        const { available } = this.member?.points || {};
        return available > 0 ? formatPoints(available) : "";
    },

    /** Of these, what runs out within the days of the warning; empty when nothing does. */
    get expiringSoon() {
        const { expiring_soon: points } = this.member?.points || {};
        return points > 0 ? formatPoints(points) : "";
    },

    /** How many coupons the member can use at this till. */
    get couponCount() {
        return this.member?.coupons?.length || 0;
    },

    get hasNotes() {
        return Boolean(this.points || this.couponCount);
    },
});
