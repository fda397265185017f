import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { whileBusy } from "@member_card/app/utils/member_popup";
import { formatMoment, groupPurchases } from "@member_ticketing/app/utils/member_tickets";

/**
 * What waits for a member: tickets bought elsewhere, each purchase with one button that hands it
 * out and prints it, and reservations that can be paid now. `collect` resolves to what waits then.
 */
export class MemberCollectPopup extends Component {
    static template = "member_ticketing.MemberCollectPopup";
    static components = { Dialog };
    static props = {
        memberName: String,
        waiting: Object,
        collect: Function,
        settle: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ waiting: this.props.waiting, busy: false, message: "" });
        this.formatMoment = formatMoment;
    }

    get purchases() {
        return groupPurchases(this.state.waiting.tickets);
    }

    /** Handed out before: printed once more when the first one is lost. */
    get collected() {
        return groupPurchases(this.state.waiting.collected);
    }

    get allIds() {
        return this.purchases.filter(({ isPaid }) => isPaid).flatMap(({ ids }) => ids);
    }

    async collect(ids, again = false) {
        if (!this.state.busy) {
            const collect = () => this.props.collect(ids, again);
            this.state.waiting = await whileBusy(this.state, collect);
        }
    }

    settle(saleOrderId) {
        this.props.close();
        return this.props.settle(saleOrderId);
    }
}
