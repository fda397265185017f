import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** The member's last entries, each with its slip, and the slip of all with the balance. */
export class MemberHistoryPopup extends Component {
    static template = "member_card.MemberHistoryPopup";
    static components = { Dialog };
    static props = {
        memberName: String,
        figures: Array,
        entries: Array,
        printAll: Function,
        printEntry: Function,
        close: Function,
    };
}
