import { patch } from "@web/core/utils/patch";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { formatCurrency } from "@point_of_sale/app/models/utils/currency";
import { maskName } from "@member_card/app/utils/member_prices";

/** Who stands in the queue reads along: names are masked, nothing stays after the sale. */
patch(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const { member, memberOffer } = order.uiState;
        const isKnown = member?.status === "ok" && member.partner_id === order.partner_id?.id;
        const format = (amount) => formatCurrency(amount, order.currency);
        // false and not undefined: the display keeps what a message does not mention
        this.data.member = false;
        this.data.memberOffer = false;
        if (isKnown && !order.finalized) {
            this.data.member = {
                name: maskName(order.partner_id.name),
                className: member.class.name,
                balance: format(member.available),
            };
        }
        if (memberOffer && !order.finalized) {
            this.data.memberOffer = {
                name: maskName(memberOffer.name),
                amount: format(memberOffer.amount),
                after: format(memberOffer.after),
                asksPin: !memberOffer.isPinless,
            };
        }
    },

    getOrderlineData(line) {
        const publicPrice = line.memberPublicPrice;
        return {
            ...super.getOrderlineData(...arguments),
            memberPublicPrice: publicPrice && formatCurrency(publicPrice, line.currency),
        };
    },
});
