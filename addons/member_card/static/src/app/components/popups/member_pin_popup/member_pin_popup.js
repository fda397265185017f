import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useChildRef } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberPinPad } from "@member_card/app/components/member_pin_pad/member_pin_pad";
import { whileBusy } from "@member_card/app/utils/member_popup";
import { isPin } from "@member_card/app/utils/member_wallet";

/** Answers after which the member may simply try again. */
const TRY_AGAIN = ["wrong_pin", "bad_format", "busy", "offline", "pin_needed"];

/** Shows what will be taken and asks for the PIN, unless the offer is small enough to need none. */
export class MemberPinPopup extends Component {
    static template = "member_card.MemberPinPopup";
    static components = { Dialog, MemberPinPad };
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
        this.input = useChildRef();
        this.offer = useRef("offer");
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
        const pin = this.state.asksPin && this.state.pin;
        const answer = await whileBusy(this.state, () => this.props.submit(pin));
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
