import { onMounted, onWillUnmount } from "@odoo/owl";
import { MemberPinPopup } from "@member_card/app/components/popups/member_pin_popup/member_pin_popup";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

/** Says how many points are taken, for what, and asks for the PIN. */
export class MemberRedeemPinPopup extends MemberPinPopup {
    static template = "member_loyalty.MemberRedeemPinPopup";

    setup() {
        super.setup();
        this.formatPoints = formatPoints;
    }

    showToCustomer(order) {
        if (order) {
            const { memberName: name, offer } = this.props;
            onMounted(() => (order.uiState.memberPointsOffer = { name, ...offer }));
            onWillUnmount(() => (order.uiState.memberPointsOffer = null));
        }
    }
}
