import { Component, onMounted, status, useRef, useState } from "@odoo/owl";
import { joinPrefill } from "@member_card/app/utils/member_join";
import { useMemberRead } from "@member_card/app/hooks/member_read_hook";
import { takeEnter, whileBusy } from "@member_card/app/utils/member_popup";
import { Dialog } from "@web/core/dialog/dialog";

/** One field for card, member number, phone or name; a list when several members match. */
export class MemberLookupPopup extends Component {
    static template = "member_card.MemberLookupPopup";
    static components = { Dialog };
    static props = {
        lookup: Function,
        canJoin: { type: Boolean, optional: true },
        customer: { type: [Object, { value: null }], optional: true },
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ query: "", message: "", matches: [], busy: false });
        this.input = useRef("input");
        onMounted(() => this.input.el.focus());
        useMemberRead((answer) => this.show(answer));
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.search();
        }
    }

    async search() {
        const query = this.state.query.trim();
        if (!query || this.state.busy) {
            this.input.el.focus();
            return;
        }
        this.show(await whileBusy(this.state, () => this.props.lookup(query)));
    }

    /** Take the one member that was found; else say why not, or whom there is to choose from. */
    show({ matches = [], message = "", number }) {
        if (status(this) === "destroyed") {
            return;
        }
        // a card that nobody has: who joins now may get it
        this.state.query = number || this.state.query;
        if (matches.length === 1) {
            return this.choose(matches[0]);
        }
        this.state.matches = matches;
        this.state.message = message;
        this.input.el.select();
    }

    /** Somebody new, with what was looked for as a beginning. */
    join() {
        this.choose({ join: joinPrefill(this.state.query) });
    }

    /** The order's customer, who is known and no member yet. */
    joinCustomer() {
        const { id, name, phone } = this.props.customer;
        this.choose({ join: { partner_id: id, name, phone: phone || "" } });
    }

    choose(match) {
        this.props.getPayload(match);
        this.props.close();
    }
}
