import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

/** The tickets of a member whose card was scanned at the door; some or all go in. */
export class MemberTicketsDialog extends Component {
    static template = "member_ticketing.MemberTicketsDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        doNextScan: { type: Function, optional: true },
        playSound: { type: Function, optional: true },
        member: Object,
        tickets: Array,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ tickets: this.props.tickets, busy: false });
        this.first = useRef("first");
        onMounted(() => {
            if (!this.waiting.length) {
                this.props.playSound?.("error");
            }
            this.first.el?.focus();
        });
    }

    get waiting() {
        return this.state.tickets.filter((ticket) => ticket.state === "open");
    }

    async letIn(tickets) {
        this.state.busy = true;
        try {
            const answers = await this.orm.call("event.registration", "member_desk_check_in", [
                tickets.map((ticket) => ticket.id),
            ]);
            const byId = Object.fromEntries(answers.map((answer) => [answer.id, answer]));
            if (answers.some((answer) => answer.status !== "confirmed_registration")) {
                this.props.playSound?.("error");
            }
            this.state.tickets = this.state.tickets.map((ticket) => {
                const answer = byId[ticket.id];
                const isIn = ["confirmed_registration", "already_registered"];
                return answer
                    ? { ...answer, state: isIn.includes(answer.status) ? "done" : "cancel" }
                    : ticket;
            });
        } finally {
            this.state.busy = false;
        }
    }

    next() {
        this.props.close();
        this.props.doNextScan?.();
    }
}
