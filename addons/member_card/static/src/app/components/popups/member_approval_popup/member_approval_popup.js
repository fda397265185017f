import { Component, onMounted, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useChildRef } from "@web/core/utils/hooks";
import { MemberPinPad } from "@member_card/app/components/member_pin_pad/member_pin_pad";
import { whileBusy } from "@member_card/app/utils/member_popup";
import { isPin } from "@member_card/app/utils/member_wallet";

/** A supervisor chooses their name and types their approval PIN; the server decides. */
export class MemberApprovalPopup extends Component {
    static template = "member_card.MemberApprovalPopup";
    static components = { Dialog, MemberPinPad };
    static props = {
        text: String,
        approvers: Array,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        const { approvers } = this.props;
        this.state = useState({
            approverId: approvers.length === 1 ? approvers[0].id : null,
            pin: "",
            message: "",
            busy: false,
        });
        this.input = useChildRef();
        onMounted(() => this.input.el.focus());
    }

    choose(approver) {
        this.state.approverId = approver.id;
        this.state.message = "";
        this.input.el.focus();
    }

    tryAgain(message) {
        this.state.message = message;
        this.state.pin = "";
        this.input.el.focus();
    }

    async confirm() {
        const { approverId, pin, busy } = this.state;
        if (busy) {
            return;
        }
        if (!approverId) {
            this.state.message = _t("Who approves? Choose a name.");
            return;
        }
        if (!isPin(pin)) {
            return this.tryAgain(_t("A PIN has 4 to 6 digits."));
        }
        const answer = await whileBusy(this.state, () => this.props.submit(approverId, pin));
        if (answer.status !== "ok") {
            return this.tryAgain(answer.message);
        }
        this.props.getPayload(answer.token);
        this.props.close();
    }
}
