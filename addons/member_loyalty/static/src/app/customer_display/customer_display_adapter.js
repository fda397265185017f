import { patch } from "@web/core/utils/patch";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { maskName } from "@member_card/app/utils/member_prices";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const { memberPoints: points, memberEarns: earns, memberPointsSpent: spent } = order;
        const { memberPointsOffer: offer } = order.uiState;
        // false and not undefined: the display keeps what a message does not mention
        this.data.memberPoints = false;
        this.data.memberPointsOffer = false;
        if (points && !order.finalized) {
            this.data.memberPoints = {
                available: formatPoints(points.available),
                spent: spent ? formatPoints(spent) : "",
                earns: earns ? formatPoints(earns.points) : "",
                notes: earns?.notes || points.notes || [],
            };
        }
        if (offer && !order.finalized) {
            this.data.memberPointsOffer = {
                name: maskName(offer.name),
                reward: offer.reward,
                points: formatPoints(offer.points),
                after: formatPoints(offer.after),
            };
        }
    },
});
