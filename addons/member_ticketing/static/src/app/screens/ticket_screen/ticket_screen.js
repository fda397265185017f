import { patch } from "@web/core/utils/patch";
import { useTrackedAsync } from "@point_of_sale/app/hooks/hooks";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { MemberSeatsBackPopup } from "@member_ticketing/app/components/popups/member_seats_back_popup/member_seats_back_popup";

/** Prints tickets once more; a refund of some of a line asks which of them come back. */
patch(TicketScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.doPrintTickets = useTrackedAsync((order) =>
            this.pos.memberTicketDesk.printOrder(order),
        );
    },

    async addAdditionalRefundInfo(order, destinationOrder) {
        await super.addAdditionalRefundInfo(...arguments);
        await this.chooseSeatsBack(order, destinationOrder);
    },

    async chooseSeatsBack(order, refund) {
        const lines = refund.lines.filter((line) => line.isMemberTicketBack);
        if (!lines.length) {
            return;
        }
        const answer = await this.pos.memberTill.seatsSold(order);
        if (answer.status !== "ok") {
            return; // nothing is lost: the server takes the latest, or refuses in its words
        }
        for (const line of lines) {
            const sold = line.refunded_orderline_id;
            const tickets = answer.tickets.filter(({ line_uuid }) => line_uuid === sold.uuid);
            const quantity = -line.qty;
            if (quantity >= tickets.length) {
                continue;
            }
            const chosen = await makeAwaitable(this.dialog, MemberSeatsBackPopup, {
                title: sold.full_product_name || sold.product_id.display_name,
                tickets,
                quantity,
            });
            if (chosen) {
                line.member_seats_back = chosen.join(",");
            }
        }
    },
});
