import { patch } from "@web/core/utils/patch";
import { PosPayment } from "@point_of_sale/app/models/pos_payment";
import { isWalletMethod } from "@member_card/app/utils/member_wallet";

patch(PosPayment.prototype, {
    get isMemberWallet() {
        return isWalletMethod(this.payment_method_id);
    },

    /** Money is held for this line; deleting it means releasing the hold. */
    get isMemberHold() {
        return this.isMemberWallet && this.amount > 0;
    },
});
