import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";
import { takeEnter } from "@member_card/app/utils/member_popup";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { useTicketMember } from "@member_ticketing/app/hooks/ticket_member_hook";
import {
    dayRange,
    formatMoment,
    formatTime,
    groupByDay,
    isForSale,
    seatsClass,
    seatsText,
    shownPrice,
} from "@member_ticketing/app/utils/member_tickets";

const PAGE = 30;

/** Time slots shown in the list; a performance with more shows them when it is tapped. */
const SLOTS_SHOWN = 6;

/**
 * Performances of today and soon, with what the customer pays and what is left.
 *
 * A page at a time comes from the server. Resolves to `{eventId, slotId}`.
 */
export class MemberPerformancesPopup extends Component {
    static template = "member_ticketing.MemberPerformancesPopup";
    static components = { Dialog };
    static props = { order: Object, getPayload: Function, close: Function };

    setup() {
        this.pos = usePos();
        this.chips = [
            { key: "today", name: _t("Today") },
            { key: "tomorrow", name: _t("Tomorrow") },
            { key: "week", name: _t("7 days") },
            { key: "all", name: _t("All") },
        ];
        this.state = useState({
            chip: "week",
            query: "",
            performances: [],
            more: false,
            message: "",
            busy: true,
        });
        useTicketMember(this.state);
        this.order = useState(this.props.order);
        this.list = useRef("list");
        this.keepLast = new KeepLast();
        this.searchSoon = useDebounced(() => this.load(), 300);
        onWillStart(() => this.load());
        // a card may be scanned while the list is open: its prices are the member's then
        let shownFor = this.partner?.id;
        useEffect(
            (partnerId) => {
                if (partnerId !== shownFor) {
                    shownFor = partnerId;
                    this.load();
                }
            },
            () => [this.partner?.id],
        );
        Object.assign(this, { formatMoment, formatTime, isForSale, seatsClass, seatsText });
    }

    get partner() {
        return this.order.partner_id;
    }

    priceFrom(performance) {
        const price = shownPrice(performance, this.pos.config);
        return typeof price === "number" ? this.env.utils.formatCurrency(price) : "";
    }

    get days() {
        return groupByDay(this.state.performances);
    }

    slotsShown({ slots }) {
        return slots.length > SLOTS_SHOWN ? [] : slots;
    }

    /** Ask for the first page, or with `offset` for the next one. */
    async load(offset = 0) {
        const [from, to] = dayRange(this.state.query ? "all" : this.state.chip);
        const query = this.state.query.trim();
        this.state.busy = true;
        const asked = this.pos.memberTill.performances(this.order, {
            from,
            to,
            query,
            limit: PAGE,
            offset,
        });
        let answer;
        try {
            answer = await this.keepLast.add(asked);
        } finally {
            this.state.busy = false;
        }
        this.state.message = answer.status === "ok" ? "" : answer.message;
        if (answer.status === "ok") {
            const before = offset ? this.state.performances : [];
            this.state.performances = [...before, ...answer.performances];
            this.state.more = answer.has_more;
        }
    }

    showMore() {
        return this.load(this.state.performances.length);
    }

    chooseDays(chip) {
        this.state.chip = chip;
        this.state.query = "";
        return this.load();
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.load();
        }
    }

    /** Arrow keys go through the list, as in Odoo's own lists. */
    onListKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step) {
            return;
        }
        const buttons = [...this.list.el.querySelectorAll("button.member-performance")];
        buttons[buttons.indexOf(ev.target) + step]?.focus();
        ev.preventDefault();
    }

    chooseMember() {
        return this.pos.chooseMember();
    }

    choose(performance, slot = null) {
        this.props.getPayload({ eventId: performance.id, slotId: slot?.id || false });
        this.props.close();
    }
}
