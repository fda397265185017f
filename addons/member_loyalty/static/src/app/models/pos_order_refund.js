import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { refundedPart, reversedTaxData } from "@member_loyalty/app/utils/member_points";

patch(PosOrder.prototype, {
    /** Let what points took off this order go back in proportion to the goods in `refund`. */
    refundMoneyOff(refund) {
        const moneyOff = this.lines.filter(
            (line) => line.isMoneyOff && !line.refunded_orderline_id,
        );
        if (!moneyOff.length) {
            return;
        }
        const goods = this.lines
            .filter((line) => !line.isMoneyOff && line.qty * line.price_unit > 0)
            .map((line) => {
                const refunding = refund.lines
                    .filter((each) => each.refunded_orderline_id?.id === line.id)
                    .reduce((sum, each) => sum - each.qty, 0);
                // the lines of this refund are among those that core counts
                const refunded = line.refundedQty - refunding;
                return { qty: line.qty, refunded, refunding, amount: line.priceIncl };
            });
        for (const line of moneyOff) {
            const quantity = refundedPart(goods, { qty: line.qty, refunded: line.refundedQty });
            if (quantity > 0) {
                const isAll = quantity === line.qty;
                this.models["pos.order.line"].create({
                    qty: -quantity,
                    price_unit: line.price_unit,
                    product_id: line.product_id,
                    order_id: refund,
                    tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                    refunded_orderline_id: line,
                    extra_tax_data: isAll ? reversedTaxData(line.extra_tax_data) : false,
                    price_type: "automatic",
                });
            }
        }
    },
});
