import { patch } from "@web/core/utils/patch";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { MemberCardPopup } from "@member_card/app/components/popups/member_card_popup/member_card_popup";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(MemberCardPopup.prototype, {
    get points() {
        return this.member.points;
    },

    get coupons() {
        return this.member.coupons || [];
    },

    get canRedeem() {
        return this.hasFigures && this.pos.memberRedeemer.isOfferedFor(this.props.order);
    },

    formatPoints,

    formatDay(date) {
        return formatDate(deserializeDate(date));
    },
});
