import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { MemberTicketLine } from "@member_ticketing/app/components/member_ticket_line/member_ticket_line";

patch(OrderSummary, { components: { ...OrderSummary.components, MemberTicketLine } });

patch(OrderSummary.prototype, {
    // seats change with the server only: what is typed opens the tickets, ⌫ gives them back
    async updateSelectedOrderline({ key }) {
        const line = this.currentOrder.getSelectedOrderline();
        if (!line?.isMemberTicket || this.pos.numpadMode !== "quantity") {
            return super.updateSelectedOrderline(...arguments);
        }
        this.numberBuffer.reset();
        if (["Backspace", "Delete"].includes(key)) {
            const answer = await this.pos.memberBoxOffice.remove(line);
            return answer.status === "ok" || this.pos.memberBoxOffice.refuse(answer.message);
        }
        return this.pos.memberBoxOffice.edit(line);
    },

    async setLinePrice(line) {
        if (line.isMemberTicket) {
            this.numberBuffer.reset();
            this.dialog.add(AlertDialog, line.ticketIsFixed);
            return;
        }
        return super.setLinePrice(...arguments);
    },

    async onOrderlineLongPress(_ev, line) {
        return line.isMemberTicket
            ? this.pos.memberBoxOffice.edit(line)
            : super.onOrderlineLongPress(...arguments);
    },
});
