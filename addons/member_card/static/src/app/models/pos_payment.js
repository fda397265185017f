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

    get memberPayerId() {
        return this.pos_order_id?.uiState.memberPayers?.[this.uuid]?.id;
    },

    /** Whose wallet it is; masked once the server has named them for the receipt. */
    get memberPayerName() {
        return this.member_payer || this.pos_order_id?.uiState.memberPayers?.[this.uuid]?.name;
    },
});
