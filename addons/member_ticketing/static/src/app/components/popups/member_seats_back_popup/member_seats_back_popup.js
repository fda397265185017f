import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * Which of the tickets of one line come back, when not all of them do. Resolves to the ids of
 * as many as are refunded; closed without a choice, the server takes the latest first.
 */
export class MemberSeatsBackPopup extends Component {
    static template = "member_ticketing.MemberSeatsBackPopup";
    static components = { Dialog };
    static props = {
        title: String,
        tickets: Array,
        quantity: Number,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ chosen: [] });
    }

    get missing() {
        return this.props.quantity - this.state.chosen.length;
    }

    get confirmLabel() {
        const { missing } = this;
        return missing > 0 ? _t("Choose %s more", missing) : _t("Give back");
    }

    isChosen(ticket) {
        return this.state.chosen.includes(ticket.id);
    }

    /** A tap too many lets go of the ticket that was chosen first. */
    toggle(ticket) {
        const { chosen } = this.state;
        this.state.chosen = this.isChosen(ticket)
            ? chosen.filter((id) => id !== ticket.id)
            : [...chosen, ticket.id].slice(-this.props.quantity);
    }

    confirm() {
        this.props.getPayload(this.state.chosen);
        this.props.close();
    }
}
