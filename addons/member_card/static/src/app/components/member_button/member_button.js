import { Component, useEffect } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** Finds a member; once the order has one, a chip with class and balance that opens the card. */
export class MemberButton extends Component {
    static template = "member_card.MemberButton";
    static props = {
        class: { type: String, optional: true },
        isCompact: { type: Boolean, optional: true },
    };
    static defaultProps = { class: "", isCompact: false };

    setup() {
        this.pos = usePos();
        // also after a reload, or when the customer was chosen in another way
        useEffect(
            () => {
                this.pos.refreshMember(this.order);
            },
            () => [this.order?.uuid, this.order?.partner_id?.id],
        );
    }

    get order() {
        return this.pos.getOrder();
    }

    get isMember() {
        return Boolean(this.order?.partner_id?.is_member);
    }

    /** The member's figures, once they are known for the customer of this order. */
    get member() {
        const member = this.order.uiState.member;
        return member?.partner_id === this.order.partner_id.id ? member : null;
    }

    onClick() {
        return this.isMember ? this.pos.showMember() : this.pos.chooseMember();
    }
}
