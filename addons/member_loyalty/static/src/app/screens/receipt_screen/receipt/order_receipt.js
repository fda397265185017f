import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { formatPoints, formatSigned } from "@member_loyalty/app/utils/member_points";

patch(OrderReceipt.prototype, { formatPoints, formatSigned });
