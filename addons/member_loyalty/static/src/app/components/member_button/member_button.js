import { patch } from "@web/core/utils/patch";
import { MemberButton } from "@member_card/app/components/member_button/member_button";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(MemberButton.prototype, {
    /** The member's points as the chip shows them; empty while nobody has any. */
    get points() {
        const { available } = this.member?.points || {};
        return available > 0 ? formatPoints(available) : "";
    },
});
