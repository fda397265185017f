import { Component, useState } from "@odoo/owl";
import { useForwardRefToParent } from "@web/core/utils/hooks";
import { MemberKeypad } from "@member_card/app/components/member_keypad/member_keypad";
import { takeEnter } from "@member_card/app/utils/member_popup";

/**
 * A masked field for a PIN, the pad that types into it, and what is wrong with what was typed.
 *
 * It has an input of its own and not core's number buffer, which listens to the whole window: a
 * card scanned while that one is open is taken for a PIN and confirmed. A scan into this field is
 * too long for a PIN and goes nowhere. The field has no maximum length for the same reason.
 */
export class MemberPinPad extends Component {
    static template = "member_card.MemberPinPad";
    static components = { MemberKeypad };
    static props = {
        state: Object,
        label: String,
        inputClass: String,
        confirm: Function,
        input: Function,
    };

    setup() {
        this.state = useState(this.props.state);
        useForwardRefToParent("input");
    }

    edit(change) {
        this.state.pin = change(this.state.pin);
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.props.confirm();
        }
    }
}
