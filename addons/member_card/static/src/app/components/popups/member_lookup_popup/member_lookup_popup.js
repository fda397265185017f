import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** One field for card, member number, phone or name; a list when several members match. */
export class MemberLookupPopup extends Component {
    static template = "member_card.MemberLookupPopup";
    static components = { Dialog };
    static props = { lookup: Function, getPayload: Function, close: Function };

    setup() {
        this.state = useState({ query: "", message: "", matches: [], busy: false });
        this.input = useRef("input");
        onMounted(() => this.input.el.focus());
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            // a scanner ends with Enter; neither dialog nor screen may see it
            ev.preventDefault();
            ev.stopPropagation();
            this.search();
        }
    }

    async search() {
        const query = this.state.query.trim();
        if (!query || this.state.busy) {
            this.input.el.focus();
            return;
        }
        this.state.busy = true;
        this.state.message = "";
        try {
            const { matches = [], message = "" } = await this.props.lookup(query);
            if (matches.length === 1) {
                return this.choose(matches[0]);
            }
            this.state.matches = matches;
            this.state.message = message;
            this.input.el.select();
        } finally {
            this.state.busy = false;
        }
    }

    choose(match) {
        this.props.getPayload(match);
        this.props.close();
    }
}
