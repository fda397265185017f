import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { MemberKeypad } from "@member_card/app/components/member_keypad/member_keypad";
import { takeEnter, whileBusy } from "@member_card/app/utils/member_popup";
import { isPin } from "@member_card/app/utils/member_wallet";

/** The field that a refusal is about. */
const REFUSED_FIELD = { wrong_pin: "old", trivial: "pin", bad_format: "pin" };

/**
 * The member types a PIN twice, after the old one where there is one and it is known.
 *
 * Inputs of its own for the reasons that MemberPinPad gives. Resolves to "forgotten" when the
 * old one is not known, which is a supervisor's matter.
 */
export class MemberPinChangePopup extends Component {
    static template = "member_card.MemberPinChangePopup";
    static components = { Dialog, MemberKeypad };
    static props = {
        title: String,
        memberName: String,
        asksOld: Boolean,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.fields = this.props.asksOld ? ["old", "pin", "again"] : ["pin", "again"];
        this.state = useState({ old: "", pin: "", again: "", message: "", busy: false });
        this.focused = this.fields[0];
        this.form = useRef("form");
        this.labels = { old: _t("Present PIN"), pin: _t("New PIN"), again: _t("New PIN again") };
        onMounted(() => this.goTo(this.focused));
    }

    goTo(name) {
        this.form.el?.querySelector(`[name="${name}"]`).focus();
    }

    onFocus(name) {
        this.focused = name;
    }

    edit(change) {
        this.state[this.focused] = change(this.state[this.focused]);
    }

    onKeydown(name, ev) {
        if (takeEnter(ev)) {
            this.onEnter(name);
        }
    }

    /** Go on to the next field, or do it after the last; a scan is no PIN and goes nowhere. */
    onEnter(name) {
        if (!isPin(this.state[name])) {
            return this.tryAgain(_t("A PIN has 4 to 6 digits."), name);
        }
        this.state.message = "";
        const next = this.fields[this.fields.indexOf(name) + 1];
        return next ? this.goTo(next) : this.confirm();
    }

    tryAgain(message, name) {
        this.state.message = message;
        this.state[name] = "";
        if (name === "pin") {
            this.state.again = "";
        }
        this.goTo(name);
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        const wrong = this.fields.find((name) => !isPin(this.state[name]));
        if (wrong) {
            return this.tryAgain(_t("A PIN has 4 to 6 digits."), wrong);
        }
        if (this.state.pin !== this.state.again) {
            return this.tryAgain(_t("The two PINs differ. Type the same PIN twice."), "again");
        }
        const { pin, old } = this.state;
        const answer = await whileBusy(this.state, () => this.props.submit(pin, old));
        const refused = REFUSED_FIELD[answer.status];
        if (refused) {
            return this.tryAgain(answer.message, refused);
        }
        if (["busy", "offline"].includes(answer.status)) {
            // the same again: nothing that was typed is lost
            this.state.message = answer.message;
            return;
        }
        this.props.getPayload(answer);
        this.props.close();
    }

    forgotten() {
        this.props.getPayload("forgotten");
        this.props.close();
    }
}
