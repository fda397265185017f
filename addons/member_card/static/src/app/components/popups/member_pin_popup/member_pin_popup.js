import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import {
    BACKSPACE,
    EMPTY,
    ZERO,
    Numpad,
    getButtons,
} from "@point_of_sale/app/components/numpad/numpad";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { isPin } from "@member_card/app/utils/member_wallet";

/** Answers after which the member may simply try again. */
const TRY_AGAIN = ["wrong_pin", "bad_format", "busy", "offline", "pin_needed"];

/**
 * Shows what will be taken and asks for the PIN, unless the offer is small enough to need none.
 *
 * It has an input of its own and not core's number buffer, which listens to the whole window: a
 * card scanned while that one is open is taken for a PIN and confirmed. A scan into this field is
 * too long for a PIN and goes nowhere. The field has no maximum length for the same reason.
 */
export class MemberPinPopup extends Component {
    static template = "member_card.MemberPinPopup";
    static components = { Dialog, Numpad };
    static props = {
        memberName: String,
        offer: Object,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        const asksPin = !this.props.offer.isPinless;
        this.state = useState({ pin: "", message: "", busy: false, asksPin });
        this.input = useRef("pin");
        this.offer = useRef("offer");
        this.buttons = getButtons([EMPTY, ZERO, BACKSPACE]);
        // never a button: the Enter of a scanner would press it
        useEffect(
            () => (this.input.el || this.offer.el).focus(),
            () => [this.state.asksPin],
        );
        this.showToCustomer(usePos().getOrder());
    }

    /** While the member is asked, the customer display says what it is for. */
    showToCustomer(order) {
        if (order) {
            const { memberName: name, offer } = this.props;
            onMounted(() => (order.uiState.memberOffer = { name, ...offer }));
            onWillUnmount(() => (order.uiState.memberOffer = null));
        }
    }

    get shortMessage() {
        const { available, short } = this.props.offer;
        return _t("Balance %(available)s, %(short)s short: the rest is paid in cash or by card.", {
            available: this.env.utils.formatCurrency(available),
            short: this.env.utils.formatCurrency(short),
        });
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
            // neither dialog nor screen may see the Enter of a scanner
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
    }

    tryAgain(message, { keepPin = false } = {}) {
        this.state.message = message;
        if (!keepPin) {
            this.state.pin = "";
        }
        this.input.el?.focus();
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        if (this.state.asksPin && !isPin(this.state.pin)) {
            return this.tryAgain(_t("A PIN has 4 to 6 digits."));
        }
        this.state.busy = true;
        this.state.message = "";
        let answer;
        try {
            answer = await this.props.submit(this.state.asksPin && this.state.pin);
        } finally {
            this.state.busy = false;
        }
        this.state.asksPin ||= answer.status === "pin_needed";
        if (TRY_AGAIN.includes(answer.status)) {
            return this.tryAgain(answer.message, {
                keepPin: ["busy", "offline"].includes(answer.status),
            });
        }
        this.props.getPayload(answer);
        this.props.close();
    }
}
