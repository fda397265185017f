import { patch } from "@web/core/utils/patch";
import { PosPaymentMethod } from "@point_of_sale/../tests/unit/data/pos_payment_method.data";

/** The mock server knows no pockets, by which the server orders the methods first. */
patch(PosPaymentMethod.prototype, {
    search_read(domain, fields, offset, limit, order, ...args) {
        return super.search_read(domain, fields, offset, limit, order || "sequence, id", ...args);
    },
});
