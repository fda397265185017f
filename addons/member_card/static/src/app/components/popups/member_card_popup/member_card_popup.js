import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/**
 * What the cashier may know of the member, and what can be done next.
 *
 * Made of parts (templates `member_card.MemberCardPopup.*`); what is tapped is a step that
 * `PosStore.memberSteps` knows.
 */
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

    get isActive() {
        return this.member.state === "active";
    }

    may(right) {
        return this.pos.memberDesk.may(right);
    }

    /** What can be done with a card now: steps in the order of their buttons. */
    cardSteps({ state }) {
        const isBlocked = ["frozen", "lost"].includes(state);
        return {
            lost: state !== "lost" && state !== "expired" && this.may("card_issue"),
            freeze: state === "issued" && this.may("card_freeze"),
            unfreeze: isBlocked && this.may("card_freeze"),
            replace:
                this.isActive &&
                (this.may("card_replace") || (state === "lost" && this.may("card_issue"))),
        };
    }

    next(step, card) {
        this.props.getPayload({ step, card });
        this.props.close();
    }
}
