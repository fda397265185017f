import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { timeLeft } from "@member_ticketing/app/utils/member_tickets";

/** Under a ticket's line: when, under which policy, and how long its seats are held. */
export class MemberTicketLine extends Component {
    static template = "member_ticketing.MemberTicketLine";
    static props = { line: Object };

    setup() {
        this.pos = usePos();
        this.line = useState(this.props.line);
        this.clock = useState({ now: luxon.DateTime.now() });
        let timer;
        onMounted(() => {
            timer = setInterval(() => (this.clock.now = luxon.DateTime.now()), 1000);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    get ticket() {
        return this.line.memberTicket;
    }

    /** Nothing for what is paid: its seats are sold. */
    get left() {
        const { expiresAt } = this.ticket;
        return expiresAt && !this.line.order_id?.finalized
            ? timeLeft(expiresAt, this.clock.now)
            : null;
    }

    holdAgain() {
        return this.pos.memberBoxOffice.ready(this.line.order_id);
    }

    edit() {
        return this.pos.memberBoxOffice.edit(this.line);
    }
}
