import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** What the cashier may know of the member, and what can be done next. */
export class MemberCardPopup extends Component {
    static template = "member_card.MemberCardPopup";
    static components = { Dialog };
    static props = { order: Object, canTopUp: Boolean, getPayload: Function, close: Function };

    setup() {
        this.pos = usePos();
    }

    get member() {
        return this.props.order.uiState.member;
    }

    /** Figures are there only when the server gave them just now. */
    get hasFigures() {
        return this.member?.status === "ok";
    }

    next(step) {
        this.props.getPayload(step);
        this.props.close();
    }
}
