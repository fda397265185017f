import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** Above the products: the way to the performances, and what waits for the member. */
export class MemberTicketBar extends Component {
    static template = "member_ticketing.MemberTicketBar";
    static props = {};

    setup() {
        this.pos = usePos();
    }

    get waiting() {
        return this.pos.memberTicketDesk.waitingFor(this.pos.getOrder())?.summary || "";
    }

    get maySell() {
        return this.pos.memberBoxOffice.maySell;
    }

    sell() {
        return this.pos.memberBoxOffice.open();
    }

    collect() {
        return this.pos.memberTicketDesk.open();
    }
}
