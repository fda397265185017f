import { Component } from "@odoo/owl";
import {
    BACKSPACE,
    EMPTY,
    ZERO,
    Numpad,
    getButtons,
} from "@point_of_sale/app/components/numpad/numpad";

/**
 * Digits and a backspace for the field beside it, which keeps the focus.
 *
 * `edit` is given what a key does to a text.
 */
export class MemberKeypad extends Component {
    static template = "member_card.MemberKeypad";
    static components = { Numpad };
    static props = { edit: Function };

    setup() {
        this.buttons = getButtons([EMPTY, ZERO, BACKSPACE]);
    }

    press(key) {
        if (key === BACKSPACE.value) {
            this.props.edit((text) => text.slice(0, -1));
        } else if (/^\d$/.test(key)) {
            this.props.edit((text) => text + key);
        }
    }
}
