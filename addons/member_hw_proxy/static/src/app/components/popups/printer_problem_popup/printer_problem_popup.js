import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** Why a receipt was not printed, and what can be done; the sale is over either way. */
export class PrinterProblemPopup extends Component {
    static template = "member_hw_proxy.PrinterProblemPopup";
    static components = { Dialog };
    static props = {
        title: String,
        body: String,
        retry: Function,
        later: Function,
        printWeb: Function,
        close: Function,
    };

    choose(act) {
        this.props.close();
        this.props[act]();
    }
}
