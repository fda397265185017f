import { MemberTopUpPopup } from "@member_card/app/components/popups/member_topup_popup/member_topup_popup";

/** Asks how much of a top-up is paid out; the server has set it aside before the popup closes. */
export class MemberUndoPopup extends MemberTopUpPopup {
    static template = "member_card.MemberUndoPopup";
    static props = {
        memberName: String,
        /** As the server says it: `amount` topped up, `left` of it, `bonus` that came with it. */
        topUp: Object,
        reserve: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        super.setup();
        this.state.text = this.env.utils.formatCurrency(this.props.topUp.left, false);
    }

    // the first key replaces what is proposed
    press(key) {
        if (!this.isTouched) {
            this.isTouched = true;
            this.state.text = "";
        }
        super.press(key);
    }

    get isAll() {
        return this.props.topUp.left === this.props.topUp.amount;
    }
}
