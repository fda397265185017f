import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import {
    BACKSPACE,
    DECIMAL,
    ZERO,
    Numpad,
    getButtons,
} from "@point_of_sale/app/components/numpad/numpad";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { takeEnter, whileBusy } from "@member_card/app/utils/member_popup";

const USUAL_AMOUNTS = [100, 200, 500, 1000];

/** Asks how much; the server has reserved the room for it before the popup closes. */
export class MemberTopUpPopup extends Component {
    static template = "member_card.MemberTopUpPopup";
    static components = { Dialog, Numpad };
    static props = {
        memberName: String,
        available: [Number, { value: null }],
        reserve: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.usualAmounts = USUAL_AMOUNTS;
        this.state = useState({ text: "", message: "", room: 0, busy: false });
        this.input = useRef("amount");
        this.buttons = getButtons([DECIMAL, ZERO, BACKSPACE]);
        onMounted(() => this.input.el.focus());
    }

    /** The amount typed, or 0 when that is not an amount of this currency. */
    get amount() {
        const { currency } = this.pos;
        const amount = this.env.utils.parseValidFloat(this.state.text.trim());
        const isExact = currency.isZero(amount - currency.round(amount));
        return isExact && currency.isPositive(amount) ? currency.round(amount) : 0;
    }

    press(key) {
        if (key === BACKSPACE.value) {
            this.state.text = this.state.text.slice(0, -1);
        } else {
            this.state.text += key;
        }
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.confirm(this.amount);
        }
    }

    async confirm(amount) {
        if (this.state.busy) {
            return;
        }
        if (!amount) {
            this.state.message = _t("Enter an amount greater than zero.");
            this.input.el.focus();
            return;
        }
        this.state.room = 0;
        const answer = await whileBusy(this.state, () => this.props.reserve(amount));
        if (answer.status === "ok") {
            this.props.getPayload(amount);
            this.props.close();
            return;
        }
        this.state.message = answer.message;
        this.state.room = answer.room || 0;
    }
}
