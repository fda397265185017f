import { patch } from "@web/core/utils/patch";
import { MemberCardPopup } from "@member_card/app/components/popups/member_card_popup/member_card_popup";

patch(MemberCardPopup.prototype, {
    /** What waits for the member at the box office, in one sentence. */
    get waitingTickets() {
        return this.pos.memberTicketDesk.waitingFor(this.props.order)?.summary || "";
    },
});
