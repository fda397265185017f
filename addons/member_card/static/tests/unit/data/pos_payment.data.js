import { patch } from "@web/core/utils/patch";
import { PosPayment } from "@point_of_sale/../tests/unit/data/pos_payment.data";

/** No list means all fields in core; pos_hr adds one to it, and then it means that one alone. */
const FIELDS = [
    "amount",
    "is_change",
    "payment_date",
    "payment_method_id",
    "payment_status",
    "pos_order_id",
    "ticket",
    "uuid",
];

patch(PosPayment.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), ...FIELDS];
    },
});
