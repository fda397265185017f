import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import {
    BACKSPACE,
    EMPTY,
    ZERO,
    Numpad,
    getButtons,
} from "@point_of_sale/app/components/numpad/numpad";
import { isPin } from "@member_card/app/utils/member_wallet";

/**
 * A supervisor chooses their name and types their approval PIN; the server decides.
 *
 * The field is an input of its own for the reasons that MemberPinPopup gives.
 */
export class MemberApprovalPopup extends Component {
    static template = "member_card.MemberApprovalPopup";
    static components = { Dialog, Numpad };
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
        this.input = useRef("pin");
        this.buttons = getButtons([EMPTY, ZERO, BACKSPACE]);
        onMounted(() => this.input.el.focus());
    }

    choose(approver) {
        this.state.approverId = approver.id;
        this.state.message = "";
        this.input.el.focus();
    }

    press(key) {
        if (key === BACKSPACE.value) {
            this.state.pin = this.state.pin.slice(0, -1);
        } else if (/^\d$/.test(key)) {
            this.state.pin += key;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
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
        this.state.busy = true;
        this.state.message = "";
        let answer;
        try {
            answer = await this.props.submit(approverId, pin);
        } finally {
            this.state.busy = false;
        }
        if (answer.status !== "ok") {
            return this.tryAgain(answer.message);
        }
        this.props.getPayload(answer.token);
        this.props.close();
    }
}
